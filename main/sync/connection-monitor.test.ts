import { describe, expect, it } from 'vitest';
import { appError } from '../../shared/ipc/errors.ts';
import { ConnectionMonitor, type Outcome } from './connection-monitor.ts';

function setUp(answers: Outcome[] = []) {
  const timers: { at: number; run: () => void }[] = [];
  const clock = {
    time: 0,
    now: () => clock.time,
    after: (ms: number, run: () => void) => {
      const timer = { at: clock.time + ms, run };
      timers.push(timer);
      return () => { const index = timers.indexOf(timer); if (index >= 0) timers.splice(index, 1); };
    },
  };
  let probes = 0;
  const monitor = new ConnectionMonitor({ clock, probe: async () => { probes += 1; return answers.shift() ?? { ok: true }; } });
  const fire = async (): Promise<number> => {
    const timer = timers.shift();
    if (timer === undefined) throw new Error('no timer');
    const waited = timer.at - clock.time;
    clock.time = timer.at;
    timer.run();
    await monitor.retry();
    return waited;
  };
  return { monitor, clock, timers, fire, probes: () => probes };
}

const down: Outcome = { ok: false, error: appError('network.unreachable') };

describe('connection monitor', () => {
  it('learns from the requests that are made anyway', () => {
    const { monitor, clock } = setUp();
    expect(monitor.state().status).toBe('unknown');
    clock.time = 5;
    monitor.observe('erp', { ok: true });
    expect(monitor.state()).toMatchObject({ status: 'online', since: 5, lastContactAt: 5 });
    clock.time = 9;
    monitor.observe('erp', { ok: true });
    expect(monitor.state()).toMatchObject({ since: 5, lastContactAt: 9 });
  });

  it('says offline with the cause and since when, and probes ever more slowly until it is back', async () => {
    const { monitor, fire, timers } = setUp([down, { ok: true }]);
    monitor.observe('erp', down);
    expect(monitor.state()).toMatchObject({ status: 'offline', erp: { reachable: false, error: { code: 'network.unreachable' } } });
    expect(timers).toHaveLength(1);
    expect(await fire()).toBe(2_000);
    expect(monitor.state().status).toBe('offline');
    expect(await fire()).toBe(4_000);
    expect(monitor.state().status).toBe('online');
    expect(timers).toHaveLength(0);
  });

  it('does not put the next look off for more requests that fail meanwhile', async () => {
    const { monitor, clock, fire, timers } = setUp([down, { ok: true }]);
    monitor.observe('erp', down);
    clock.time = 1_500;
    monitor.observe('erp', down);
    monitor.observe('erp', down);
    expect(timers).toHaveLength(1);
    expect(await fire()).toBe(500);
    expect(await fire()).toBe(4_000);
    expect(monitor.state().status).toBe('online');
  });

  it('asks the server itself when one route says "unavailable", and not for each such answer', async () => {
    const { monitor, clock, probes } = setUp([{ ok: true }, down]);
    const settled = async (): Promise<string> => { await Promise.resolve(); await Promise.resolve(); return monitor.state().status; };
    clock.time = 100;
    for (let index = 0; index < 5; index += 1) monitor.doubt();
    expect([await settled(), probes()]).toEqual(['online', 1]);
    clock.time = 2_200;
    monitor.doubt();
    expect([await settled(), probes()]).toEqual(['offline', 2]);
    clock.time = 4_000;
    monitor.doubt();
    expect(probes(), 'the next look is planned already').toBe(2);
  });

  it('is degraded when only the identity provider is away', () => {
    const { monitor } = setUp();
    monitor.observe('erp', { ok: true });
    monitor.observe('identityProvider', down);
    expect(monitor.state().status).toBe('degraded');
  });

  it('knows of each server when it last answered, because one may be asked daily and the other every second', () => {
    const { monitor, clock } = setUp();
    clock.time = 5;
    monitor.observe('identityProvider', { ok: true });
    clock.time = 60;
    monitor.observe('erp', { ok: true });
    clock.time = 90;
    monitor.observe('erp', { ok: true });
    expect(monitor.state()).toMatchObject({ identityProvider: { reachable: true, since: 5, seenAt: 5 }, erp: { since: 60, seenAt: 90 } });
    clock.time = 99;
    monitor.observe('identityProvider', down);
    expect(monitor.state().identityProvider).toMatchObject({ reachable: false, since: 99, seenAt: 5 });
  });

  it('tells of a change once, not of every request', () => {
    const { monitor } = setUp();
    let told = 0;
    monitor.changed.on(() => { told += 1; });
    for (let index = 0; index < 5; index += 1) monitor.observe('erp', { ok: true });
    expect(told).toBe(1);
    monitor.observe('erp', down);
    expect(told).toBe(2);
  });

  it('shares one probe among callers, and is silent once disposed', async () => {
    const { monitor, timers, probes } = setUp([down]);
    await Promise.all([monitor.retry(), monitor.retry()]);
    expect(probes()).toBe(1);
    monitor.dispose();
    monitor.observe('erp', down);
    expect(timers).toHaveLength(0);
  });
});
