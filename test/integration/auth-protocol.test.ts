import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, decodeJwt, EmbeddedJWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { withEntraCapability } from '../../main/auth/claims/entra-capability.ts';
import type { Session } from '../../main/auth/ports.ts';
import { createHttp } from '../../main/erp/http.ts';
import { systemClock, type HttpFetch } from '../../main/erp/ports.ts';
import { createLimits } from '../../main/erp/limits.ts';
import { silentLog } from '../../main/log/log.ts';
import { createMemoryStore, type MemoryStore } from '../../main/secrets/memory.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { backend, browser, codeOf, newSession, profile, stored, type Pages } from './auth-client.ts';
import { approveDevice } from './device-browser.ts';

const client = (baseUrl: string, tokens: Session) => createHttp({ baseUrl, tokens, fetch: (url, init) => fetch(url, init), clock: systemClock, log: silentLog, limits: createLimits({ clock: systemClock }) });
const status = { method: 'GET', path: '/api/v1/status', schema: z.unknown() } as const;

describe('tokens bound to a key (RFC 9449)', () => {
  const backends: Backend[] = [];
  const resource = { url: '', wantsNonce: false, proofs: [] as string[], refusals: [] as string[] };
  const server = createServer((request, response) => {
    void judge(request.headers, request.method ?? '', `${resource.url}${request.url?.split('?')[0] ?? ''}`).then(() => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    }, (error: Error) => {
      resource.refusals.push(error.message);
      const nonce = error.message === 'use_dpop_nonce' ? { 'dpop-nonce': 'n-1' } : {};
      response.writeHead(401, { 'www-authenticate': `DPoP error="${error.message}"`, ...nonce }).end('{}');
    });
  });

  /** What a server has to check of a bound token: RFC 9449 section 4.3. */
  async function judge({ authorization = '', dpop }: IncomingHttpHeaders, method: string, url: string): Promise<void> {
    const [scheme, token = ''] = authorization.split(' ');
    if (scheme !== 'DPoP' || typeof dpop !== 'string') throw new Error('invalid_token');
    const { payload, protectedHeader } = await jwtVerify(dpop, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'], maxTokenAge: 60 });
    const isRight = payload['htm'] === method && payload['htu'] === url && payload['ath'] === createHash('sha256').update(token).digest('base64url')
      && (decodeJwt(token)['cnf'] as { jkt?: string } | undefined)?.jkt === await calculateJwkThumbprint(protectedHeader.jwk ?? {}) && !resource.proofs.includes(String(payload.jti));
    if (!isRight || JSON.stringify(protectedHeader).includes('"d"')) throw new Error('invalid_dpop_proof');
    resource.proofs.push(String(payload.jti));
    if (resource.wantsNonce && payload['nonce'] !== 'n-1') throw new Error('use_dpop_nonce');
  }

  beforeAll(async () => {
    backends.push(await startBackend({ documents: 5, rateLimits: false, idp: { dpop: true } }), await startBackend({ documents: 5, rateLimits: false, idp: { dpop: 'nonce' } }));
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    resource.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    await Promise.all(backends.map((one) => one.close()));
  });

  it.each([['without nonces', 0], ['where the provider demands a nonce', 1]])('are asked for, stored with their key, renewed after a restart and proven at the ERP: %s', async (_what, index) => {
    const issuer = backends[index]?.issuer ?? '';
    const store = createMemoryStore();
    const made = newSession({ store, profile: profile({ issuer }) });
    await made.signIn();
    const entry = await stored(store) as { refreshToken: string; dpopKey: { d: string } };
    expect(entry.dpopKey).toMatchObject({ kty: 'EC', crv: 'P-256' });
    await client(resource.url, made).request(status);
    expect(await codeOf(made.refreshNow(await made.accessToken()))).toBe('resolved');

    // The refresh token of a public client is bound as well: without the key nobody can use it.
    const stolen = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: backend.clientId, refresh_token: (await stored(store)).refreshToken ?? '' }) });
    expect(stolen.status).toBe(400);

    const again = newSession({ store, profile: profile({ issuer }) });
    await again.restore();
    await client(resource.url, again).request(status);
    expect((await stored(store) as typeof entry).dpopKey).toEqual(entry.dpopKey);
  });

  it('answers the ERP\'s demand for a nonce, once, and remembers it', async () => {
    const made = newSession({ profile: profile({ issuer: backends[0]?.issuer }) });
    await made.signIn();
    resource.wantsNonce = true;
    resource.refusals = [];
    const http = client(resource.url, made);
    await http.request(status);
    await http.request(status);
    resource.wantsNonce = false;
    expect(resource.refusals).toEqual(['use_dpop_nonce']);
  });

  it('are proven with the right time on a computer whose clock is ten minutes off', async () => {
    const made = newSession({ profile: profile({ issuer: backends[0]?.issuer }), clock: { ...systemClock, now: () => Date.now() + 600_000 } });
    await made.signIn();
    resource.refusals = [];
    await client(resource.url, made).request(status);
    expect(resource.refusals).toEqual([]);
  });

  it('are sent as ordinary bearers to an ERP that does not know proofs, without trying again each time', async () => {
    const issuing = backends[0];
    const made = newSession({ profile: profile({ issuer: issuing?.issuer }) });
    await made.signIn();
    const http = client(issuing?.erp ?? '', made);
    issuing?.control.clearRequests();
    for (let round = 0; round < 3; round++) await http.request(status);
    expect(issuing?.control.requests.filter((one) => one.path === status.path).map((one) => one.status)).toEqual([401, 200, 200, 200]);
  });

  it('are not asked for where the provider has none', async () => {
    const store = createMemoryStore();
    const made = newSession({ store });
    await made.signIn();
    expect(await made.proof({ token: await made.accessToken(), method: 'GET', url: backend.erp })).toBeNull();
    expect(await stored(store)).not.toHaveProperty('dpopKey.d');
    await client(backend.erp, made).request(status);
  });
});

