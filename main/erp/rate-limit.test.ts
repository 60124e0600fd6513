import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from './manual-clock.ts';
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
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ wait: fc.integer({ min: 0, max: 4000 }), count: fc.integer({ min: 1, max: 40 }), priority: fc.constantFrom<Priority>('interactive', 'background') }), { maxLength: 40 }), async (arrivals) => {
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

  it('survives a clock that is set back', async () => {
    const { clock, went, ask } = setUp();
    for (let index = 0; index < 95; index++) void ask('interactive');
    await clock.advance(0);
    const earlier = clock.now() - 3_600_000;
    clock.now = () => earlier;
    void ask('interactive');
    await clock.advance(0);
    expect(went).toHaveLength(96);
  });
});
