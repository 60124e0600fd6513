import { request as httpRequest } from 'node:http';
import { SignJWT, type JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import type { ErrorCode } from '../../shared/ipc/errors.ts';
import { backend, browser, codeOf, failureOf, isGood, newSession, profile, stored, type Pages } from './auth-client.ts';
import { answer, createHostileProxy, createSigner, json, sign, type HostileProxy, type Mutation } from './hostile-proxy.ts';

let proxy: HostileProxy;
beforeAll(async () => { proxy = await createHostileProxy(backend); });
afterAll(async () => { await proxy.close(); });
afterEach(() => proxy.lie({}));

const seconds = (): number => Math.floor(Date.now() / 1000);
const tooSlowMs = 30_000;
/** Of a person who meets a provider that is too slow; everybody else has the time that a busy machine may need, for making a key as well. */
const impatient = { requestTimeoutSeconds: 2 };
const session = (more: Parameters<typeof newSession>[0] = {}) => newSession({ profile: profile({ issuer: proxy.issuer }), ...more });

/** After a failure nothing may be left of the attempt: no token, no state, no open address. */
async function refused(run: (store: ReturnType<typeof createMemoryStore>) => ReturnType<typeof session>, code: ErrorCode): Promise<void> {
  const store = createMemoryStore();
  const made = run(store);
  const error = await failureOf(made.signIn());
  expect(error).toMatchObject({ code, messageKey: `errors.${code}` });
  expect(JSON.stringify(error)).not.toMatch(/eyJ|<script|<html|evil\.example/);
  expect(store.entries()).toEqual([]);
  expect(made.state()).toEqual({ status: 'signedOut', persistence: { kind: 'keychain' } });
  expect(made.loginAddress()).toBeNull();
  expect(await codeOf(made.accessToken())).toBe('session.required');
}

const edit = (change: (params: URLSearchParams) => void) => (url: URL): URL => { change(url.searchParams); return url; };

describe('the way back from the browser', () => {
  it.each<[string, ErrorCode, (url: URL) => URL]>([
    ['a wrong state', 'login.stateMismatch', edit((params) => params.set('state', 'wrong'))],
    ['an empty state', 'login.stateMismatch', edit((params) => params.set('state', ''))],
    ['no state', 'login.stateMismatch', edit((params) => params.delete('state'))],
    ['two states', 'login.stateMismatch', edit((params) => params.append('state', 'other'))],
    ['two codes', 'login.invalidResponse', edit((params) => params.append('code', 'other'))],
    ['no code', 'login.invalidResponse', edit((params) => params.delete('code'))],
    ['a code of somebody else', 'login.provider', edit((params) => params.set('code', 'Zm9yZWlnbg'))],
    ['another issuer', 'login.issuerMismatch', edit((params) => params.set('iss', 'https://evil.example'))],
    ['no issuer', 'login.issuerMismatch', edit((params) => params.delete('iss'))],
    ['two issuers', 'login.invalidResponse', edit((params) => params.append('iss', 'https://evil.example'))],
    ['an ID token in the address', 'login.invalidResponse', edit((params) => params.set('id_token', 'eyJhbGciOiJub25lIn0.e30.'))],
    ['a packed answer', 'login.invalidResponse', edit((params) => params.set('response', 'eyJhbGciOiJub25lIn0.e30.'))],
    ['access denied', 'login.denied', edit((params) => { params.delete('code'); params.set('error', 'access_denied'); })],
    ['access denied with a wrong state', 'login.stateMismatch', edit((params) => { params.delete('code'); params.set('error', 'access_denied'); params.set('state', 'x'); })],
    ['a server error', 'login.provider', edit((params) => { params.delete('code'); params.set('error', 'server_error'); })],
    ['an error and a code', 'login.provider', edit((params) => params.set('error', 'temporarily_unavailable'))],
    ['an error word made of script', 'login.provider', edit((params) => { params.delete('code'); params.set('error', '<script>alert(1)</script>'); params.set('error_description', '<script>'); })],
  ])('%s', async (_what, code, change) => {
    await refused((store) => session({ store, openBrowser: browser('sales', [], (url) => {
      // The proxy is the issuer, so an honest answer names it.
      if (url.searchParams.has('iss')) url.searchParams.set('iss', proxy.issuer);
      return change(url);
    }) }), code);
  });
});

/** The browser as it is when the provider itself is the problem; the answer's issuer is the proxy. */
const honestBrowser = (pages: Pages = []) => browser('sales', pages, edit((params) => params.set('iss', proxy.issuer)));

const idTokenCases: [string, ErrorCode, Mutation][] = [
  ['a wrong nonce', 'login.invalidResponse', { claims: (claims) => ({ ...claims, nonce: 'wrong' }) }],
  ['no nonce', 'login.invalidResponse', { claims: ({ nonce: _, ...claims }) => claims }],
  ['another issuer', 'login.issuerMismatch', { claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }],
  ['no issuer', 'login.issuerMismatch', { claims: ({ iss: _, ...claims }) => claims }],
  ['another audience', 'login.invalidResponse', { claims: (claims) => ({ ...claims, aud: 'another-client' }) }],
  ['many audiences and another authorised party', 'login.invalidResponse', { claims: (claims) => ({ ...claims, aud: [backend.clientId, 'another-client'], azp: 'another-client' }) }],
  ['no audience', 'login.invalidResponse', { claims: ({ aud: _, ...claims }) => claims }],
  ['an end in the past', 'login.clock', { claims: (claims) => ({ ...claims, exp: seconds() - 600 }) }],
  ['no end', 'login.invalidResponse', { claims: ({ exp: _, ...claims }) => claims }],
  ['an end that is a text', 'login.invalidResponse', { claims: (claims) => ({ ...claims, exp: 'never' as unknown as number }) }],
  ['a start ten minutes ahead (a clock ten minutes slow)', 'login.clock', { claims: (claims) => ({ ...claims, iat: seconds() + 600, nbf: seconds() + 600, exp: seconds() + 900 }) }],
  ['a short life ten minutes ago (a clock ten minutes fast)', 'login.clock', { claims: (claims) => ({ ...claims, iat: seconds() - 600, exp: seconds() - 300 }) }],
  ['no time of issue', 'login.invalidResponse', { claims: ({ iat: _, ...claims }) => claims }],
  ['no subject', 'login.invalidResponse', { claims: ({ sub: _, ...claims }) => claims }],
  ['a subject that is a number', 'login.invalidResponse', { claims: (claims) => ({ ...claims, sub: 7 as unknown as string }) }],
  ['a hash of another access token', 'login.invalidResponse', { claims: (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) }],
  ['alg none', 'login.invalidResponse', { idToken: (claims) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.` }],
  ['HS256 with the client id as the key', 'login.invalidResponse', { idToken: (claims) => hmac(claims, backend.clientId) }],
  ['HS256 with the public key as the key', 'login.invalidResponse', { idToken: (claims, { publicJwk }) => hmac(claims, JSON.stringify(publicJwk)) }],
  ['no signature', 'login.invalidResponse', { idToken: async (claims, honest) => `${(await sign(claims, honest)).split('.').slice(0, 2).join('.')}.` }],
  ['changed claims under an old signature', 'login.invalidResponse', { idToken: async (claims, honest) => {
    const [head, , signature] = (await sign(claims, honest)).split('.');
    return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'admin' })).toString('base64url')}.${signature}`;
  } }],
  ['a signature by another key of the same name', 'login.invalidResponse', { idToken: async (claims) => sign(claims, await createSigner('proxy')) }],
  ['a key that the provider does not publish', 'login.invalidResponse', { idToken: async (claims) => sign(claims, await createSigner('unknown')) }],
  ['a critical header that nobody knows', 'login.invalidResponse', { idToken: (claims, honest) => sign(claims, honest, { crit: ['exp'], exp: 1 }).catch(() => 'x.y.z') }],
  ['garbage', 'login.invalidResponse', { idToken: () => 'garbage' }],
  ['three parts of garbage', 'login.invalidResponse', { idToken: () => '!!!.???.***' }],
  ['an encrypted one', 'login.invalidResponse', { idToken: () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.Y2lwaGVy.dGFn' }],
  ['none', 'login.invalidResponse', { idToken: () => null }],
];
const hmac = (claims: JWTPayload, secret: string): Promise<string> => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'proxy' }).sign(new TextEncoder().encode(secret.padEnd(32, '0')));

