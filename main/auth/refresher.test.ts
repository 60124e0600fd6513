import { describe, expect, it } from 'vitest';
import { failure } from '../../shared/ipc/errors.ts';
import type { Account } from '../../shared/domain/session.ts';
import { createManualClock } from '../erp/manual-clock.ts';
import { silentLog } from '../log/log.ts';
import type { LoginGrant } from './oidc.ts';
import { createRefresher } from './refresher.ts';
import type { SessionRecord, StoredSession } from './stored-session.ts';

const account: Account = { id: 'a'.repeat(32), subject: 's', userName: 'u', displayName: 'U', email: null, tenantId: null, roles: [], scopes: [], scopeSource: 'token' };

/** A provider that rotates: each refresh token works once; using one again kills the family (RFC 9700 section 4.14.2). */
function rotatingProvider() {
  let count = 0;
  let current: string | null = 'r0';
  const log: string[] = [];
  const grant = (): LoginGrant => ({ accessToken: `a${count}`, lifetimeMs: 600_000, refreshToken: `r${count}`, account });
  return {
    log,
    revoked: [] as string[],
    trouble: null as Error | null,
    async refresh(refreshToken: string): Promise<LoginGrant> {
      await Promise.resolve();
      log.push(refreshToken);
      if (this.trouble !== null) throw this.trouble;
      if (refreshToken !== current) {
        current = null;
        throw failure('session.expired');
      }
      count++;
      current = `r${count}`;
      return grant();
    },
    async revoke(refreshToken: string) { this.revoked.push(refreshToken); },
  };
}

function setUp(stored: StoredSession | null = { refreshToken: 'r0', account, confirmedAt: null }) {
  const store = { value: stored, steps: [] as string[], broken: false };
  const record: SessionRecord = {
    read: async () => { if (store.broken) throw failure('keychain.locked'); return store.value; },
    write: async (session) => {
      await Promise.resolve();
      if (store.broken) throw failure('keychain.failed');
      store.steps.push(`stored ${session.refreshToken}`);
      store.value = session;
    },
    delete: async () => { store.value = null; },
  };
  const clock = createManualClock();
  const provider = rotatingProvider();
  const told: string[] = [];
  const refresher = createRefresher({ oidc: provider, record, clock, random: () => 0.5, log: silentLog, onConfirmed: () => told.push('confirmed'), onRefused: () => told.push('refused') });
  return { store, clock, provider, told, refresher };
}

const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'resolved', (error: Error) => error.message);

