import { appError } from '../../shared/ipc/errors.ts';
import type { HttpFetch } from '../erp/ports.ts';
import { networkFailure } from '../erp/network-errors.ts';
import type { Outcome } from './connection-monitor.ts';

const isAbort = (error: unknown): boolean => error instanceof Error && (error.name === 'AbortError');

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** Tells an observer of every request whether its peer answered; any HTTP answer at all counts as reachable. */
export function observedFetch(fetch: HttpFetch, observe: (outcome: Outcome) => void): HttpFetch {
  return async (url, init) => {
    try {
      const response = await fetch(url, init);
      const isGateway = response.status === 502 || response.status === 503 || response.status === 504;
      observe(isGateway ? { ok: false, error: appError('server.unavailable') } : { ok: true });
      return response;
    } catch (error) {
      // Somebody gave up waiting, which says nothing about the peer; a timeout does.
      if (!isAbort(error)) observe({ ok: false, error: networkFailure(error, hostOf(url)).error });
      throw error;
    }
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
