import type { AppError, ErrorCode } from '../../../shared/ipc/errors.ts';

/**
 * How long servers keep an idempotency key (ERP-API section 3 and the reference backend): an answer that was lost longer
 * ago is looked up, never asked for again blindly. Milliseconds.
 */
export const keyLifetime = 24 * 3_600_000;
/** Less than that, so that neither a slow request nor a clock a little off outlives the key on its way. */
const keyMargin = 3_600_000;

/** True when the server may have forgotten this key. A clock that went backwards proves nothing either. */
export const isKeyExpired = (sentAt: number, now: number): boolean => now - sentAt > keyLifetime - keyMargin || now < sentAt - keyMargin;

/**
 * What a failed attempt means for its command. `retry`: the same again, later. `signIn`: nobody is signed in (well enough);
 * not the command's fault. `cancelled`: we ended it ourselves. `rejected`: a person must mend something.
 */
export type Verdict = 'retry' | 'signIn' | 'cancelled' | 'rejected';

const retried = new Set<ErrorCode>(['server.failed', 'server.unavailable', 'server.rateLimited', 'server.notJson', 'server.unexpected', 'app.internal']);

/** Sorts the failures of one attempt; the conflicts among them (409, 412) were looked into before. */
export function verdictOf({ code, reloginResolves }: Pick<AppError, 'code' | 'reloginResolves'>): Verdict {
  if (code === 'call.cancelled') return 'cancelled';
  if (reloginResolves || code.startsWith('session.') || code.startsWith('login.')) return 'signIn';
  if (retried.has(code) || code.startsWith('network.') || code.startsWith('tls.') || code.startsWith('database.')) return 'retry';
  return 'rejected';
}

const firstWait = 2_000;
const longestWait = 5 * 60_000;
/** Milliseconds until a sign-in is looked for again, beside being told of one. */
export const signInWait = 60_000;

/**
 * Milliseconds until the next attempt: doubling with each failure up to five minutes, between half and one and a half of
 * that by chance, so that clients do not come back in step; never sooner than the server asked for (Retry-After).
 * @param failures failed attempts so far, this one included
 */
export function backoff(failures: number, retryAfter: number | null, random: () => number): number {
  const wait = Math.min(firstWait * 2 ** Math.min(failures - 1, 20), longestWait) * (0.5 + random());
  return Math.round(retryAfter === null ? wait : Math.max(wait, retryAfter + 1000 * random()));
}
