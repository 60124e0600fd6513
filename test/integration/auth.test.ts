import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../main/auth/session.ts';
import type { Session, SessionOptions } from '../../main/auth/ports.ts';
import { createManualClock } from '../../main/erp/manual-clock.ts';
import { systemClock, type HttpFetch } from '../../main/erp/ports.ts';
import { createLog } from '../../main/log/create.ts';
import { createMemoryStore, type MemoryStore } from '../../main/secrets/memory.ts';
import { connectionProfileSchema } from '../../shared/domain/profile.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { submitLoginForm } from '../backend/login.ts';
import { makeCertificate } from './certificates.ts';

let backend: Backend;
const sessions: Session[] = [];
const logLines: string[] = [];
const { log } = createLog({ alsoTo: (line) => logLines.push(line), level: 'debug' });

let closedPort = 0;

beforeAll(async () => {
  backend = await startBackend({ documents: 20, rateLimits: false });
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  closedPort = (server.address() as AddressInfo).port;
  await new Promise((resolve) => { server.close(resolve); });
});
afterAll(async () => { await backend.close(); });
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
  backend.control.clearFaults();
});

const profile = (more: Record<string, unknown> = {}) =>
  connectionProfileSchema.parse({ id: 'it', name: 'IT', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId, ...more });

type Pages = { status: number; text: string; headers: Headers }[];

/** What the browser does with the address it is given; `change` alters the way back. */
function browser(userName: string | null, pages: Pages = [], change: (callback: URL) => URL | null = (callback) => callback) {
  return async (url: string): Promise<void> => {
    const account = backend.users.find(({ name }) => name === userName);
    void submitLoginForm(new URL(url), account ?? null).then(async (callback) => {
      const target = change(callback);
      if (target === null) return;
      const answer = await fetch(target);
      pages.push({ status: answer.status, text: await answer.text(), headers: answer.headers });
    }).catch((error: unknown) => log.debug('the browser did not come through', { error }));
  };
}

function newSession(more: Partial<SessionOptions> & { store?: MemoryStore } = {}): Session {
  const { store = createMemoryStore(), ...options } = more;
  const made = createSession({ profile: profile(), secrets: store, persistence: { kind: 'keychain' }, fetch: (url, init) => fetch(url, init), openBrowser: browser('sales'), clock: systemClock, log, ...options });
  sessions.push(made);
  return made;
}

const failureOf = async (promise: Promise<unknown>): Promise<AppFailure['error'] | string> =>
  promise.then(() => 'resolved', (error: unknown) => (error instanceof AppFailure ? error.error : String(error)));
const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await failureOf(promise);
  return typeof error === 'string' ? error : error.code;
};

const isGood = async (token: string): Promise<boolean> => (await fetch(`${backend.erp}/api/v1/status`, { headers: { authorization: `Bearer ${token}` } })).ok;
const stored = async (store: MemoryStore): Promise<{ refreshToken: string | null }> => JSON.parse((await store.get('session.it')) ?? 'null') as { refreshToken: string | null };

