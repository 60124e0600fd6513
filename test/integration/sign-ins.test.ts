import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createErp } from '../../main/erp/index.ts';
import { systemClock } from '../../main/erp/ports.ts';
import type { SessionsApi } from '../../main/erp/types.ts';
import { silentLog } from '../../main/log/log.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';

let backend: Backend;
beforeAll(async () => { backend = await startBackend({ documents: 5, seed: 3, rateLimits: false }); });
afterAll(() => backend.close());

type Client = { sessions: SessionsApi; get(path: string): Promise<number>; refresh(): Promise<{ status: number; body: { error?: string } }> };

/** One computer that somebody has signed in on. */
async function computer(name: string, server = backend): Promise<Client> {
  const { accessToken, refreshToken } = await loginHeadless(server, name);
  const erp = createErp({ baseUrl: server.erp, fetch: (url, init) => fetch(url, init), clock: systemClock, log: silentLog, tokens: { accessToken: () => Promise.resolve(accessToken), refreshNow: () => Promise.resolve(accessToken) } });
  return {
    sessions: erp.sessions,
    get: async (path) => (await fetch(server.erp + path, { headers: { authorization: `Bearer ${accessToken}` } })).status,
    async refresh() {
      const answer = await fetch(`${server.issuer}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '', client_id: server.clientId }) });
      return { status: answer.status, body: (await answer.json()) as { error?: string } };
    },
  };
}
const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));

describe('the sign-ins of an account', () => {
  it('are listed with this one marked, newest use first, and nobody else\'s', async () => {
    const [here, there, other] = [await computer('sales'), await computer('sales'), await computer('purchase')];
    await there.get('/api/v1/status');
    const listed = await here.sessions.list();
    expect(listed).toHaveLength(2);
    expect(listed.filter(({ current }) => current)).toHaveLength(1);
    expect(listed[0]).toMatchObject({ current: true, ip: expect.stringMatching(/127\.0\.0\.1/), client: backend.clientId });
    for (const { createdAt, lastSeenAt } of listed) expect(Math.abs((lastSeenAt ?? 0) - (createdAt ?? 0))).toBeLessThan(60_000);
    expect(await other.sessions.list()).toHaveLength(1);
    await here.sessions.endOthers();
  });

  it('end at once: neither the access token nor the refresh token is good any more', async () => {
    const [here, there] = [await computer('controller'), await computer('controller')];
    expect(await there.get('/api/v1/status')).toBe(200);
    const [target] = (await here.sessions.list()).filter(({ current }) => !current);
    await here.sessions.end(target?.id ?? '');
    expect(await there.get('/api/v1/status')).toBe(401);
    expect(await there.refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await here.get('/api/v1/status')).toBe(200);
    expect((await here.refresh()).status).toBe(200);
    expect(await here.sessions.list()).toHaveLength(1);
    expect(await codeOf(here.sessions.end(target?.id ?? ''))).toBe('server.notFound');
  });

  it('end all at once, but this one', async () => {
    const clients = [await computer('manager'), await computer('manager'), await computer('manager')] as const;
    expect(await clients[1].sessions.endOthers()).toBe(2);
    expect(await Promise.all(clients.map((client) => client.get('/api/v1/status')))).toEqual([401, 200, 401]);
    expect(await clients[1].sessions.endOthers()).toBe(0);
  });

  it('of somebody else are ended by the administration only', async () => {
    const [victim, attacker, admin] = [await computer('operator'), await computer('purchase'), await computer('admin')];
    const [session] = await victim.sessions.list();
    expect(await codeOf(attacker.sessions.end(session?.id ?? ''))).toBe('server.notFound');
    expect(await attacker.get('/security/sessions?user=operator')).toBe(403);
    expect(await victim.get('/api/v1/status')).toBe(200);
    await admin.sessions.end(session?.id ?? '');
    expect(await victim.get('/api/v1/status')).toBe(401);
    expect(await admin.get('/security/sessions?user=operator')).toBe(200);
  });

  it('cannot be named with a path that leads elsewhere', async () => {
    const here = await computer('sales');
    for (const id of ['../audit-log', 'a/b', '%2e%2e', '?x=1']) expect(await codeOf(here.sessions.end(id)), id).toBe('server.notFound');
    expect(await here.get('/api/v1/status')).toBe(200);
  });

  it('are unknown to the server as shipped, and that is no failure', async () => {
    const shipped = await startBackend({ documents: 5, seed: 3, api: 'shipped' });
    const { accessToken } = await loginHeadless(shipped, 'sales');
    const erp = createErp({ baseUrl: shipped.erp, fetch: (url, init) => fetch(url, init), clock: systemClock, log: silentLog, tokens: { accessToken: () => Promise.resolve(accessToken), refreshNow: () => Promise.resolve(accessToken) } });
    expect((await erp.capabilities()).has('sessions')).toBe(false);
    await shipped.close();
  });
});

describe('a disabled account', () => {
  it('is told as such by the provider, and has no way in', async () => {
    const server = await startBackend({ documents: 5, seed: 3, rateLimits: false });
    const here = await computer('sales', server);
    server.control.setDisabled('sales', true);
    expect(await here.get('/api/v1/status')).toBe(401);
    expect(await here.refresh()).toEqual({ status: 400, body: { error: 'invalid_grant', error_description: 'Account is disabled' } });
    await expect(loginHeadless(server, 'sales')).rejects.toThrow();
    server.control.setDisabled('sales', false);
    expect((await here.refresh()).status).toBe(200);
    await server.close();
  });
});