describe('a stronger login (RFC 9470, Entra ID)', () => {
  const path = '/api/v1/status';
  const challenge = (header: string, times = 1): void => backend.control.fail({ path: /\/api\/v1\/status/, times, fault: { kind: 'answer', status: 401, headers: { 'www-authenticate': header } } });
  const entra = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } });

  /** A session whose requests to the provider are seen; somebody else may answer the second login. */
  async function signedIn(second: string | null = 'sales'): Promise<{ made: Session; asked: URLSearchParams[]; logins: () => number; store: MemoryStore; pages: Pages }> {
    const asked: URLSearchParams[] = [];
    let logins = 0;
    const pages: Pages = [];
    const store = createMemoryStore();
    const seeing: HttpFetch = (url, init) => {
      if (url.endsWith('/request')) asked.push(new URLSearchParams(init?.body as URLSearchParams));
      return fetch(url, init);
    };
    const made = newSession({ store, fetch: seeing, openBrowser: (url) => browser(++logins === 1 ? 'sales' : second, pages)(url) });
    await made.signIn();
    return { made, asked, logins: () => logins, store, pages };
  }

  it.each([
    ['acr_values and max_age', 'Bearer error="insufficient_user_authentication", acr_values="gold", max_age="60"', { acr_values: 'gold', max_age: '60', login_hint: 'sales' }],
    ['max_age alone', 'Bearer error="insufficient_user_authentication", max_age="0"', { max_age: '0' }],
  ])('%s: asks for it, and the blocked request goes through once', async (_what, header, expected) => {
    const { made, asked, logins } = await signedIn();
    const before = await made.accessToken();
    backend.control.clearRequests();
    challenge(header);
    await client(backend.erp, made).request({ ...status, path });
    expect(logins()).toBe(2);
    expect(Object.fromEntries(asked[1] ?? [])).toMatchObject(expected);
    expect(backend.control.requests.filter((one) => one.path === path).map((one) => one.status)).toEqual([401, 200]);
    expect(await made.accessToken()).not.toBe(before);
    const state = made.state();
    expect(state.status === 'signedIn' && Math.abs((state.account.authTime ?? 0) - Date.now()) < 30_000).toBe(true);
  });

  it('tells Entra ID with every login that challenges are understood', () => {
    expect(JSON.parse(withEntraCapability(null))).toEqual({ access_token: { xms_cc: { values: ['cp1'] } } });
    expect(JSON.parse(withEntraCapability(entra))).toEqual({ access_token: { acrs: { essential: true, value: 'c1' }, xms_cc: { values: ['cp1'] } } });
  });

  it('hands Entra ID\'s claims on', async () => {
    const { made, asked } = await signedIn();
    challenge(`Bearer realm="", error="insufficient_claims", claims="${Buffer.from(entra).toString('base64')}"`);
    // The reference provider does not know the claims parameter and ignores it.
    await client(backend.erp, made).request({ ...status, path });
    expect(asked[1]?.get('claims')).toBe(entra);
  });

  it('asks the person once for many blocked requests', async () => {
    const { made, logins } = await signedIn();
    challenge('Bearer error="insufficient_user_authentication", max_age="60"', 3);
    const http = client(backend.erp, made);
    await Promise.all([1, 2, 3].map(() => http.request({ ...status, path })));
    expect(logins()).toBe(2);
  });

  it('does not ask again for a request that was on its way while the person signed in', async () => {
    const { made, logins } = await signedIn();
    const demand = { acrValues: ['gold'], maxAge: null, claims: null };
    const since = Date.now();
    await made.stepUp(demand, { since });
    await made.stepUp(demand, { since });
    expect(logins()).toBe(2);
    await made.stepUp(demand, { since: Date.now() + 1 });
    await made.stepUp({ ...demand, maxAge: 0 }, { since });
    expect(logins()).toBe(4);
  });

  it('does not ask in a circle when the server is never content', async () => {
    const { made, logins } = await signedIn();
    challenge('Bearer error="insufficient_user_authentication", acr_values="gold"', 10);
    expect(await codeOf(client(backend.erp, made).request({ ...status, path }))).toBe('server.unauthorised');
    expect(logins()).toBe(2);
    expect(made.state()).toMatchObject({ status: 'signedIn', needsSignIn: false });
  });

  it('never opens the browser for background work', async () => {
    const { made, logins } = await signedIn();
    challenge('Bearer error="insufficient_user_authentication", acr_values="gold"');
    expect(await codeOf(client(backend.erp, made).request({ ...status, path, priority: 'background' }))).toBe('server.unauthorised');
    expect(logins()).toBe(1);
  });

  it('is not met by another person, and the session stays as it was', async () => {
    const { made, store, pages } = await signedIn('admin');
    const [before, token] = [(await stored(store)).refreshToken, await made.accessToken()];
    challenge('Bearer error="insufficient_user_authentication", max_age="60"');
    expect(await codeOf(client(backend.erp, made).request({ ...status, path }))).toBe('login.denied');
    expect(made.state()).toMatchObject({ status: 'signedIn', account: { userName: 'sales' } });
    expect([(await stored(store)).refreshToken, await made.accessToken()]).toEqual([before, token]);
    await expect.poll(() => pages.map((page) => page.status)).toEqual([200, 400]);
  });

  it('leaves the action undone when the person refuses', async () => {
    const { made } = await signedIn(null);
    challenge('Bearer error="insufficient_user_authentication", max_age="60"');
    expect(await codeOf(client(backend.erp, made).request({ ...status, path }))).toBe('login.denied');
    expect(made.state()).toMatchObject({ status: 'signedIn', needsSignIn: false, account: { userName: 'sales' } });
  });
});

