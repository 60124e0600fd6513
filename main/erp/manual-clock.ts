import type { Clock } from './ports.ts';

export type ManualClock = Clock & {
  /** Lets time pass: due timers run in order, each at its own time, with the microtasks between them. */
  advance(ms: number): Promise<void>;
  /** Timers that wait. */
  pending(): number;
};

/** A complete clock that only moves when told to; for tests of timeouts, expiry and backoff. */
export function createManualClock(start = Date.UTC(2026, 10, 20, 9)): ManualClock {
  let now = start;
  let timers: { at: number; action: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    now: () => now,
    after(ms, action) {
      const timer = { at: now + ms, action };
      timers.push(timer);
      return () => { timers = timers.filter((other) => other !== timer); };
    },
    pending: () => timers.length,
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = Math.max(now, next.at);
        next.action();
      }
      now = end;
      await settle();
    },
  };
}
