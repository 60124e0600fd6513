import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import type { DpopKey } from './dpop-key.ts';
import type { Grant, LoginGrant } from './oidc.ts';
import type { Refresher, RefresherOptions } from './refresher-ports.ts';
import { noLock, type Release } from './session-lock.ts';
import type { StoredSession } from './stored-session.ts';

/** Without `expires_in` the life of a token is unknown: short enough to notice, long enough not to hammer the provider. */
const unknownLifetimeMs = 5 * 60_000;
/** Soon: when only the answer was lost, some providers take the old token for a few seconds more. */
const firstRetryMs = 2000;
const longestRetryMs = 5 * 60_000;
const firstStoreRetryMs = 5000;
/** A little longer than another process may need for one refresh. */
const lockWaitMs = 20_000;
/** A finished sign-in waits for nobody for long. */
const adoptWaitMs = 5000;

const codeOf = (error: unknown): string | null => (error instanceof AppFailure ? error.error.code : null);
const isExpired = (error: unknown): boolean => codeOf(error) === 'session.expired';
const isDisabled = (error: unknown): boolean => error instanceof AppFailure && error.error.params['cause'] === 'disabled';

/**
 * Keeps one access token good. Expiry is counted from the moment the answer came, so a wrong clock does not matter. All
 * callers share one refresh, and so do all processes with one store: providers that rotate refresh tokens kill the whole
 * family when one is used twice.
 */