describe('signing in on another device (RFC 8628)', () => {
  it('shows a code, waits, and is signed in', async () => {
    const store = createMemoryStore();
    const made = newSession({ store, openBrowser: () => Promise.reject(new Error('no browser here')) });
    const codes: string[] = [];
    const state = await made.signInWithDeviceCode(({ userCode, verificationUri, verificationUriComplete, expiresAt }) => {
      codes.push(userCode);
      expect(verificationUri).toBe(`${backend.issuer}/device`);
      expect(expiresAt).toBeGreaterThan(Date.now());
      void approveDevice(new URL(verificationUriComplete ?? ''), { name: 'sales', password: 'sales-demo' });
    });
    expect(codes).toHaveLength(1);
    expect(state).toMatchObject({ status: 'signedIn', account: { subject: 'sales' } });
    expect((await stored(store)).refreshToken).toBeTruthy();
  });

  it('can be cancelled while it waits', async () => {
    const store = createMemoryStore();
    const made = newSession({ store });
    const result = codeOf(made.signInWithDeviceCode(() => setTimeout(() => made.cancelSignIn(), 50)));
    expect(await result).toBe('login.cancelled');
    expect(store.entries()).toEqual([]);
  });

  it('says when the provider does not offer it', async () => {
    const without: HttpFetch = async (url, init) => {
      const answer = await fetch(url, init);
      if (!url.endsWith('openid-configuration')) return answer;
      const { device_authorization_endpoint: _, ...metadata } = await answer.json() as Record<string, unknown>;
      return Response.json(metadata);
    };
    expect(await codeOf(newSession({ fetch: without }).signInWithDeviceCode(() => undefined))).toBe('server.unsupported');
  });
});

describe('signing out everywhere', () => {
  it('wipes this computer first, then sends the browser to the provider', async () => {
    const store = createMemoryStore();
    const opened: string[] = [];
    const made = newSession({ store, openBrowser: (url) => { opened.push(url); return opened.length === 1 ? browser('sales')(url) : Promise.resolve(); } });
    await made.signIn();
    expect(await made.signOutEverywhere()).toMatchObject({ state: { status: 'signedOut' }, providerPageOpened: true });
    expect(store.entries()).toEqual([]);
    const address = new URL(opened[1] ?? '');
    expect(address.href.startsWith(`${backend.issuer}/session/end?`)).toBe(true);
    expect(address.searchParams.get('client_id')).toBe(backend.clientId);
    expect((await fetch(address)).status).toBe(200);
  });

  it('signs this computer out when the provider cannot be reached', async () => {
    const store = createMemoryStore();
    await newSession({ store }).signIn();
    const again = newSession({ store, fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await again.restore();
    expect(await again.signOutEverywhere()).toMatchObject({ state: { status: 'signedOut' }, providerPageOpened: false });
    expect(store.entries()).toEqual([]);
  });
});
