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
  onWaiting?: (info: WaitingInfo) => void;
};

type Waiter = { priority: Priority; go: () => void };

const windowMs = 60_000;

/**
 * Keeps us under the server's limit by counting the requests of the last 60 seconds. A token bucket with the same bound
 * would have to split it between burst and refill; counting lets a person have all of it at once, and still no window of
 * 60 seconds, however the server cuts it, holds more.
 */
export function createRateLimiter({ clock, perMinute = 95, reserve = 25, onWaiting = () => undefined }: RateLimiterOptions): RateLimiter {
  const sent: number[] = [];
  const queues: Record<Priority, Waiter[]> = { interactive: [], background: [] };
  let pausedUntil = 0;
  let cancelTimer: () => void = () => undefined;
  let told = 0;

  const allowance = (priority: Priority): number => (priority === 'interactive' ? perMinute : perMinute - reserve);

  /** When the next request of this priority may go; now or earlier means at once. */
  function freeAt(priority: Priority): number {
    const now = clock.now();
    // A clock that was set back would keep entries from the future for hours.
    while (sent.length > 0 && (sent[0] ?? 0) > now) sent.shift();
    while (sent.length > 0 && (sent[0] ?? 0) <= now - windowMs) sent.shift();
    const oldestThatMustLeave = sent[sent.length - allowance(priority)];
    return Math.max(pausedUntil, oldestThatMustLeave === undefined ? 0 : oldestThatMustLeave + windowMs);
  }

  function nextWaiter(): { waiter: Waiter; at: number } | null {
    const waiter = queues.interactive[0] ?? queues.background[0];
    return waiter === undefined ? null : { waiter, at: freeAt(waiter.priority) };
  }

  function drain(): void {
    cancelTimer();
    for (let next = nextWaiter(); next !== null; next = nextWaiter()) {
      const wait = next.at - clock.now();
      if (wait > 0) {
        cancelTimer = clock.after(wait, drain);
        break;
      }
      queues[next.waiter.priority].shift();
      sent.push(clock.now());
      next.waiter.go();
    }
    tell();
  }

  function tell(): void {
    const waiting = queues.interactive.length + queues.background.length;
    if (waiting === 0 && told === 0) return;
    told = waiting;
    onWaiting({ waiting, until: nextWaiter()?.at ?? null });
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
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
      drain();
    },
  };
}