const evil = 'http://evil.example/x';
const html = answer(200, '<html><script>alert(1)</script></html>', 'text/html');
const endpointCases: [string, ErrorCode, Mutation][] = [
  ['token: 500 as JSON', 'login.provider', { reply: { token: answer(500, '{"error":"server_error"}') } }],
  ['token: 500 as HTML', 'login.provider', { reply: { token: answer(500, '<html>', 'text/html') } }],
  ['token: 503 of a proxy', 'login.provider', { reply: { token: answer(503, 'upstream connect error', 'text/plain') } }],
  ['token: 200 as HTML', 'login.provider', { reply: { token: html } }],
  ['token: garbage', 'login.invalidResponse', { reply: { token: answer(200, '{"access_token": "x') } }],
  ['token: a list', 'login.invalidResponse', { reply: { token: answer(200, '[]') } }],
  ['token: an empty object', 'login.invalidResponse', { reply: { token: answer(200, '{}') } }],
  ['token: no access token', 'login.invalidResponse', { reply: { token: json(({ access_token: _, ...body }) => body) } }],
  ['token: an access token that is a number', 'login.invalidResponse', { reply: { token: json((body) => ({ ...body, access_token: 7 })) } }],
  ['token: no token type', 'login.invalidResponse', { reply: { token: json(({ token_type: _, ...body }) => body) } }],
  ['token: an unknown token type', 'login.invalidResponse', { reply: { token: json((body) => ({ ...body, token_type: 'mac' })) } }],
  ['token: a life that is a word', 'login.invalidResponse', { reply: { token: json((body) => ({ ...body, expires_in: 'long' })) } }],
  ['token: an error word made of script', 'login.provider', { reply: { token: answer(400, '{"error":"<script>alert(1)</script>","error_description":"<script>"}') } }],
  ['token: too many requests', 'login.provider', { reply: { token: answer(429, '{"error":"slow_down"}') } }],
  ['token: sent on to somewhere else', 'login.provider', { reply: { token: () => ({ status: 307, headers: { location: evil }, body: '' }) } }],
  ['token: too slow', 'network.timeout', { reply: { token: () => tooSlowMs } }],
  ['token: broken off', 'network.interrupted', { reply: { token: () => 'drop' } }],
  ['discovery: 500', 'login.provider', { reply: { discovery: answer(500, '{}') } }],
  ['discovery: HTML', 'login.provider', { reply: { discovery: html } }],
  ['discovery: garbage', 'login.invalidResponse', { reply: { discovery: answer(200, '{"issuer":') } }],
  ['discovery: another issuer', 'login.issuerMismatch', { reply: { discovery: json((body) => ({ ...body, issuer: 'https://evil.example' })) } }],
  ['discovery: no issuer', 'login.invalidResponse', { reply: { discovery: json(({ issuer: _, ...body }) => body) } }],
  ['discovery: no token endpoint', 'login.provider', { reply: { discovery: json(({ token_endpoint: _, ...body }) => body) } }],
  ['discovery: no authorization endpoint', 'login.provider', { reply: { discovery: json(({ authorization_endpoint: _, ...body }) => body) } }],
  ['discovery: no keys', 'login.provider', { reply: { discovery: json(({ jwks_uri: _, ...body }) => body) } }],
  ['discovery: a token endpoint without TLS', 'login.invalidResponse', { reply: { discovery: json((body) => ({ ...body, token_endpoint: evil })) } }],
  ['discovery: keys without TLS', 'login.invalidResponse', { reply: { discovery: json((body) => ({ ...body, jwks_uri: evil })) } }],
  ['discovery: an authorization endpoint that is a script', 'login.invalidResponse', { reply: { discovery: json((body) => ({ ...body, authorization_endpoint: 'javascript:alert(1)' })) } }],
  ['discovery: an authorization endpoint that is a file', 'login.invalidResponse', { reply: { discovery: json((body) => ({ ...body, authorization_endpoint: 'file:///etc/passwd' })) } }],
  ['discovery: a revocation endpoint without TLS', 'login.invalidResponse', { reply: { discovery: json((body) => ({ ...body, revocation_endpoint: evil })) } }],
  ['discovery: too slow', 'network.timeout', { reply: { discovery: () => tooSlowMs } }],
  ['discovery: broken off', 'network.interrupted', { reply: { discovery: () => 'drop' } }],
  ['keys: none', 'login.invalidResponse', { reply: { jwks: answer(200, '{"keys":[]}') } }],
  ['keys: garbage', 'login.invalidResponse', { reply: { jwks: answer(200, '{"keys":7}') } }],
  ['keys: for encryption only', 'login.invalidResponse', { reply: { jwks: json((body) => ({ keys: (body['keys'] as object[]).map((key) => ({ ...key, use: 'enc' })) })) } }],
  ['keys: 500', 'login.provider', { reply: { jwks: answer(500, '{}') } }],
  ['keys: too slow', 'network.timeout', { reply: { jwks: () => tooSlowMs } }],
  ['pushed request: 500', 'login.provider', { reply: { par: answer(500, '{}') } }],
  ['pushed request: no address', 'login.invalidResponse', { reply: { par: answer(201, '{"expires_in":60}') } }],
  ['pushed request: refused', 'login.provider', { reply: { par: answer(400, '{"error":"invalid_request"}') } }],
];

