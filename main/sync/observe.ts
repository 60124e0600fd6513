import { AppFailure, appError } from '../../shared/ipc/errors.ts';
import type { HttpFetch } from '../erp/ports.ts';
import { networkFailure } from '../erp/network-errors.ts';
import type { Outcome } from './connection-monitor.ts';

/**
 * Whether somebody gave up waiting (a cancel, a sign-out), which says nothing about the peer. A timeout does: runtimes
 * differ in what an aborted fetch rejects with, so the signal's reason decides.
 */
function isGivenUp(error: unknown, signal: AbortSignal | null | undefined): boolean {
  const reason: unknown = signal?.aborted === true ? signal.reason : error;
  if (reason instanceof AppFailure) return !reason.error.code.startsWith('network.');
  return reason instanceof Error && reason.name === 'AbortError';
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** "Bad gateway", "unavailable", "gateway timeout": said by a gateway, or by a route of what stands behind it. */
const unavailable = new Set([502, 503, 504]);

/**
 * Tells an observer of every request whether its peer answered; an HTTP answer of the peer itself counts as reachable.
 * @param doubt told of an answer that says "unavailable"; whoever can ask the peer in another way does it then. Without it the answer counts as out of reach.
 */
export function observedFetch(fetch: HttpFetch, observe: (outcome: Outcome) => void, doubt = (): void => observe({ ok: false, error: appError('server.unavailable') })): HttpFetch {
  return async (url, init) => {
    try {
      const response = await fetch(url, init);
      if (unavailable.has(response.status)) doubt();
      else observe({ ok: true });
      return response;
    } catch (error) {
      if (!isGivenUp(error, init?.signal)) observe({ ok: false, error: networkFailure(init?.signal?.aborted === true ? init.signal.reason : error, hostOf(url)).error });
      throw error;
    }
  };
}

/** Tells of every answer that only a good token gets: the server still knows the account. */
export function confirmingFetch(fetch: HttpFetch, confirmed: () => void): HttpFetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.ok && new Headers(init?.headers).has('authorization')) confirmed();
    return response;
  };
}

/** Is the server there? `GET /healthz` needs no token and is answered by every profile. */
export async function probeErp(fetch: HttpFetch, baseUrl: string, signal: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(`${baseUrl}/healthz`, { signal, redirect: 'manual' });
    await response.body?.cancel();
    return response.status < 500 ? { ok: true } : { ok: false, error: appError('server.unavailable') };
  } catch (error) {
    return { ok: false, error: networkFailure(error, hostOf(baseUrl)).error };
  }
}
