import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graceNoticeMs, type GraceState } from '../../shared/domain/grace.ts';
import { createManualClock } from '../erp/manual-clock.ts';
import { silentLog } from '../log/log.ts';
import { createMemoryStore } from '../secrets/memory.ts';
import { OfflineGrace } from './grace.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A PC that can sleep, be switched off, have its clock set, and be killed; its keychain outlives all of it. */
function pc(graceMs = 72 * hour) {
  const store = createMemoryStore();
  const time = { offset: 0, graceMs };
  let clock = createManualClock();
  const told: GraceState[] = [];
  const open = () => {
    const opened = new OfflineGrace({ store, profileId: 'nord', graceMs: () => time.graceMs, clock: { ...clock, now: () => clock.now() + time.offset }, monotonic: () => clock.now(), log: silentLog });
    opened.changed.on((state) => told.push(state));
    return opened;
  };
  let grace = open();
  return {
    store, time, told,
    get grace() { return grace; },
    now: () => clock.now() + time.offset,
    advance: (ms: number) => clock.advance(ms),
    async sleep(ms: number) {
      // Timers and the monotonic clock stand still; what was due runs at waking.
      time.offset += ms;
      await clock.advance(1);
    },
    async restart(offFor: number, isKilled = false) {
      if (!isKilled) await grace.dispose();
      const at = clock.now() + offFor;
      clock = createManualClock();
      await clock.advance(at - clock.now());
      told.length = 0;
      grace = open();
    },
  };
}

describe('the offline time', () => {
  it('is counted from the last contact, is announced twelve hours before its end, and ends on the minute', async () => {
    const world = pc();
    expect(await world.grace.begin('anna', world.now())).toEqual({ status: 'fine' });
    await world.advance(60 * hour - 1);
    expect(world.told).toEqual([]);
    await world.advance(1);
    expect(world.told.at(-1)).toMatchObject({ status: 'ending', endsAt: world.now() + 12 * hour });
    await world.advance(12 * hour - 1);
    expect(world.grace.state().status).toBe('ending');
    await world.advance(1);
    expect(world.told.at(-1)).toMatchObject({ status: 'over', cause: 'time' });
    world.grace.contact();
    expect(world.told.at(-1)).toEqual({ status: 'fine' });
  });

  it('counts sleep and the time the computer was off', async () => {
    const world = pc();
    await world.grace.begin('anna', world.now());
    const confirmedAt = world.now();
    await world.sleep(40 * hour);
    world.grace.look();
    expect(world.grace.state().status).toBe('fine');
    await world.restart(33 * hour);
    expect(await world.grace.begin('anna', confirmedAt)).toMatchObject({ status: 'over', cause: 'time', contactAt: confirmedAt });
  });

  it('takes a clock that was set back for what it is, and goes on when it is put right again', async () => {
    const world = pc();
    const confirmedAt = world.now();
    await world.grace.begin('anna', confirmedAt);
    await world.advance(50 * hour);
    world.time.offset -= 40 * hour;
    expect(world.grace.state()).toMatchObject({ status: 'over', cause: 'clock' });
    await world.restart(minute);
    expect(await world.grace.begin('anna', confirmedAt)).toMatchObject({ status: 'over', cause: 'clock' });
    world.time.offset += 40 * hour;
    expect(world.grace.state().status).toBe('fine');
  });

  it('forgives a clock that is put right by minutes, without giving time away', async () => {
    const world = pc();
    await world.grace.begin('anna', world.now());
    await world.advance(hour);
    world.time.offset -= 9 * minute;
    expect(world.grace.state().status).toBe('fine');
    await world.advance(71 * hour);
    expect(world.grace.state()).toMatchObject({ status: 'over', cause: 'time' });
  });

  it('does not forgive many small steps', async () => {
    const world = pc();
    await world.grace.begin('anna', world.now());
    for (let times = 0; times < 2; times++) {
      await world.advance(hour);
      world.time.offset -= 9 * minute;
    }
    expect(world.grace.state()).toMatchObject({ status: 'over', cause: 'clock' });
  });

  it('believes a contact more than the clock', async () => {
    const world = pc();
    await world.grace.begin('anna', world.now());
    world.time.offset += 1000 * hour;
    world.grace.look();
    expect(world.grace.state().status).toBe('over');
    world.time.offset -= 1000 * hour;
    expect(world.grace.state()).toMatchObject({ status: 'over', cause: 'clock' });
    world.grace.contact();
    await world.grace.flush();
    expect(world.grace.state().status).toBe('fine');
    await world.restart(hour);
    expect((await world.grace.begin('anna', null)).status).toBe('fine');
  });

  it('is over for a session that nobody remembers a contact of, and is each account\'s own', async () => {
    const world = pc();
    expect(await world.grace.begin('anna', null)).toMatchObject({ status: 'over', cause: 'time' });
    world.grace.contact();
    await world.restart(0);
    expect(await world.grace.begin('ben', null)).toMatchObject({ status: 'over' });
    await world.grace.forget();
    expect(world.store.entries()).toEqual([]);
  });

  it.each(['', '{', '[]', '{"version":1,"accountId":"anna","contactAt":"x"}'])('reads a spoilt mark (%j) as none', async (text) => {
    const world = pc();
    await world.store.set('grace.nord', text);
    expect((await world.grace.begin('anna', world.now() - 71 * hour)).status).toBe('ending');
  });

  it('follows the policy at once, and warns of a short time by half of it', async () => {
    expect(graceNoticeMs(4 * hour)).toBe(2 * hour);
    const world = pc();
    await world.grace.begin('anna', world.now());
    await world.advance(5 * hour);
    world.time.graceMs = 4 * hour;
    world.grace.look();
    expect(world.told.at(-1)).toMatchObject({ status: 'over' });
  });

  it('stands still without a keychain that takes the mark, and goes on', async () => {
    const world = pc();
    world.store.set = () => Promise.reject(new Error('locked'));
    await world.grace.begin('anna', world.now());
    await world.advance(73 * hour);
    expect(world.told.at(-1)).toMatchObject({ status: 'over' });
    await world.grace.flush();
  });
});

