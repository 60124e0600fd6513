import { failure } from '../../shared/ipc/errors.ts';
import type { Clock } from './ports.ts';
import type { Priority, WaitingInfo } from './types.ts';

export type RateLimiter = {
  /** Resolves when a request may go. @throws AppFailure call.cancelled when the signal ends the wait. */
  turn(priority: Priority, signal?: AbortSignal): Promise<void>;
  /** The server said 429: nobody goes before that time. */
  pauseFor(ms: number): void;
};

export type RateLimiterOptions = {
  clock: Clock;
  /** Requests in any 60 seconds; the server allows 100 (ERP-API section 1). */
  perMinute?: number;
  /** How many of these background work must leave to the person. */
  reserve?: number;
  /** How many of these a long job must leave to the person's clicks. */
  clicks?: number;
  /** How many background requests a minute go even while jobs use up everything: lists stay live during a long job. */
  trickle?: number;
  onWaiting?: (info: WaitingInfo) => void;
};

type Waiter = { priority: Priority; go: () => void };
type Sent = { at: number; priority: Priority };

const windowMs = 60_000;
const priorities: readonly Priority[] = ['interactive', 'bulk', 'background'];

/**
 * Keeps us under the server's limit by counting the requests of the last 60 seconds. A token bucket with the same bound
 * would have to split it between burst and refill; counting lets a person have all of it at once, and still no window of
 * 60 seconds, however the server cuts it, holds more.
 *
 * Fair in this order: a click waits for nobody; of a job and the background, the background gets its few first, because
 * the job would never leave it any; the rest of the allowance is the job's.
 */
export function createRateLimiter({ clock, perMinute = 95, reserve = 25, clicks = 10, trickle = 5, onWaiting = () => undefined }: RateLimiterOptions): RateLimiter {
  let sent: Sent[] = [];
  const queues: Record<Priority, Waiter[]> = { interactive: [], bulk: [], background: [] };
  let pausedUntil = 0;
  let lastSeen = clock.now();
  let cancelTimer: () => void = () => undefined;
  let told = 0;

  /**
   * The present, with everything remembered moved along when the clock was set back: otherwise a pause of seconds would
   * last for hours, or the requests just sent would be forgotten.
   */
  function present(): number {
    const now = clock.now();
    const back = lastSeen - now;
    if (back > 0) {
      sent = sent.map(({ at, priority }) => ({ at: at - back, priority }));
      pausedUntil -= back;
    }
    lastSeen = now;
    sent = sent.filter(({ at }) => at > now - windowMs);
    return now;
  }

  /** When fewer than `allowed` of these will have gone in the last minute. */
  const freeUnder = (allowed: number, among: readonly Sent[] = sent): number => {
    const oldestThatMustLeave = among[among.length - allowed];
    return oldestThatMustLeave === undefined ? 0 : oldestThatMustLeave.at + windowMs;
  };

  const trickleFree = (): number => Math.max(freeUnder(perMinute), freeUnder(trickle, sent.filter(({ priority }) => priority === 'background')));

  /** When the next request of this priority may go; now or earlier means at once. */
  function freeAt(priority: Priority): number {
    switch (priority) {
      case 'interactive': return Math.max(pausedUntil, freeUnder(perMinute));
      case 'bulk': return Math.max(pausedUntil, freeUnder(perMinute - clicks));
      case 'background': return Math.max(pausedUntil, Math.min(freeUnder(perMinute - reserve), trickleFree()));
    }
  }

  /** Who goes next: the first in the order of fairness that may go now, else whoever may go soonest. */
  function nextWaiter(now: number): { waiter: Waiter; at: number } | null {
    const heads = priorities.flatMap((priority) => queues[priority].slice(0, 1)).map((waiter) => ({ waiter, at: freeAt(waiter.priority) }));
    const ready = heads.filter(({ at }) => at <= now);
    const inTrickle = trickleFree() <= now;
    const order: Record<Priority, number> = { interactive: 0, background: inTrickle ? 1 : 3, bulk: 2 };
    return ready.toSorted((a, b) => order[a.waiter.priority] - order[b.waiter.priority])[0] ?? heads.toSorted((a, b) => a.at - b.at)[0] ?? null;
  }

  function drain(): void {
    cancelTimer();
    for (let now = present(), next = nextWaiter(now); next !== null; next = nextWaiter(now)) {
      const wait = next.at - now;
      if (wait > 0) {
        cancelTimer = clock.after(wait, drain);
        break;
      }
      const { waiter } = next;
      queues[waiter.priority].shift();
      sent.push({ at: now, priority: waiter.priority });
      waiter.go();
    }
    tell();
  }

  function tell(): void {
    const waiting = priorities.reduce((sum, priority) => sum + queues[priority].length, 0);
    if (waiting === 0 && told === 0) return;
    told = waiting;
    onWaiting({ waiting, until: nextWaiter(lastSeen)?.at ?? null });
  }

  return {
    turn: (priority, signal) => new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(failure('call.cancelled'));
        return;
      }
      const waiter: Waiter = {
        priority,
        go() {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
      };
      function leave(): void {
        queues[priority] = queues[priority].filter((other) => other !== waiter);
        reject(failure('call.cancelled'));
        drain();
      }
      signal?.addEventListener('abort', leave, { once: true });
      queues[priority].push(waiter);
      drain();
    }),
    pauseFor(ms) {
      // First the present, which may move the pause along: read before, a clock set back by hours would pause for hours.
      const now = present();
      pausedUntil = Math.max(pausedUntil, now + ms);
      drain();
    },
  };
}
