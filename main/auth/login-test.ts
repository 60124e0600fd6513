import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import { loopbackRedirect, type LoginTestReport } from '../../shared/domain/login-test.ts';
import { AppFailure, failure, type AppError } from '../../shared/ipc/errors.ts';
import { networkFailure } from '../erp/network-errors.ts';
import type { Clock, HttpFetch } from '../erp/ports.ts';
import type { Log } from '../log/log.ts';
import { jwtClaims } from './claims/account.ts';
import { dpopProof } from './dpop.ts';
import { examineFailure, examineLogin } from './examine-login.ts';
import { openLoopback } from './loopback.ts';
import { createOidc, type LoginGrant, type Oidc } from './oidc.ts';
import type { Listen, OpenBrowser } from './ports.ts';

export type LoginTestPorts = {
  fetchFor: (profile: ConnectionProfile) => HttpFetch;
  openBrowser: OpenBrowser;
  clock: Clock;
  log: Log;
  /** How long the person may take in the browser; 5 minutes unless given. */
  timeoutMs?: number;
  listen?: Listen;
};

const defaultTimeoutMs = 5 * 60_000;
const erpTimeoutMs = 10_000;

/**
 * Signs in once for a look at what comes of it: the token is examined, shown to the ERP once, revoked and forgotten.
 * Nothing is stored, and nobody's session changes.
 */
export class LoginTest {
  readonly #ports: LoginTestPorts;
  #running: AbortController | null = null;

  constructor(ports: LoginTestPorts) {
    this.#ports = ports;
  }

  /** One at a time: a second call ends the first. Never throws: what went wrong is the report. */
  async run(profile: ConnectionProfile): Promise<LoginTestReport> {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    const { clock, log, timeoutMs = defaultTimeoutMs } = this.#ports;
    const fetch = this.#ports.fetchFor(profile);
    const oidc = createOidc({ profile, fetch, clock });
    const stopTimeout = clock.after(timeoutMs, () => running.abort(failure('login.timedOut')));
    try {
      const grant = await this.#login(oidc, running.signal);
      const { status, error } = await askErp(fetch, profile, grant, oidc.providerNow());
      if (grant.refreshToken !== null) oidc.revoke(grant.refreshToken).catch((reason: unknown) => log.warn('the token of the test could not be revoked', { error: reason }));
      const findings = examineLogin({
        account: grant.account, claims: jwtClaims(grant.accessToken), hasRefreshToken: grant.refreshToken !== null,
        providerAheadMs: oidc.providerNow() - clock.now(), nowMs: clock.now(), erpStatus: status, erpError: error,
      });
      return { findings, userName: grant.account.userName, redirectUri: loopbackRedirect };
    } catch (error) {
      const failed = error instanceof AppFailure ? error : failure('app.internal', {}, error);
      log.info('the test sign-in came to nothing', { error: failed });
      return { findings: examineFailure(failed.error), userName: null, redirectUri: loopbackRedirect };
    } finally {
      stopTimeout();
      if (this.#running === running) this.#running = null;
    }
  }

  /** Ends the one that runs; its report says so. */
  cancel(): void {
    this.#running?.abort(failure('login.cancelled'));
  }

  async #login(oidc: Oidc, signal: AbortSignal): Promise<LoginGrant> {
    const aborted = new Promise<never>((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason as AppFailure), { once: true }); });
    aborted.catch(() => undefined);
    const loopback = await openLoopback(this.#ports.listen);
    try {
      const pending = await Promise.race([oidc.begin(loopback.redirectUri), aborted]);
      const opened = this.#ports.openBrowser(pending.url).catch((error: unknown) => { throw failure('login.browser', {}, error); });
      const callback = await Promise.race([loopback.callback, opened.then(() => new Promise<never>(() => undefined)), aborted]);
      try {
        const grant = await Promise.race([pending.finish(callback.url), aborted]);
        callback.finish(true);
        return grant;
      } catch (error) {
        callback.finish(false);
        throw error;
      }
    } finally {
      loopback.close();
    }
  }
}

/** `GET /api/v1/status` is the cheapest answer that needs a good token. */
async function askErp(fetch: HttpFetch, profile: ConnectionProfile, { accessToken, isBound, dpopKey }: LoginGrant, nowMs: number): Promise<{ status: number | null; error: AppError | null }> {
  const url = `${profile.erpUrl}/api/v1/status`;
  try {
    const proof = isBound === true && dpopKey ? await dpopProof(dpopKey, { method: 'GET', url, accessToken, nonce: null, nowMs }) : null;
    const headers = proof === null ? { authorization: `Bearer ${accessToken}` } : { authorization: `DPoP ${accessToken}`, dpop: proof };
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(erpTimeoutMs) });
    await response.body?.cancel();
    return { status: response.status, error: null };
  } catch (error) {
    return { status: null, error: networkFailure(error, new URL(url).host).error };
  }
}