describe.each([['ID token with', idTokenCases], ['answers:', endpointCases]] as const)('%s', (_group, cases) => {
  it.each(cases)('%s', async (_what, code, mutation) => {
    proxy.lie(mutation);
    await refused((store) => session({ store, openBrowser: honestBrowser(), ...(code === 'network.timeout' ? impatient : {}) }), code);
  });
});

describe('what is no reason to refuse', () => {
  it.each<[string, Mutation]>([
    ['an honest provider', {}],
    ['a clock ten minutes ahead of ours, while nothing else is wrong', { claims: (claims) => ({ ...claims, iat: seconds() + 600, exp: seconds() + 1200 }) }],
    ['a clock ten minutes behind ours, with tokens that live an hour', { claims: (claims) => ({ ...claims, iat: seconds() - 600, exp: seconds() + 3000 }) }],
    ['no hash of the access token', { claims: ({ at_hash: _, ...claims }) => claims }],
    ['no pushed requests', { reply: { discovery: json(({ pushed_authorization_request_endpoint: _, ...body }) => body) } }],
  ])('%s', async (_what, mutation) => {
    proxy.lie(mutation);
    const store = createMemoryStore();
    expect(await session({ store, openBrowser: honestBrowser() }).signIn()).toMatchObject({ status: 'signedIn', account: { subject: 'sales' } });
    expect((await stored(store)).refreshToken).toBeTruthy();
  });

  it('keys that were rotated between two sign-ins', async () => {
    const made = session({ openBrowser: honestBrowser() });
    await made.signIn();
    const next = await createSigner('next');
    proxy.lie({ idToken: (claims) => sign(claims, next), reply: { jwks: answer(200, JSON.stringify({ keys: [next.publicJwk] })) } });
    // The new key is fetched once its name is unknown; a provider's key cache may hold that off for a minute.
    expect(['resolved', 'login.invalidResponse']).toContain(await codeOf(made.signIn()));
    expect(await session({ openBrowser: honestBrowser() }).signIn()).toMatchObject({ status: 'signedIn' });
  });
});

