import type { Account, Persistence, SessionState } from '../../shared/domain/session.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import type { StepUpChallenge } from '../erp/step-up.ts';
import { openLoopback } from './loopback.ts';
import type { LoginDemands, LoginGrant } from './oidc.ts';
import { laterOidc } from './oidc-later.ts';
import type { DeviceCode, Session, SessionOptions } from './ports.ts';
import { createRefresher } from './refresher.ts';
import { sessionRecord } from './stored-session.ts';

/** What the machine itself knows; `persistence` and a running login are added when it is shown. */
type Inner =
  | { status: 'signedOut' }
  | { status: 'signedIn'; account: Account; confirmedAt: number | null; needsSignIn: boolean; isDisabled: boolean };

type Login = { since: number; address: string | null; controller: AbortController; done: Promise<SessionState> };

const defaultLoginTimeoutMs = 5 * 60_000;

/** Rejects with the signal's reason, an AppFailure, as soon as it is aborted. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason as AppFailure);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

/**
 * The session of one profile as an explicit state machine: signedOut → signingIn → signedIn, and back only by signOut.
 * A refusal of the provider leads to signedIn with needsSignIn, never to signedOut: the cached work stays readable.
 */
export function createSession(options: SessionOptions): Session {
  const { profile, clock, log, loginTimeoutMs = defaultLoginTimeoutMs } = options;
  const oidc = laterOidc({ profile, fetch: options.fetch, clock, ...(options.requestTimeoutSeconds === undefined ? {} : { timeoutSeconds: options.requestTimeoutSeconds }) });
  const record = sessionRecord(options.secrets, profile);
  const listeners = new Set<(state: SessionState) => void>();
  let persistence: Persistence = options.persistence;
  let inner: Inner = { status: 'signedOut' };
  let login: Login | null = null;
  /** The challenge that the running login answers. */
  let steppingUpTo: string | null = null;
  /** The last challenge that was met: requests that were on their way then are simply sent again. */
  let steppedUp: { wanted: string; at: number } | null = null;
  /** Nonces that servers want in the next proof, by origin. */
  const nonces = new Map<string, string>();
  let isDisposed = false;
  /** Tokens are out of memory and must not come back into it. */
  let isLocked = false;
  /** Counts logins and logouts, so that a slow restore does not bring back what was ended meanwhile. */
  let changes = 0;

  const refresher = createRefresher({
    oidc, record, clock, log, random: options.random ?? Math.random, ...(options.lock === undefined ? {} : { lock: options.lock }),
    onConfirmed: (account) => move({ status: 'signedIn', account, confirmedAt: clock.now(), needsSignIn: false, isDisabled: false }),
    onRefused: (isDisabled) => {
      log.info('the provider refused to renew the session', { isDisabled });
      if (inner.status === 'signedIn') move({ ...inner, needsSignIn: true, isDisabled });
    },
  });

  function state(): SessionState {
    if (inner.status === 'signedIn') return { ...inner, persistence };
    return login === null ? { status: 'signedOut', persistence } : { status: 'signingIn', since: login.since, persistence };
  }

  function tell(): void {
    if (isDisposed) return;
    const now = state();
    for (const listener of listeners) {
      try {
        listener(now);
      } catch (error) {
        log.error('a listener of the session failed', { error });
      }
    }
  }

  function move(next: Inner): void {
    inner = next;
    tell();
  }

  /** A stronger login is asked of the one who wanted to act; the action must not go on in somebody else's name. */
  function refuse({ refreshToken }: LoginGrant): never {
    if (refreshToken !== null) oidc.revoke(refreshToken).catch((error: unknown) => log.warn('the token could not be revoked', { error }));
    throw failure('login.denied');
  }

  /** Browser and callback: everything between the click and the tokens. */
  async function browse(current: Login, demands: LoginDemands, onlyFor: string | null = null): Promise<LoginGrant> {
    const { signal } = current.controller;
    const aborted = whenAborted(signal);
    aborted.catch(() => undefined);
    const loopback = await openLoopback(options.listen);
    try {
      const pending = await Promise.race([oidc.begin(loopback.redirectUri, demands), aborted]);
      current.address = pending.url;
      const opened = options.openBrowser(pending.url).catch((error: unknown) => {
        throw failure('login.browser', {}, error);
      });
      // Opening may take as long as the browser starts; the person may be faster than that.
      const browserFailed = opened.then(() => new Promise<never>(() => undefined));
      const callback = await Promise.race([loopback.callback, browserFailed, aborted]);
      try {
        const grant = await Promise.race([pending.finish(callback.url), aborted]);
        if (onlyFor !== null && grant.account.id !== onlyFor) refuse(grant);
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

  /** The person, another device, and this one asking whether they are through. */
  async function askForCode(current: Login, onCode: (code: DeviceCode) => void): Promise<LoginGrant> {
    const { signal } = current.controller;
    const aborted = whenAborted(signal);
    aborted.catch(() => undefined);
    const pending = await Promise.race([oidc.beginOnDevice(), aborted]);
    const { userCode, verificationUri, verificationUriComplete, lifetimeMs } = pending;
    current.address = verificationUriComplete ?? verificationUri;
    onCode({ userCode, verificationUri, verificationUriComplete, expiresAt: clock.now() + Math.min(lifetimeMs, loginTimeoutMs) });
    return Promise.race([pending.finish(signal), aborted]);
  }

  async function run(current: Login, obtain: () => Promise<LoginGrant>): Promise<SessionState> {
    const stopTimeout = clock.after(loginTimeoutMs, () => current.controller.abort(failure('login.timedOut')));
    try {
      const grant = await obtain();
      if (current.controller.signal.aborted) throw current.controller.signal.reason as AppFailure;
      changes++;
      const confirmedAt = await refresher.adopt(grant);
      login = null;
      move({ status: 'signedIn', account: grant.account, confirmedAt, needsSignIn: false, isDisabled: false });
      log.info('signed in', { account: grant.account.id, roles: grant.account.roles, scopeSource: grant.account.scopeSource });
      return state();
    } catch (error) {
      login = null;
      const failed = error instanceof AppFailure ? error : failure('app.internal', {}, error);
      log.warn('sign-in failed', { error: failed });
      tell();
      throw failed;
    } finally {
      stopTimeout();
    }
  }

  /** Runs a login, or joins the one that runs. */
  function begin(signal: AbortSignal | undefined, obtain: (current: Login) => Promise<LoginGrant>): Promise<SessionState> {
    const cancel = () => login?.controller.abort(failure('login.cancelled'));
    if (login === null) {
      const current: Login = { since: clock.now(), address: null, controller: new AbortController(), done: Promise.resolve(state()) };
      login = current;
      current.done = run(current, () => obtain(current));
      tell();
    }
    const { done } = login;
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    return done.finally(() => signal?.removeEventListener('abort', cancel));
  }

  async function stepUp(challenge: StepUpChallenge, { since, signal }: { since: number; signal?: AbortSignal | undefined }): Promise<void> {
    const wanted = JSON.stringify(challenge);
    // A login that asks for less, or for something else, does not count.
    while (login !== null && steppingUpTo !== wanted) await login.done.catch(() => undefined);
    if (inner.status !== 'signedIn') throw failure('session.required');
    if (steppedUp?.wanted === wanted && steppedUp.at >= since) return;
    const { account } = inner;
    steppingUpTo = wanted;
    try {
      await begin(signal, (current) => browse(current, { ...challenge, loginHint: account.userName }, account.id));
      steppedUp = { wanted, at: clock.now() };
    } finally {
      if (steppingUpTo === wanted && login === null) steppingUpTo = null;
    }
  }

  async function signOut(): Promise<SessionState> {
    login?.controller.abort(failure('login.cancelled'));
    changes++;
    const held = refresher.forget();
    oidc.forgetIdentity();
    isLocked = false;
    refresher.unlock();
    nonces.clear();
    move({ status: 'signedOut' });
    const refreshToken = held ?? (await record.read().catch(() => null))?.refreshToken ?? null;
    // Thrown when it fails: a token that stays in the keychain would sign the next person in.
    await record.delete();
    // Nobody waits for the provider: signing out works without a network, and the token is gone from this computer.
    if (refreshToken !== null) oidc.revoke(refreshToken).catch((error: unknown) => log.warn('the token could not be revoked', { error }));
    return state();
  }

  return {
    state,
    on(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    async restore(calm = Promise.resolve()) {
      const before = changes;
      try {
        const stored = await record.read();
        if (stored !== null && before === changes) {
          move({ status: 'signedIn', account: stored.account, confirmedAt: stored.confirmedAt, needsSignIn: stored.refreshToken === null, isDisabled: stored.refreshToken === null && stored.isDisabled === true });
          const confirm = () => (before === changes && !isLocked && !isDisposed ? refresher.accessToken() : Promise.resolve(''));
          if (stored.refreshToken !== null) calm.then(confirm).catch((error: unknown) => log.info('not confirmed yet', { error }));
        }
      } catch (error) {
        log.warn('the last session could not be read', { error });
      }
      return state();
    },
    signIn: (signal) => begin(signal, (current) => browse(current, {})),
    signInWithDeviceCode: (onCode, signal) => begin(signal, (current) => askForCode(current, onCode)),
    stepUp,
    cancelSignIn: () => login?.controller.abort(failure('login.cancelled')),
    loginAddress: () => login?.address ?? null,
    signOut,
    async signOutEverywhere() {
      const hint = inner.status === 'signedIn' ? inner.account.userName : '';
      const signedOut = await signOut();
      try {
        const address = await oidc.logoutAddress(hint);
        if (address !== null) await options.openBrowser(address);
        return { state: signedOut, providerPageOpened: address !== null };
      } catch (error) {
        log.warn('the provider\'s session was not ended', { error });
        return { state: signedOut, providerPageOpened: false };
      }
    },
    async proof({ token, method, url }) {
      const key = refresher.boundKey();
      return key === null ? null : (await import('./dpop.ts')).dpopProof(key, { method, url, accessToken: token, nonce: nonces.get(new URL(url).origin) ?? null, nowMs: oidc.providerNow() });
    },
    rememberNonce: (origin, nonce) => { nonces.set(origin, nonce); },
    identityToken: () => (isLocked || inner.status !== 'signedIn' ? null : oidc.identityToken()),
    lock() {
      isLocked = true;
      oidc.forgetIdentity();
      nonces.clear();
      refresher.lock();
    },
    unlock() {
      isLocked = false;
      refresher.unlock();
    },
    accessToken() {
      if (inner.status !== 'signedIn' || isLocked) return Promise.reject(failure('session.required'));
      return inner.needsSignIn ? Promise.reject(failure('session.expired')) : refresher.accessToken();
    },
    refreshNow(rejectedToken) {
      if (inner.status !== 'signedIn' || isLocked) return Promise.reject(failure('session.required'));
      return inner.needsSignIn ? Promise.reject(failure('session.expired')) : refresher.refreshNow(rejectedToken);
    },
    async confirm() {
      if (inner.status !== 'signedIn') throw failure('session.required');
      if (inner.needsSignIn) throw failure('session.expired');
      await refresher.renew();
    },
    setPersistence(next) {
      persistence = next;
      tell();
    },
    dispose() {
      login?.controller.abort(failure('login.cancelled'));
      refresher.stop();
      isDisposed = true;
      listeners.clear();
    },
  };
}
