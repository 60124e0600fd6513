import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../main/erp/manual-clock.ts';
import { systemClock, type HttpFetch } from '../../main/erp/ports.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { backend, browser, closedPort, codeOf, failureOf, isGood, logLines, newSession, profile, stored, type Pages } from './auth-client.ts';
import { makeCertificate } from './certificates.ts';

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
    // With its dot: a random value of a sign-in may have these three letters in it by chance.
    expect(text).not.toMatch(/eyJ[\w-]{10,}\./);
    expect(text).not.toMatch(/code=(?!\[redacted\])\w{10,}/);
    for (const { password } of backend.users) expect(text).not.toContain(password);
  });
});