describe('signing in', () => {
  it('ends with a token that the ERP takes, the account from the claims, and the page in the browser', async () => {
    const store = createMemoryStore();
    const pages: Pages = [];
    const made = newSession({ store, openBrowser: browser('sales', pages) });
    const seen: string[] = [];
    made.on((state) => seen.push(state.status));
    expect(made.state()).toEqual({ status: 'signedOut', persistence: { kind: 'keychain' } });
    const state = await made.signIn();
    expect(seen).toEqual(['signingIn', 'signedIn']);
    expect(state).toMatchObject({ status: 'signedIn', needsSignIn: false, account: { subject: 'sales', userName: 'sales', displayName: 'Vera Vertrieb', email: 'sales@valeo.example', tenantId: 'demo', roles: ['sales'], scopeSource: 'token' } });
    expect(await isGood(await made.accessToken())).toBe(true);
    expect((await stored(store)).refreshToken).toBeTruthy();
    expect(made.loginAddress()).toBeNull();
    await expect.poll(() => pages.length).toBe(1);
    expect(pages[0]?.status).toBe(200);
    expect(pages[0]?.text).toContain('Sie sind angemeldet');
    expect(pages[0]?.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  });

  it('keeps the login address while it runs, joins a second call, and can be cancelled', async () => {
    const made = newSession({ openBrowser: async () => undefined });
    const first = codeOf(made.signIn());
    const second = codeOf(made.signIn());
    await expect.poll(() => made.loginAddress()).toContain(`${backend.issuer}/auth?`);
    expect(made.state().status).toBe('signingIn');
    made.cancelSignIn();
    expect(await Promise.all([first, second])).toEqual(['login.cancelled', 'login.cancelled']);
    expect(made.state().status).toBe('signedOut');
    expect(made.loginAddress()).toBeNull();
  });

  it('is cancelled by its signal', async () => {
    const controller = new AbortController();
    const result = codeOf(newSession({ openBrowser: async () => undefined }).signIn(controller.signal));
    controller.abort();
    expect(await result).toBe('login.cancelled');
  });

  it('times out when the browser window is closed', async () => {
    const clock = createManualClock(Date.now());
    const made = newSession({ clock, openBrowser: async () => undefined });
    const result = codeOf(made.signIn());
    await expect.poll(() => made.loginAddress()).not.toBeNull();
    await clock.advance(5 * 60_000);
    expect(await result).toBe('login.timedOut');
  });

  it('is denied when the person presses cancel at the provider', async () => {
    const pages: Pages = [];
    expect(await codeOf(newSession({ openBrowser: browser(null, pages) }).signIn())).toBe('login.denied');
    await expect.poll(() => pages[0]?.text).toContain('Die Anmeldung ist nicht gelungen');
    expect(pages[0]?.status).toBe(400);
  });

  it('says when no browser could be started', async () => {
    expect(await codeOf(newSession({ openBrowser: () => Promise.reject(new Error('xdg-open: not found')) }).signIn())).toBe('login.browser');
  });

  it('says when no port can be bound', async () => {
    expect(await codeOf(newSession({ listen: () => Promise.reject(Object.assign(new Error('listen'), { code: 'EADDRINUSE' })) }).signIn())).toBe('login.portTaken');
  });

  it.each([
    ['a wrong state', 'login.stateMismatch', (url: URL) => { url.searchParams.set('state', 'wrong'); return url; }],
    ['no state', 'login.stateMismatch', (url: URL) => { url.searchParams.delete('state'); return url; }],
    ['a wrong issuer', 'login.issuerMismatch', (url: URL) => { url.searchParams.set('iss', 'https://evil.example'); return url; }],
    ['no issuer', 'login.issuerMismatch', (url: URL) => { url.searchParams.delete('iss'); return url; }],
    ['a wrong code', 'login.provider', (url: URL) => { url.searchParams.set('code', 'wrong'); return url; }],
    ['an error word made up by somebody', 'login.provider', (url: URL) => { url.searchParams.delete('code'); url.searchParams.set('error', '<script>'); return url; }],
  ])('refuses %s', async (_what, code, change) => {
    const store = createMemoryStore();
    const error = await failureOf(newSession({ store, openBrowser: browser('sales', [], change) }).signIn());
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error)).not.toContain('<script>');
    expect(store.entries()).toEqual([]);
  });

  it('refuses a provider that calls itself something else', async () => {
    const other = backend.issuer.replace('127.0.0.1', 'localhost');
    expect(await codeOf(newSession({ profile: profile({ issuer: other }) }).signIn())).toBe('login.issuerMismatch');
  });

  it('says when the clock is wrong, and by how much', async () => {
    const realNow = Date.now;
    const hour = 3_600_000;
    try {
      // A computer whose clock is an hour fast sees every token as expired; the provider lives in the same process, so only the check of the answer is moved.
      const made = newSession({ clock: { ...systemClock, now: () => realNow() + hour }, fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (url.endsWith('/token')) Date.now = () => realNow() + hour;
        return response;
      } });
      expect(await failureOf(made.signIn())).toMatchObject({ code: 'login.clock', params: { minutes: '60' } });
    } finally {
      Date.now = realNow;
    }
  });

  it.each([
    ['is not there', () => profile({ issuer: `http://127.0.0.1:${closedPort}` }), 'network.unreachable'],
    ['has a name that does not exist', () => profile({ issuer: 'https://idp.invalid' }), 'network.unreachable'],
  ])('says when the provider %s', async (_what, made, code) => {
    expect(await codeOf(newSession({ profile: made() }).signIn())).toBe(code);
  });

  it('says when the provider answers nonsense', async () => {
    backend.control.fail({ path: /openid-configuration/, fault: { kind: 'html', status: 200 } });
    const made = newSession();
    expect(await codeOf(made.signIn())).toBe('login.provider');
    backend.control.fail({ path: /openid-configuration/, fault: { kind: 'answer', status: 503, body: 'down' } });
    expect(await codeOf(made.signIn())).toBe('login.provider');
    backend.control.fail({ path: /openid-configuration/, fault: { kind: 'dropBefore' }, times: 5 });
    expect(await codeOf(made.signIn())).toBe('network.interrupted');
    backend.control.clearFaults();
    expect((await made.signIn()).status).toBe('signedIn');
  });
});

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

describe('certificates', () => {
  it('tells self-signed from expired', async () => {
    for (const [kind, code] of [['self-signed', 'tls.untrusted'], ['expired', 'tls.expired'], ['other-name', 'tls.nameMismatch']] as const) {
      const { key, cert, ca } = makeCertificate(kind);
      const server = createHttpsServer({ key, cert }, (_request, response) => response.end('{}'));
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      const { port } = server.address() as AddressInfo;
      const trusting = trustingFetch(ca);
      const error = await failureOf(newSession({ profile: profile({ issuer: `https://127.0.0.1:${port}` }), fetch: trusting }).signIn());
      expect(error, kind).toMatchObject({ code, params: { host: `127.0.0.1:${port}` } });
      server.close();
    }
  });
});

/** A fetch that trusts one more authority, as a PC with the company's certificate does. */
function trustingFetch(ca: string | null): HttpFetch {
  if (ca === null) return (url, init) => fetch(url, init);
  return (url, init = {}) => new Promise((resolve, reject) => {
    const outgoing = httpsRequest(url, { ca, method: init.method ?? 'GET', headers: init.headers as Record<string, string> }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      answer.on('end', () => resolve(new Response(text, { status: answer.statusCode ?? 500 })));
    });
    outgoing.on('error', (error) => reject(new TypeError('fetch failed', { cause: error })));
    outgoing.end();
  });
}

describe('the log', () => {
  it('holds no token, code or password of all these logins', () => {
    const text = logLines.join('\n');
    expect(logLines.length).toBeGreaterThan(20);
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
    expect(text).not.toMatch(/code=(?!\[redacted\])\w{10,}/);
    for (const { password } of backend.users) expect(text).not.toContain(password);
  });
});