describe('refreshing', () => {
  it('happens once for a hundred callers', async () => {
    const { refresher, provider } = setUp();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => refresher.accessToken()));
    expect(new Set(tokens)).toEqual(new Set(['a1']));
    expect(provider.log).toEqual(['r0']);
  });

  it('stores the new token before anybody gets the access token', async () => {
    const { refresher, store } = setUp();
    const token = await refresher.accessToken().then((value) => { store.steps.push(`used ${value}`); return value; });
    expect(token).toBe('a1');
    expect(store.steps).toEqual(['stored r1', 'used a1']);
  });

  it('tries the token that another process has stored, once', async () => {
    const { refresher, store, provider, told } = setUp({ refreshToken: 'stale', account, confirmedAt: null });
    const refresh = provider.refresh.bind(provider);
    provider.refresh = async (token) => {
      if (token !== 'stale') return refresh(token);
      // While the stale one is refused, the other process writes the good one.
      store.value = { refreshToken: 'r0', account, confirmedAt: null };
      throw failure('session.expired');
    };
    expect(await refresher.accessToken()).toBe('a1');
    expect(told).toEqual(['confirmed']);
  });

  it('gives up when the store has nothing newer', async () => {
    const { refresher, store, provider, told } = setUp({ refreshToken: 'used-up', account, confirmedAt: 5 });
    expect(await codeOf(refresher.accessToken())).toBe('session.expired');
    expect(provider.log).toEqual(['used-up']);
    expect(told).toEqual(['refused']);
    expect(store.value).toEqual({ refreshToken: null, account, confirmedAt: 5 });
  });

  it('is no refusal when the network is away, and comes back by itself', async () => {
    const { refresher, provider, clock, told } = setUp();
    provider.trouble = failure('network.unreachable');
    expect(await codeOf(refresher.accessToken())).toBe('network.unreachable');
    expect(told).toEqual([]);
    await clock.advance(10 * 60_000);
    const attempts = provider.log.length;
    expect(attempts).toBeGreaterThan(3);
    expect(attempts).toBeLessThan(10);
    provider.trouble = null;
    await clock.advance(6 * 60_000);
    expect(told[0]).toBe('confirmed');
    expect(await refresher.accessToken()).toMatch(/^a\d$/);
  });

  it('comes before the end of the token, for as long as the program runs', async () => {
    const { refresher, provider, clock } = setUp();
    await refresher.accessToken();
    await clock.advance(60 * 60_000);
    // 600 s at 77.5 % of the life: one in 465 s.
    expect(provider.log.length).toBe(1 + Math.floor(3600 / 465));
  });

  it('after a long sleep does not use the old token', async () => {
    const { refresher, clock, provider } = setUp();
    await refresher.accessToken();
    const asleep = clock.now() + 12 * 3_600_000;
    clock.now = () => asleep;
    expect(await refresher.accessToken()).toBe('a2');
    expect(provider.log).toEqual(['r0', 'r1']);
  });

  it('keeps going while the keychain is broken, and stores again when it works', async () => {
    const { refresher, store, told } = setUp();
    await refresher.accessToken();
    store.broken = true;
    expect(await refresher.refreshNow('a1')).toBe('a2');
    expect(await refresher.refreshNow('a2')).toBe('a3');
    store.broken = false;
    // What the store holds is older than what we hold: it must not be presented.
    expect(await refresher.refreshNow('a3')).toBe('a4');
    expect(told).toEqual(['confirmed', 'confirmed', 'confirmed', 'confirmed']);
    expect(store.value?.refreshToken).toBe('r4');
  });

  it('revokes what arrives after the session was ended', async () => {
    const { refresher, provider, store } = setUp();
    const late = codeOf(refresher.accessToken());
    await Promise.resolve();
    refresher.forget();
    store.value = null;
    expect(await late).toBe('session.required');
    await Promise.resolve();
    expect(provider.log.length === 0 || provider.revoked.length === 1).toBe(true);
    expect(store.value).toBeNull();
  });
});

describe('locking', () => {
  it('drops the tokens and takes them up again from the store', async () => {
    const { refresher, provider } = setUp();
    expect(await refresher.accessToken()).toBe('a1');
    refresher.lock();
    refresher.unlock();
    expect(await refresher.accessToken()).toBe('a2');
    expect(provider.log).toEqual(['r0', 'r1']);
  });

  it('lets a refresh under way end in the store, so that its token is not lost, and keeps nothing of it', async () => {
    const { refresher, store, provider, clock } = setUp();
    const running = refresher.accessToken();
    refresher.lock();
    await running;
    expect(store.value?.refreshToken).toBe('r1');
    expect(provider.revoked).toEqual([]);
    // No timer renews a token that nobody may hold.
    await clock.advance(3_600_000);
    expect(provider.log).toEqual(['r0']);
    refresher.unlock();
    expect(await refresher.accessToken()).toBe('a2');
  });

  it('keeps the only copy of a token that the store would not take', async () => {
    const { refresher, store, provider } = setUp();
    store.broken = false;
    const running = refresher.accessToken();
    await Promise.resolve();
    await running;
    store.broken = true;
    await refresher.refreshNow('a1').catch(() => undefined);
    refresher.lock();
    store.broken = false;
    refresher.unlock();
    expect(await refresher.refreshNow('a2')).toBe('a3');
    expect(provider.log).toEqual(['r0', 'r1', 'r2']);
  });
});
