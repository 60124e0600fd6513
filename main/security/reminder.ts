import { z } from 'zod';
import type { AppError } from '../../shared/ipc/errors.ts';
import type { Background, SecurityPorts } from './ports.ts';
import { Records } from './records.ts';
import { canRead } from './rights.ts';

/** The first look comes when the start is over, then every hour. */
const firstLookMs = 60_000;
const lookEveryMs = 3_600_000;
const day = 86_400_000;

const remindedSchema = z.object({ area: z.string().max(50), at: z.number() });

/** A time that lies ahead was written under a wrong clock and says nothing: the reminder comes again. */
const wasLately = (at: number, now: number): boolean => at <= now && now - at < day;

/**
 * Reminds whoever may read the security centre of what is due there, at most once a day, over restarts too.
 * @param look brings the area up to date and says what there is to remind of; null when nothing is. The signal ends it with the session
 */
export function createReminder({ host, clock, account, log, notice }: Pick<SecurityPorts, 'host' | 'clock' | 'account' | 'log' | 'notice'>, area: string, look: (signal: AbortSignal) => Promise<AppError | null>): Background & { look: () => Promise<void> } {
  const reminded = new Records({ host, kind: 'security.reminded', schema: remindedSchema, idOf: (one) => one.area, now: clock.now });
  let stopTimer: () => void = () => undefined;
  let looking: Promise<void> = Promise.resolve();
  let ending = new AbortController();

  const lookOnce = async (): Promise<void> => {
    try {
      if (!canRead(account())) return;
      const due = await look(ending.signal);
      const last = await reminded.get(area);
      if (due === null || ending.signal.aborted || (last !== null && wasLately(last.at, clock.now()))) return;
      await reminded.put({ area, at: clock.now() });
      notice(due);
    } catch (error) {
      log.info('nothing could be reminded of', { area, error });
    }
  };
  const again = (ms: number): void => {
    stopTimer();
    stopTimer = clock.after(ms, () => {
      looking = lookOnce();
      again(lookEveryMs);
    });
  };
  return {
    look: lookOnce,
    start: () => {
      ending = new AbortController();
      again(firstLookMs);
    },
    stop: async () => {
      stopTimer();
      // A server that does not answer must not keep the cache open behind the lock.
      ending.abort();
      await looking;
    },
  };
}
