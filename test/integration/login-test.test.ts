import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LoginTest } from '../../main/auth/login-test.ts';
import { systemClock, type Clock } from '../../main/erp/ports.ts';
import { silentLog } from '../../main/log/log.ts';
import { loginTestReportSchema, type LoginTestReport } from '../../shared/domain/login-test.ts';
import { connectionProfileSchema } from '../../shared/domain/profile.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { submitLoginForm } from '../backend/login.ts';

let backend: Backend;
beforeAll(async () => { backend = await startBackend({ documents: 5, seed: 3, rateLimits: false }); });
afterAll(() => backend.close());
afterEach(() => {
  backend.control.setGaps({});
  backend.control.clearFaults();
});

type Given = { clock?: Clock; timeoutMs?: number; user?: string | null; server?: Backend; erpUrl?: string; clientId?: string };

/** A test sign-in of a person at the real login form; the address of every request is kept. */
async function examine({ clock = systemClock, timeoutMs, user = 'sales', server = backend, erpUrl = server.erp, clientId = server.clientId }: Given = {}) {
  const asked: string[] = [];
  const test = new LoginTest({
    clock, log: silentLog, ...(timeoutMs === undefined ? {} : { timeoutMs }),
    fetchFor: () => (url, init) => { asked.push(`${init?.method ?? 'GET'} ${new URL(url).pathname}`); return fetch(url, init); },
    openBrowser: async (url) => {
      const account = server.users.find(({ name }) => name === user) ?? null;
      void submitLoginForm(new URL(url), account).then((callback) => fetch(callback)).then((answer) => answer.text()).catch(() => undefined);
    },
  });
  const report = loginTestReportSchema.parse(await test.run(connectionProfileSchema.parse({ id: 'test', name: 'Test', environment: 'test', erpUrl, issuer: server.issuer, clientId })));
  return { report, asked };
}
const causes = ({ findings }: LoginTestReport): Record<string, string> => Object.fromEntries(findings.filter(({ cause }) => cause !== null).map(({ id, cause, status }) => [id, `${status} ${cause}`]));
const usual = { mfa: 'warning mfaNotSeen' };

describe('a test sign-in', () => {
  it('finds nothing wrong with a provider that is set up well, and leaves nothing behind', async () => {
    backend.control.setGaps({ amr: ['pwd', 'otp', 'mfa'] });
    const { report, asked } = await examine();
    expect(causes(report)).toEqual({});
    expect(report).toMatchObject({ userName: 'sales', redirectUri: 'http://127.0.0.1/callback' });
    expect(report.findings.map(({ status }) => status)).toEqual(report.findings.map(() => 'ok'));
    await expect.poll(() => asked.filter((one) => one.endsWith('/revocation'))).toHaveLength(1);
    expect(JSON.stringify(report)).not.toMatch(/eyJ[\w-]{10,}/);
  });

  it.each([
    ['no scopes of the ERP', { noErpScopes: true }, { scopes: 'warning noErpScopes' }],
    ['no roles', { noRoles: true }, { roles: 'warning noRoles' }],
    ['neither scopes nor roles', { noErpScopes: true, noRoles: true }, { scopes: 'warning noErpScopes', roles: 'failed noRoles' }],
    ['no audience', { audience: null }, { erp: 'failed erpRefused', audience: 'failed noAudience' }],
    ['another audience', { audience: 'account' }, { erp: 'failed erpRefused', audience: 'failed wrongAudience' }],
    ['tokens that cannot be read', { opaque: true }, { erp: 'failed erpRefused', token: 'warning opaque', scopes: 'warning noErpScopes' }],
    ['no refresh token', { noRefreshToken: true }, { refresh: 'warning noRefreshToken' }],
    ['a clock that is three minutes ahead', { clockAhead: 180 }, { clock: 'warning clockOff' }],
    ['a clock that is three minutes behind', { clockAhead: -180 }, { clock: 'warning clockOff' }],
    ['an address to come back to that is not registered', { wrongRedirect: true }, { login: 'failed redirect' }],
  ])('names %s', async (_name, gaps, expected) => {
    backend.control.setGaps(gaps);
    const { report } = await examine();
    const login = 'login' in expected;
    expect(causes(report)).toEqual(login ? expected : { ...usual, ...expected });
    if (login) expect(report.findings.filter(({ status }) => status === 'skipped')).toHaveLength(8);
  });

  it('names a client that the provider does not know', async () => {
    const { report } = await examine({ clientId: 'somebody-else' });
    expect(causes(report)).toEqual({ login: 'failed client' });
  });

  it('names a client whose own clock is off', async () => {
    const ahead: Clock = { ...systemClock, now: () => Date.now() + 100_000 };
    expect(causes((await examine({ clock: ahead })).report)).toEqual({ ...usual, clock: 'warning clockOff' });
  });

  it('names an ERP that is not there, apart from the sign-in that is good', async () => {
    const { report } = await examine({ erpUrl: 'http://127.0.0.1:65534' });
    expect(causes(report)).toMatchObject({ erp: 'failed erpUnreachable' });
    expect(report.findings.find(({ id }) => id === 'erp')?.error?.code).toBe('network.unreachable');
  });

  it('says that the person cancelled, or never came back', async () => {
    expect(causes((await examine({ user: null })).report)).toEqual({ login: 'failed loginFailed' });
    backend.control.fail({ path: /\/idp\/auth/, fault: { kind: 'html', status: 400 }, times: 5 });
    expect(causes((await examine({ timeoutMs: 300 })).report)).toEqual({ login: 'failed noCallback' });
  });

  it('is good with tokens that are bound to a key', async () => {
    const server = await startBackend({ documents: 5, seed: 3, rateLimits: false, idp: { dpop: true } });
    const { report } = await examine({ server });
    expect(report.findings.find(({ id }) => id === 'login')?.status).toBe('ok');
    await server.close();
  });

  it('ends when it is cancelled or started again', async () => {
    const test = new LoginTest({ clock: systemClock, log: silentLog, fetchFor: () => (url, init) => fetch(url, init), openBrowser: () => Promise.resolve() });
    const profile = connectionProfileSchema.parse({ id: 'test', name: 'Test', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId });
    const first = test.run(profile);
    const second = test.run(profile);
    expect(causes(await first)).toEqual({ login: 'failed cancelled' });
    setTimeout(() => test.cancel(), 50);
    expect(causes(await second)).toEqual({ login: 'failed cancelled' });
  });
});
