import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import type { Account } from '../../shared/domain/session.ts';
import type { Clock } from '../erp/ports.ts';
import type { Log } from '../log/log.ts';
import type { Grant, LoginGrant, Oidc } from './oidc.ts';
import type { SessionRecord, StoredSession } from './stored-session.ts';

export type RefresherOptions = {
  oidc: Pick<Oidc, 'refresh' | 'revoke'>;
  record: SessionRecord;
  clock: Clock;
  random: () => number;
  log: Log;
  /** The provider has confirmed the session; the account may have other rights than before. */
  onConfirmed(account: Account): void;
  /** The provider refuses to renew it. */
  onRefused(): void;
};

export type Refresher = {
  /** Takes over a fresh login; resolves when it is stored. */
  adopt(grant: LoginGrant): Promise<void>;
  accessToken(): Promise<string>;
  refreshNow(rejectedToken: string): Promise<string>;
  /** Forgets everything, in memory at once; a refresh under way comes to nothing. @returns the refresh token, to be revoked. */
  forget(): string | null;
  /** Ends the timer; what is stored stays. */
  stop(): void;
};

/** Without `expires_in` the life of a token is unknown: short enough to notice, long enough not to hammer the provider. */
const unknownLifetimeMs = 5 * 60_000;
const firstRetryMs = 15_000;
const longestRetryMs = 5 * 60_000;

const isExpired = (error: unknown): boolean => error instanceof AppFailure && error.error.code === 'session.expired';

/**
 * Keeps one access token good. Expiry is counted from the moment the answer came, so a wrong clock does not matter. All
 * callers share one refresh: providers that rotate refresh tokens kill the whole family when one is used twice.
 */
export function createRefresher({ oidc, record, clock, random, log, onConfirmed, onRefused }: RefresherOptions): Refresher {
  let token: { value: string; usableUntil: number } | null = null;
  /** The session as last stored or meant to be; stands in for a store that cannot be read just now. */
  let held: StoredSession | null = null;
  /** True while the store lags behind `held`: what it has then is a token that was used already. */
  let isUnstored = false;
  let running: Promise<string> | null = null;
  let cancelTimer: () => void = () => undefined;
  let failures = 0;
  /** Changes when the session changes hands, so that an answer for the old one is recognised. */
  let generation = 0;

  function schedule(ms: number): void {
    cancelTimer();
    cancelTimer = clock.after(ms, () => {
      refresh().then(undefined, (error: unknown) => log.info('background refresh failed', { error }));
    });
  }

  function use(grant: Grant): string {
    const lifetime = grant.lifetimeMs ?? unknownLifetimeMs;
    // Leaves time for a request to travel; short-lived tokens lose a tenth at most.
    token = { value: grant.accessToken, usableUntil: clock.now() + lifetime - Math.min(30_000, lifetime / 10) };
    failures = 0;
    // Between 70 and 85 per cent of its life: 200 PCs that start at eight do not all come back in the same second.
    schedule(Math.max(1000, lifetime * (0.7 + 0.15 * random())));
    return grant.accessToken;
  }

  async function store(session: StoredSession): Promise<void> {
    held = session;
    isUnstored = true;
    try {
      await record.write(session);
      if (held === session) isUnstored = false;
    } catch (error) {
      // A keychain that hiccups is no reason to log anybody out: the session lives on in memory and is stored with the next refresh.
      log.warn('the session could not be stored', { error });
    }
  }

  async function load(): Promise<StoredSession | null> {
    if (isUnstored) return held;
    try {
      held = (await record.read()) ?? held;
      return held;
    } catch (error) {
      log.warn('the session could not be read', { error });
      return held;
    }
  }

  /** Asks the provider; a refusal is checked against the store once, because another process may have been faster. */
  async function exchange(session: StoredSession & { refreshToken: string }): Promise<LoginGrant> {
    try {
      return await oidc.refresh(session.refreshToken, session.account);
    } catch (error) {
      if (!isExpired(error)) throw error;
      const now = await load();
      if (now === null || now.refreshToken === null || now.refreshToken === session.refreshToken) throw error;
      log.info('refresh token was renewed elsewhere, trying that one');
      return oidc.refresh(now.refreshToken, now.account);
    }
  }

  async function attempt(): Promise<string> {
    const mine = generation;
    const session = await load();
    if (mine !== generation || session === null) throw failure('session.required');
    const { refreshToken, account, confirmedAt } = session;
    let grant: LoginGrant;
    try {
      if (refreshToken === null) throw failure('session.expired');
      grant = await exchange({ refreshToken, account, confirmedAt });
    } catch (error) {
      if (mine !== generation) throw failure('session.required');
      if (isExpired(error)) {
        token = null;
        cancelTimer();
        if (refreshToken !== null) await store({ refreshToken: null, account, confirmedAt });
        if (mine === generation) onRefused();
      } else {
        // Not a logout: the provider could not be asked.
        schedule(Math.min(longestRetryMs, firstRetryMs * 2 ** failures) * (0.8 + 0.4 * random()));
        failures++;
      }
      throw error;
    }
    if (mine !== generation) {
      // Signed out while the answer was on its way: nobody must hold this token.
      if (grant.refreshToken !== null) oidc.revoke(grant.refreshToken).catch(() => undefined);
      throw failure('session.required');
    }
    // Stored before it is used: a crash after the first use of a new token must not leave only the dead old one.
    await store({ refreshToken: grant.refreshToken ?? refreshToken, account: grant.account, confirmedAt: clock.now() });
    if (mine !== generation) throw failure('session.required');
    const value = use(grant);
    onConfirmed(grant.account);
    return value;
  }

  function refresh(): Promise<string> {
    if (running !== null) return running;
    const attempted = attempt().finally(() => {
      if (running === attempted) running = null;
    });
    running = attempted;
    return attempted;
  }

  return {
    async adopt(grant) {
      generation++;
      running = null;
      cancelTimer();
      const mine = generation;
      await store({ refreshToken: grant.refreshToken, account: grant.account, confirmedAt: clock.now() });
      if (mine === generation) use(grant);
    },
    async accessToken() {
      return token !== null && clock.now() < token.usableUntil ? token.value : refresh();
    },
    async refreshNow(rejectedToken) {
      // Somebody else's refresh may have come through since that token was taken.
      return token !== null && token.value !== rejectedToken ? token.value : refresh();
    },
    forget() {
      generation++;
      running = null;
      token = null;
      cancelTimer();
      const last = held?.refreshToken ?? null;
      held = null;
      isUnstored = false;
      return last;
    },
    stop: () => cancelTimer(),
  };
}