/** A request as a page or program on this computer could send it to our listener. */
const knock = (target: URL, more: { path?: string; method?: string; host?: string }): Promise<number> => new Promise((resolve, reject) => {
  const sent = httpRequest({ hostname: target.hostname, port: target.port, path: more.path ?? target.pathname + target.search, method: more.method ?? 'GET', headers: { host: more.host ?? target.host } }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  sent.on('error', reject).end();
});

/** A browser that first does something else with the address it is sent back to. */
const detour = (before: (callback: URL) => Promise<void>) => (url: string): Promise<void> => {
  let callback: URL | null = null;
  return browser('sales', [], (found) => { found.searchParams.set('iss', proxy.issuer); callback = found; return null; })(url).then(async () => {
    await expect.poll(() => callback).not.toBeNull();
    if (callback === null) return;
    await before(callback);
    await fetch(callback).catch(() => undefined);
  });
};

describe('the listener', () => {
  it.each<[string, number, { path?: string; method?: string; host?: string }]>([
    ['a second callback path', 404, { path: '/callback2?code=x&state=y' }],
    ['a path below the callback', 404, { path: '/callback/x?code=x' }],
    ['a foreign Host header', 404, { host: 'evil.example' }],
    ['a Host header with a name for this computer', 404, { host: 'localhost:80' }],
    ['a POST', 405, { method: 'POST' }],
    ['an address in the place of a path', 404, { path: 'http://evil.example/callback?code=x' }],
  ])('%s is turned away, and the sign-in goes on', async (_what, status, more) => {
    const seen: number[] = [];
    expect(await session({ openBrowser: detour(async (callback) => { seen.push(await knock(callback, more)); }) }).signIn()).toMatchObject({ status: 'signedIn' });
    expect(seen).toEqual([status]);
  });

  it('answers one of ten callbacks at the same time', async () => {
    const statuses: number[] = [];
    const made = session({ openBrowser: detour(async (callback) => {
      await Promise.all(Array.from({ length: 10 }, async () => { statuses.push(await knock(callback, {})); }));
    }) });
    expect(await made.signIn()).toMatchObject({ status: 'signedIn' });
    await expect.poll(() => statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 9 }, () => 410)]);
    expect(await isGood(await made.accessToken())).toBe(true);
  });

  it('is gone after the sign-in was cancelled: a late callback comes to nothing', async () => {
    const store = createMemoryStore();
    let callback: URL | null = null;
    const made = session({ store, openBrowser: browser('sales', [], (found) => { callback = found; return null; }) });
    const result = codeOf(made.signIn());
    await expect.poll(() => callback).not.toBeNull();
    made.cancelSignIn();
    expect(await result).toBe('login.cancelled');
    await expect(fetch(String(callback))).rejects.toThrow();
    expect(made.state().status).toBe('signedOut');
    expect(store.entries()).toEqual([]);
  });

  it('frees its port when the browser is closed and the time is over', async () => {
    const made = session({ loginTimeoutMs: 300, openBrowser: async () => undefined });
    expect(await codeOf(made.signIn())).toBe('login.timedOut');
    expect(made.state().status).toBe('signedOut');
  });

  it('says so when the port is taken', async () => {
    await refused((store) => session({ store, listen: () => Promise.reject(Object.assign(new Error('in use'), { code: 'EADDRINUSE' })) }), 'login.portTaken');
  });
});

