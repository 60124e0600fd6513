import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../main/erp/manual-clock.ts';
import type { HttpFetch } from '../../main/erp/ports.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { backend, codeOf, isGood, newSession, profile, stored } from './auth-client.ts';

describe('staying signed in', () => {
  it('comes back at once after a restart and confirms behind it', async () => {
    const store = createMemoryStore();
    const before = await newSession({ store }).signIn();
    const again = newSession({ store });
    const restored = await again.restore();
    expect(restored).toMatchObject({ status: 'signedIn', needsSignIn: false });
    expect(restored.status === 'signedIn' && before.status === 'signedIn' && restored.account).toEqual(before.status === 'signedIn' && before.account);
    expect(await isGood(await again.accessToken())).toBe(true);
  });

  it('stays signed in without a network, with the time of the last confirmation', async () => {
    const store = createMemoryStore();
    const before = await newSession({ store }).signIn();
    const offline: HttpFetch = () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }));
    const again = newSession({ store, fetch: offline });
    expect(await again.restore()).toMatchObject({ status: 'signedIn', needsSignIn: false, confirmedAt: before.status === 'signedIn' ? before.confirmedAt : null });
    expect(await codeOf(again.accessToken())).toBe('network.unreachable');
    expect(again.state()).toMatchObject({ status: 'signedIn', needsSignIn: false });
    expect((await stored(store)).refreshToken).toBeTruthy();
  });

  it('shares one refresh among all callers and stores the new token first', async () => {
    const store = createMemoryStore();
    let tokenRequests = 0;
    const made = newSession({ store, fetch: (url, init) => { if (url.endsWith('/token')) tokenRequests++; return fetch(url, init); } });
    await made.signIn();
    const [old, oldRefresh] = [await made.accessToken(), (await stored(store)).refreshToken];
    tokenRequests = 0;
    const fresh = await Promise.all(Array.from({ length: 20 }, () => made.refreshNow(old)));
    expect(tokenRequests).toBe(1);
    expect(new Set(fresh).size).toBe(1);
    expect(fresh[0]).not.toBe(old);
    expect((await stored(store)).refreshToken).not.toBe(oldRefresh);
    // Somebody who still holds the old token gets the new one without another request.
    expect(await made.refreshNow(old)).toBe(fresh[0]);
    expect(tokenRequests).toBe(1);
  });

  it('refreshes before the token ends', async () => {
    const clock = createManualClock(Date.now());
    const made = newSession({ clock, random: () => 0 });
    await made.signIn();
    const first = await made.accessToken();
    await clock.advance(600_000 * 0.7 - 1000);
    expect(await made.accessToken()).toBe(first);
    await clock.advance(2000);
    await expect.poll(() => made.accessToken()).not.toBe(first);
  });

  it('asks for a new sign-in when the session was revoked, keeps the account, and tells nobody "signed out"', async () => {
    const store = createMemoryStore();
    const made = newSession({ store });
    await made.signIn();
    const token = await made.accessToken();
    backend.control.revokeTokens();
    expect(await codeOf(made.refreshNow(token))).toBe('session.expired');
    expect(made.state()).toMatchObject({ status: 'signedIn', needsSignIn: true, account: { userName: 'sales' } });
    expect(await codeOf(made.accessToken())).toBe('session.expired');
    expect((await stored(store)).refreshToken).toBeNull();
    const again = newSession({ store });
    expect(await again.restore()).toMatchObject({ status: 'signedIn', needsSignIn: true });
    expect(await again.signIn()).toMatchObject({ status: 'signedIn', needsSignIn: false });
    expect(await isGood(await again.accessToken())).toBe(true);
  });

  it('stays as it was when a renewed sign-in is cancelled', async () => {
    const made = newSession();
    await made.signIn();
    backend.control.revokeTokens();
    await codeOf(made.refreshNow(await made.accessToken()));
    const result = codeOf(made.signIn());
    expect(made.state()).toMatchObject({ status: 'signedIn', needsSignIn: true });
    made.cancelSignIn();
    expect(['login.cancelled', 'resolved']).toContain(await result);
  });

  it('takes the token that another process has stored meanwhile', async () => {
    const store = createMemoryStore();
    const [one, two] = [newSession({ store }), newSession({ store })];
    await one.signIn();
    await two.restore();
    await two.accessToken();
    const token = await one.accessToken();
    // `two` has rotated the token; `one` reads the store before each refresh and so never presents the old one.
    expect(await isGood(await one.refreshNow(token))).toBe(true);
    expect(one.state()).toMatchObject({ needsSignIn: false });
  });

  it('goes on in memory when the keychain cannot be written', async () => {
    const store = createMemoryStore();
    const made = newSession({ store });
    await made.signIn();
    store.set = () => Promise.reject(new Error('keychain went away'));
    store.get = () => Promise.reject(new Error('keychain went away'));
    for (let round = 0; round < 3; round++) expect(await isGood(await made.refreshNow(await made.accessToken()))).toBe(true);
    expect(made.state()).toMatchObject({ status: 'signedIn', needsSignIn: false });
  });

  it('is no logout when the provider is down', async () => {
    const made = newSession();
    await made.signIn();
    const token = await made.accessToken();
    backend.control.fail({ path: /\/token/, fault: { kind: 'answer', status: 503, body: 'down' } });
    expect(await codeOf(made.refreshNow(token))).toBe('login.provider');
    backend.control.fail({ path: /\/token/, fault: { kind: 'dropBefore' } });
    expect(await codeOf(made.refreshNow(token))).toBe('network.interrupted');
    expect(made.state()).toMatchObject({ status: 'signedIn', needsSignIn: false });
    expect(await isGood(await made.refreshNow(token))).toBe(true);
  });

  it('belongs to the provider and client that it was made with', async () => {
    const store = createMemoryStore();
    await newSession({ store }).signIn();
    expect((await newSession({ store, profile: profile({ clientId: 'another' }) }).restore()).status).toBe('signedOut');
  });
});

describe('signing out', () => {
  it('wipes the store first, then revokes at the provider', async () => {
    const store = createMemoryStore();
    const made = newSession({ store });
    await made.signIn();
    const { refreshToken } = await stored(store);
    expect(await made.signOut()).toEqual({ status: 'signedOut', persistence: { kind: 'keychain' } });
    expect(store.entries()).toEqual([]);
    expect(await codeOf(made.accessToken())).toBe('session.required');
    await expect.poll(async () => {
      const answer = await fetch(`${backend.issuer}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: backend.clientId, refresh_token: refreshToken ?? '' }) });
      return ((await answer.json()) as { error?: string }).error;
    }).toBe('invalid_grant');
  });

  it('works offline, also right after a start', async () => {
    const store = createMemoryStore();
    await newSession({ store }).signIn();
    const again = newSession({ store, fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await again.restore();
    expect((await again.signOut()).status).toBe('signedOut');
    expect(store.entries()).toEqual([]);
    expect((await newSession({ store }).restore()).status).toBe('signedOut');
  });

  it('makes an answer worthless that was under way', async () => {
    const store = createMemoryStore();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    let slow = false;
    const made = newSession({ store, fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (slow && url.endsWith('/token')) await held;
      return response;
    } });
    await made.signIn();
    slow = true;
    const refreshed = codeOf(made.refreshNow(await made.accessToken()));
    await made.signOut();
    release();
    expect(await refreshed).toBe('session.required');
    expect(store.entries()).toEqual([]);
    expect(made.state().status).toBe('signedOut');
  });
});