export function createRefresher({ oidc, record, lock = noLock, clock, random, log, onConfirmed, onRefused }: RefresherOptions): Refresher {
  let token: { value: string; usableUntil: number; key: DpopKey | null } | null = null;
  /** The session as last stored or meant to be; stands in for a store that cannot be read just now. */
  let held: StoredSession | null = null;
  /** True while the store lags behind `held`: what it has then is a token that was used already. */
  let isUnstored = false;
  let writing: Promise<unknown> = Promise.resolve();
  /** The lock, as long as it has to be held beyond a refresh. */
  let kept: Release | null = null;
  let running: Promise<string> | null = null;
  let cancelStoreTimer: () => void = () => undefined;
  let cancelTimer: () => void = () => undefined;
  let failures = 0;
  let isLocked = false;
  /** Changes when the session changes hands, so that an answer for the old one is recognised. */
  let generation = 0;

  function schedule(ms: number): void {
    cancelTimer();
    cancelTimer = clock.after(ms, () => {
      refresh().then(undefined, (error: unknown) => log.info('background refresh failed', { error }));
    });
  }

  function use(grant: Grant): string {
    if (isLocked) return grant.accessToken;
    const lifetime = grant.lifetimeMs ?? unknownLifetimeMs;
    // Leaves time for a request to travel; short-lived tokens lose a tenth at most.
    token = { value: grant.accessToken, usableUntil: clock.now() + lifetime - Math.min(30_000, lifetime / 10), key: (grant.isBound ?? false) ? grant.dpopKey ?? null : null };
    failures = 0;
    // Between 70 and 85 per cent of its life: 200 PCs that start at eight do not all come back in the same second.
    schedule(Math.max(1000, lifetime * (0.7 + 0.15 * random())));
    return grant.accessToken;
  }

  async function store(session: StoredSession): Promise<void> {
    held = session;
    isUnstored = true;
    cancelStoreTimer();
    // One write at a time: two that overtake each other would leave the older token.
    const write = writing.then(() => (held === session ? record.write(session) : undefined));
    writing = write.catch(() => undefined);
    try {
      await write;
      if (held === session) isUnstored = false;
      if (isLocked) drop();
    } catch (error) {
      // A keychain that hiccups is no reason to log anybody out: the session lives on in memory and is stored later.
      log.warn('the session could not be stored', { error });
    }
  }

  function storeLater(ms: number): void {
    cancelStoreTimer();
    cancelStoreTimer = clock.after(ms, () => {
      if (!isUnstored || held === null || running !== null) return;
      void store(held).then(() => (isUnstored ? storeLater(Math.min(ms * 2, longestRetryMs)) : leave(null)));
    });
  }

  /** @returns null when locking does not work on this computer: better without it than not at all. @throws AppFailure network.timeout */
  async function enter(waitMs: number): Promise<Release | null> {
    if (kept !== null) {
      const release = kept;
      kept = null;
      return release;
    }
    let release: Release | null;
    try {
      release = await lock.acquire(waitMs);
    } catch (error) {
      log.warn('renewing without a lock', { error });
      return null;
    }
    if (release === null) throw failure('network.timeout', { params: { host: '' } });
    return release;
  }

  /** While the store lags behind, others would present a token that was used: they wait until it is stored or this process ends. */
  async function leave(release: Release | null, isCurrent = true): Promise<void> {
    const mine = release ?? kept;
    kept = null;
    if (isCurrent && isUnstored && held?.refreshToken) {
      kept = mine;
      storeLater(firstStoreRetryMs);
    } else {
      await mine?.();
    }
  }

  async function load(): Promise<StoredSession | null> {
    if (isUnstored) return held;
    const mine = generation;
    try {
      const stored = await record.read();
      // A sign-in or sign-out that came meanwhile knows better.
      if (mine === generation && !isUnstored) held = stored ?? held;
      return held;
    } catch (error) {
      log.warn('the session could not be read', { error });
      return held;
    }
  }

  /** The provider has refused `refused`: nobody may present it again. */
  async function giveUp(refused: StoredSession, error: unknown): Promise<void> {
    token = null;
    cancelTimer();
    if (refused.refreshToken !== null && held?.refreshToken === refused.refreshToken) await store({ ...refused, refreshToken: null, ...(isDisabled(error) ? { isDisabled: true } : {}) });
  }

  /** Asks the provider; a refusal is checked against the store once, because another process may have been faster. */
  async function exchange(session: StoredSession, mine: number): Promise<LoginGrant> {
    let presented = session;
    for (let isSecond = false; ; isSecond = true) {
      try {
        if (presented.refreshToken === null) throw failure('session.expired');
        return await oidc.refresh(presented.refreshToken, presented.account, presented.dpopKey);
      } catch (error) {
        if (!isExpired(error) || mine !== generation) throw error;
        const now = await load();
        if (isSecond || now === null || now.refreshToken === null || now.refreshToken === presented.refreshToken) {
          if (mine === generation) await giveUp(presented, error);
          throw error;
        }
        log.info('the refresh token was renewed elsewhere, trying that one');
        presented = now;
      }
    }
  }

  function retryLater(): void {
    schedule(Math.min(longestRetryMs, firstRetryMs * 2 ** failures) * (0.8 + 0.4 * random()));
    failures++;
  }

  async function renew(mine: number): Promise<string> {
    const session = await load();
    if (mine !== generation || session === null) throw failure('session.required');
    let grant: LoginGrant;
    try {
      grant = await exchange(session, mine);
    } catch (error) {
      if (mine !== generation) throw failure('session.required');
      if (isExpired(error)) onRefused(isDisabled(error));
      throw error;
    }
    if (mine !== generation) {
      // Signed out while the answer was on its way: nobody must hold this token.
      if (grant.refreshToken !== null) oidc.revoke(grant.refreshToken).catch(() => undefined);
      throw failure('session.required');
    }
    // Stored before it is used: a crash after the first use of a new token must not leave only the dead old one.
    await store({ refreshToken: grant.refreshToken ?? session.refreshToken, account: grant.account, confirmedAt: clock.now(), ...(grant.dpopKey ? { dpopKey: grant.dpopKey } : {}) });
    if (mine !== generation) throw failure('session.required');
    const value = use(grant);
    onConfirmed(grant.account);
    return value;
  }

  async function attempt(): Promise<string> {
    const mine = generation;
    try {
      const release = await enter(lockWaitMs);
      try {
        return await renew(mine);
      } finally {
        await leave(release, mine === generation);
      }
    } catch (error) {
      // Not a logout: the provider could not be asked.
      if (mine === generation && !isExpired(error) && codeOf(error) !== 'session.required') retryLater();
      throw error;
    }
  }

  function refresh(): Promise<string> {
    if (running !== null) return running;
    const attempted = attempt().finally(() => {
      if (running === attempted) running = null;
      if (isLocked) drop();
    });
    running = attempted;
    return attempted;
  }

  /** What the store does not have yet stays until it has it: it is the only copy. */
  function drop(): void {
    token = null;
    cancelTimer();
    if (!isUnstored && running === null) held = null;
  }

  function letGo(): void {
    cancelStoreTimer();
    void kept?.();
    kept = null;
  }

  return {
    async adopt(grant) {
      generation++;
      running = null;
      cancelTimer();
      const mine = generation;
      const confirmedAt = clock.now();
      const session = { refreshToken: grant.refreshToken, account: grant.account, confirmedAt, ...(grant.dpopKey ? { dpopKey: grant.dpopKey } : {}) };
      // Counts from now on: a refresh that starts while this waits must not take up the session before.
      [held, isUnstored] = [session, true];
      const release = await enter(adoptWaitMs).catch(() => null);
      if (mine === generation) await store(session);
      await leave(release, mine === generation);
      if (mine === generation) use(grant);
      return confirmedAt;
    },
    async accessToken() {
      return token !== null && clock.now() < token.usableUntil ? token.value : refresh();
    },
    async refreshNow(rejectedToken) {
      // Somebody else's refresh may have come through since that token was taken.
      return token !== null && token.value !== rejectedToken ? token.value : refresh();
    },
    async renew() {
      await refresh();
    },
    boundKey: () => token?.key ?? null,
    forget() {
      generation++;
      running = null;
      token = null;
      cancelTimer();
      const last = held?.refreshToken ?? null;
      held = null;
      isUnstored = false;
      letGo();
      return last;
    },
    lock() {
      isLocked = true;
      drop();
    },
    unlock() {
      isLocked = false;
    },
    stop() {
      cancelTimer();
      letGo();
    },
  };
}