describe('while somebody is signed in', () => {
  it.each<[string, ErrorCode, Mutation, boolean]>([
    ['token: 500', 'login.provider', { reply: { token: answer(500, '{}') } }, false],
    ['token: HTML', 'login.provider', { reply: { token: html } }, false],
    ['token: garbage', 'login.invalidResponse', { reply: { token: answer(200, '{') } }, false],
    ['token: too slow', 'network.timeout', { reply: { token: () => tooSlowMs } }, false],
    ['token: broken off', 'network.interrupted', { reply: { token: () => 'drop' } }, false],
    ['token: a client error that is no refusal of the grant', 'login.provider', { reply: { token: answer(401, '{"error":"invalid_client"}') } }, false],
    ['token: the grant is refused', 'session.expired', { reply: { token: answer(400, '{"error":"invalid_grant"}') } }, true],
    ['an ID token about another person', 'session.expired', { claims: (claims) => ({ ...claims, sub: 'admin' }) }, true],
  ])('%s: the person stays who they are', async (_what, code, mutation, needsSignIn) => {
    const made = session({ openBrowser: honestBrowser(), ...(code === 'network.timeout' ? impatient : {}) });
    await made.signIn();
    const token = await made.accessToken();
    proxy.lie(mutation);
    expect(await codeOf(made.refreshNow(token))).toBe(code);
    expect(made.state()).toMatchObject({ status: 'signedIn', needsSignIn, account: { subject: 'sales' } });
  });
});

describe('a renewal whose refresh token is used up is not thrown away', () => {
  it.each<[string, Mutation]>([
    ['because our clock jumped and the ID token looks old', { claims: (claims) => ({ ...claims, iat: seconds() - 90_000, exp: seconds() - 86_400 }) }],
    ['because our clock jumped and the ID token looks new', { claims: (claims) => ({ ...claims, iat: seconds() + 86_400, nbf: seconds() + 86_400, exp: seconds() + 90_000 }) }],
    ['because the keys cannot be fetched just now', { idToken: async (claims) => sign(claims, await createSigner('after-rotation')), reply: { jwks: () => 'drop' } }],
  ])('%s', async (_what, mutation) => {
    const made = session({ openBrowser: honestBrowser() });
    await made.signIn();
    proxy.lie(mutation);
    expect(await isGood(await made.refreshNow(await made.accessToken()))).toBe(true);
    proxy.lie({});
    expect(await isGood(await made.refreshNow(await made.accessToken()))).toBe(true);
  });
});

it('has at least 40 cases', () => {
  expect(17 + idTokenCases.length + endpointCases.length).toBeGreaterThan(40);
});
