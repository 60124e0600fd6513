import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from './manual-clock.ts';
import { createLimits } from './limits.ts';
import { createRateLimiter } from './rate-limit.ts';
import type { Priority, WaitingInfo } from './types.ts';

function setUp() {
  const clock = createManualClock();
  const told: WaitingInfo[] = [];
  const went: { at: number; priority: Priority }[] = [];
  const limiter = createRateLimiter({ clock, onWaiting: (info) => told.push(info) });
  const ask = (priority: Priority, signal?: AbortSignal) => limiter.turn(priority, signal).then(() => { went.push({ at: clock.now(), priority }); });
  return { clock, told, went, limiter, ask };
}

/** The most requests in any 60 seconds, wherever the server lets its minute begin. */
const mostPerMinute = (times: readonly number[]): number => Math.max(0, ...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length));

describe('rate limiter', () => {
  it('lets a person have the whole allowance at once and then makes them wait', async () => {
    const { clock, went, told, ask } = setUp();
    for (let index = 0; index < 100; index++) void ask('interactive');
    await clock.advance(0);
    expect(went).toHaveLength(95);
    expect(told.at(-1)).toEqual({ waiting: 5, until: clock.now() + 60_000 });
    await clock.advance(60_000);
    expect(went).toHaveLength(100);
    expect(told.at(-1)).toEqual({ waiting: 0, until: null });
  });

  it('never lets 100 into a minute, whatever comes when', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ wait: fc.integer({ min: 0, max: 4000 }), count: fc.integer({ min: 1, max: 40 }), priority: fc.constantFrom<Priority>('interactive', 'bulk', 'background') }), { maxLength: 40 }), async (arrivals) => {
      const { clock, went, ask } = setUp();
      let asked = 0;
      for (const { wait, count, priority } of arrivals) {
        await clock.advance(wait);
        for (let index = 0; index < count; index++, asked++) void ask(priority);
      }
      await clock.advance(60_000 * 40);
      expect(went).toHaveLength(asked);
      expect(mostPerMinute(went.map(({ at }) => at))).toBeLessThanOrEqual(95);
    }), { numRuns: 30 });
  });

  it('keeps room for the person while background work runs', async () => {
    const { clock, went, ask } = setUp();
    for (let index = 0; index < 300; index++) void ask('background');
    await clock.advance(0);
    expect(went).toHaveLength(70);
    for (let index = 0; index < 25; index++) void ask('interactive');
    await clock.advance(0);
    expect(went.filter(({ priority }) => priority === 'interactive')).toHaveLength(25);
  });

  it('lets the person go first when both wait', async () => {
    const { clock, went, ask, limiter } = setUp();
    limiter.pauseFor(1000);
    void ask('background');
    void ask('interactive');
    await clock.advance(1000);
    expect(went.map(({ priority }) => priority)).toEqual(['interactive', 'background']);
  });

  it('stops for everybody when the server says so', async () => {
    const { clock, went, limiter, ask } = setUp();
    limiter.pauseFor(30_000);
    void ask('interactive');
    await clock.advance(29_999);
    expect(went).toHaveLength(0);
    await clock.advance(1);
    expect(went).toHaveLength(1);
  });

  it('forgets who gave up', async () => {
    const { clock, went, limiter, ask, told } = setUp();
    limiter.pauseFor(1000);
    const controller = new AbortController();
    const given = ask('interactive', controller.signal).then(() => 'went', (error: Error) => error.message);
    controller.abort();
    expect(await given).toBe('call.cancelled');
    expect(told.at(-1)?.waiting).toBe(0);
    await clock.advance(2000);
    expect(went).toHaveLength(0);
    await expect(limiter.turn('interactive', AbortSignal.abort())).rejects.toThrow('call.cancelled');
  });

  it('neither forgets nor waits for hours when the clock is set back', async () => {
    const { clock, went, limiter, ask } = setUp();
    for (let index = 0; index < 95; index++) void ask('interactive');
    limiter.pauseFor(5000);
    await clock.advance(0);
    const { now } = clock;
    clock.now = () => now() - 3_600_000;
    void ask('interactive');
    await clock.advance(59_999);
    expect(went, 'the 95 of the last minute still count').toHaveLength(95);
    await clock.advance(1);
    expect(went).toHaveLength(96);
  });

  it('does not wait for hours when the server asks for a pause again after the clock was set back', async () => {
    const { clock, went, limiter, ask } = setUp();
    limiter.pauseFor(5000);
    const { now } = clock;
    clock.now = () => now() - 3_600_000;
    limiter.pauseFor(5000);
    void ask('interactive');
    await clock.advance(5000);
    expect(went).toHaveLength(1);
  });

  it('takes a clock that jumped ahead for time that has passed', async () => {
    const { clock, went, limiter, ask } = setUp();
    limiter.pauseFor(600_000);
    void ask('interactive');
    await clock.advance(0);
    expect(went).toHaveLength(0);
    const { now } = clock;
    clock.now = () => now() + 3_600_000;
    void ask('interactive');
    await clock.advance(0);
    expect(went).toHaveLength(2);
  });

  it('lets clicks through and keeps lists live while a long job uses the rest', async () => {
    const { clock, went, ask } = setUp();
    for (let index = 0; index < 500; index++) void ask('bulk');
    for (let index = 0; index < 50; index++) void ask('background');
    await clock.advance(0);
    for (let minute = 0; minute < 3; minute++) {
      const before = clock.now();
      void ask('interactive');
      await clock.advance(0);
      expect(went.at(-1), 'the click went at once').toEqual({ at: before, priority: 'interactive' });
      await clock.advance(60_000);
    }
    const count = (priority: Priority): number => went.filter((one) => one.priority === priority).length;
    expect(count('background')).toBeGreaterThanOrEqual(15);
    expect(count('bulk')).toBeGreaterThan(230);
    expect(mostPerMinute(went.map(({ at }) => at))).toBeLessThanOrEqual(95);
  });
});

describe('named limits', () => {
  it('keep exports and restores under their own numbers, and tell of all waits as one', async () => {
    const clock = createManualClock();
    const told: WaitingInfo[] = [];
    const limits = createLimits({ clock, onWaiting: (info) => told.push(info) });
    const went = { export: 0, restore: 0 };
    for (const name of ['export', 'restore'] as const) for (let index = 0; index < 12; index++) void limits[name].turn('interactive').then(() => { went[name] += 1; });
    await clock.advance(0);
    expect(went).toEqual({ export: 9, restore: 4 });
    expect(told.at(-1)).toEqual({ waiting: 11, until: clock.now() + 60_000 });
    await clock.advance(180_000);
    expect(went).toEqual({ export: 12, restore: 12 });
    expect(told.at(-1)).toEqual({ waiting: 0, until: null });
  });
});