describe('any history', () => {
  type Step = { kind: 'run' | 'sleep' | 'off' | 'killed' | 'clock'; ms: number } | { kind: 'contact' };
  const span = fc.integer({ min: 0, max: 30 * hour });
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constantFrom('run' as const, 'sleep' as const, 'off' as const, 'killed' as const), ms: span }),
    fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -100 * hour, max: 100 * hour }) }),
    fc.record({ kind: fc.constant('contact' as const) }),
  );
  const graceMs = 24 * hour;

  it('opens no longer than allowed, with any clock for the time the app ran, and removes nothing', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const world = pc(graceMs);
      let confirmedAt = world.now();
      // What the app itself has lived through since the contact, and what true time says when no clock was touched.
      let [ran, passed, kills, isClockTrue] = [0, 0, 0, true];
      await world.grace.begin('anna', confirmedAt);
      for (const one of steps) {
        switch (one.kind) {
          case 'run': await world.advance(one.ms); ran += one.ms; passed += one.ms; break;
          case 'sleep': await world.sleep(one.ms); passed += one.ms; break;
          case 'clock': world.time.offset += one.ms; isClockTrue = false; break;
          case 'off': case 'killed':
            await world.restart(one.ms, one.kind === 'killed');
            passed += one.ms;
            if (one.kind === 'killed') kills++;
            await world.grace.begin('anna', confirmedAt);
            break;
          case 'contact':
            world.grace.contact();
            confirmedAt = world.now();
            [ran, passed, kills, isClockTrue] = [0, 0, 0, true];
            expect(world.grace.state().status).toBe('fine');
            break;
        }
        const { status } = world.grace.state();
        // A killed process takes the last minutes with it that were not stored.
        if (ran >= graceMs + kills * 6 * minute + minute) expect(status, 'by its own time').toBe('over');
        if (isClockTrue && passed >= graceMs) expect(status, 'by the true clock').toBe('over');
        // Sleep ends a millisecond late here.
        if (isClockTrue && passed < graceMs - 100) expect(status, 'in time').not.toBe('over');
      }
    }), { numRuns: 1000 });
  });
});
