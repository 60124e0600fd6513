import type { Clock } from './ports.ts';
import { createRateLimiter, type RateLimiter, type RateLimiterOptions } from './rate-limit.ts';
import type { LimitName, WaitingInfo } from './types.ts';

/** The server's limits by name; every request counts against `all`, some against a narrower one as well. ERP-API section 1. */
export type Limits = Readonly<Record<LimitName, RateLimiter>>;

/** One below the server's 10 and 5 a minute: what is counted as it leaves arrives a moment later. */
const narrow: Readonly<Record<Exclude<LimitName, 'all'>, Pick<RateLimiterOptions, 'perMinute' | 'reserve' | 'clicks' | 'trickle'>>> = {
  export: { perMinute: 9, reserve: 3, clicks: 2, trickle: 1 },
  restore: { perMinute: 4, reserve: 1, clicks: 1, trickle: 1 },
};

/** Creates the limits of one server connection; `onWaiting` hears of all of them as one. */
export function createLimits({ clock, onWaiting = () => undefined }: { clock: Clock; onWaiting?: ((info: WaitingInfo) => void) | undefined }): Limits {
  const waits = new Map<LimitName, WaitingInfo>();
  const tell = (name: LimitName) => (info: WaitingInfo): void => {
    waits.set(name, info);
    const all = [...waits.values()].filter(({ waiting }) => waiting > 0);
    const times = all.map(({ until }) => until).filter((until) => until !== null);
    onWaiting({ waiting: all.reduce((sum, { waiting }) => sum + waiting, 0), until: times.length === 0 ? null : Math.min(...times) });
  };
  return {
    all: createRateLimiter({ clock, onWaiting: tell('all') }),
    export: createRateLimiter({ clock, ...narrow.export, onWaiting: tell('export') }),
    restore: createRateLimiter({ clock, ...narrow.restore, onWaiting: tell('restore') }),
  };
}
