import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type Caller, type TestServer } from './backend-client.ts';

const base = '/api/mcp/policy';
const rule = { id: 'neu', when: { kpiId: 'stock.barley', severity: ['warn'] }, action: 'inventory.reorder', params: { tonnes: 400 }, autoExecute: true };

describe('policies on the security profile', () => {
  let server: TestServer;
  let admin: Caller;
  let manager: Caller;
  let now = Date.parse('2026-11-20T09:00:00Z');
  beforeAll(async () => {
    server = await startTestServer({ documents: 50, clock: () => now, rateLimits: true, accessTokenTtlSeconds: 86_400 });
    now = Date.now();
    [admin, manager] = await Promise.all([server.as('admin'), server.as('manager')]);
  });
  afterAll(() => server.backend.close());

  it('lists rules by id with their version, to readers only', async () => {
    const { body } = await manager('GET', `${base}/list`);
    const ids = (body['data'] as { id: string; version: number }[]).map(({ id, version }) => { expect(version).toBe(1); return id; });
    expect(ids.length).toBeGreaterThan(5);
    expect(ids).toEqual(ids.toSorted());
    expect((await (await server.as('sales'))('GET', `${base}/list`)).body).toEqual({ detail: 'Insufficient permissions. Missing: policy:read' });
    expect((await manager('POST', `${base}/create`, rule)).body).toEqual({ detail: 'Insufficient permissions. Missing: policy:write' });
  });

  it('stores a rule once, and refuses a change on top of another one', async () => {
    const key = { 'idempotency-key': 'k1' };
    const first = await admin('POST', `${base}/create`, { ...rule, reason: 'Gerste knapp' }, key);
    expect(first.headers.get('etag')).toBe('"1"');
    expect((await admin('POST', `${base}/create`, { ...rule, reason: 'Gerste knapp' }, key)).body).toEqual(first.body);
    expect((await admin('POST', `${base}/update`, { ...rule, autoExecute: false }, { 'if-match': '"1"' })).status).toBe(200);
    expect((await admin('POST', `${base}/update`, rule, { 'if-match': '"1"' })).status).toBe(412);
    const { body } = await manager('GET', `${base}/versions`);
    expect((body['items'] as unknown[]).slice(0, 2)).toMatchObject([{ ruleId: 'neu', version: 2, author: 'admin' }, { ruleId: 'neu', version: 1, reason: 'Gerste knapp' }]);
    expect((await admin('POST', `${base}/update`, { ...rule, window: { days: [7], start: '', end: '' } })).status).toBe(422);
    expect((await admin('POST', `${base}/delete`, { id: 'neu' }, { 'if-match': '"2"' })).status).toBe(200);
    expect((await admin('POST', `${base}/delete`, { id: 'neu' })).status).toBe(404);
  });

  it('makes a proposal active only by a second person, and only on the rules it was made for', async () => {
    const changes = [{ op: 'upsert', rule, baseVersion: null }];
    const { body: proposed } = await manager('POST', `${base}/drafts`, { changes, reason: 'Ernte' });
    expect((await manager('POST', `${base}/drafts/${proposed['id']}/approve`)).status).toBe(403);
    expect((await admin('POST', `${base}/drafts/${proposed['id']}/approve`, {})).body).toMatchObject({ state: 'approved' });
    expect(server.backend.control.raiseAlert({ id: 'x', kpiId: 'stock.barley', severity: 'warn' }, [])).toMatchObject({ execute: true, resolvedParams: { tonnes: 400 } });
    const { body: own } = await admin('POST', `${base}/drafts`, { changes: [{ op: 'delete', id: 'neu', baseVersion: 4 }] });
    expect((await admin('POST', `${base}/drafts/${own['id']}/approve`, {})).body).toEqual({ detail: 'Four-eyes: the author may not approve' });
    const { body: stale } = await manager('POST', `${base}/drafts`, { changes: [{ op: 'delete', id: 'neu', baseVersion: 99 }] });
    expect((await admin('POST', `${base}/drafts/${stale['id']}/approve`, {})).status).toBe(409);
    expect((await admin('POST', `${base}/drafts/${stale['id']}/reject`, { reason: 'veraltet' })).body).toMatchObject({ state: 'rejected' });
  });

  it('activates a scheduled change at its time', async () => {
    const { body } = await manager('POST', `${base}/drafts`, { changes: [{ op: 'delete', id: 'neu', baseVersion: 4 }], activateAt: Math.floor(now / 1000) + 60 });
    expect((await admin('POST', `${base}/drafts/${body['id']}/approve`, {})).body).toMatchObject({ state: 'scheduled' });
    const ids = async (): Promise<string[]> => ((await manager('GET', `${base}/list`)).body['data'] as { id: string }[]).map(({ id }) => id);
    expect(await ids()).toContain('neu');
    now += 61_000;
    expect(await ids()).not.toContain('neu');
  });

  it('lets a scheduled change do nothing when the rules have changed meanwhile', async () => {
    const { body } = await manager('POST', `${base}/drafts`, { changes: [{ op: 'upsert', rule, baseVersion: null }], activateAt: Math.floor(now / 1000) + 60 });
    await admin('POST', `${base}/drafts/${body['id']}/approve`, {});
    await admin('POST', `${base}/create`, { ...rule, autoExecute: false });
    now += 61_000;
    expect(((await manager('GET', `${base}/list`)).body['data'] as { id: string; autoExecute: boolean }[]).find(({ id }) => id === 'neu')).toMatchObject({ autoExecute: false });
    expect(((await manager('GET', `${base}/drafts`)).body['items'] as { id: string; state: string }[]).find(({ id }) => id === body['id'])).toMatchObject({ state: 'stale' });
    await admin('POST', `${base}/delete`, { id: 'neu' });
  });

  it('restores from a backup with a safety copy, never to nothing, never another tenant\'s, and only after a recent sign-in', async () => {
    const { body: backup } = await admin('GET', `${base}/backup`);
    await admin('POST', `${base}/create`, rule);
    const restored = await admin('POST', `${base}/restore`, { file: backup['file'] });
    expect(restored.body).toMatchObject({ ok: true, restoredFrom: backup['file'] });
    expect((await manager('GET', `${base}/backups`)).body['files']).toContain(restored.body['safetyBackup']);
    expect(((await manager('GET', `${base}/export`)).body['rules'] as { id: string }[]).some(({ id }) => id === 'neu')).toBe(false);
    expect((await admin('POST', `${base}/restore`, { json: '{}' })).status).toBe(422);
    expect((await admin('POST', `${base}/restore`, { json: JSON.stringify({ tenant: 'other', rules: [rule] }) })).status).toBe(409);
    now += 301_000;
    const late = await admin('POST', `${base}/restore`, { file: backup['file'] });
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toContain('error="insufficient_user_authentication"');
    expect(late.headers.get('www-authenticate')).toContain('max_age="300"');
  });

  it('gives back the alerts of the past in pages', async () => {
    const seen = new Set<number>();
    let cursor = '';
    let pages = 0;
    do {
      const { body } = await manager('GET', `${base}/alerts?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`);
      for (const item of body['items'] as { at: number; alert: { id: string }; decision: { type: string } }[]) seen.add(Number(item.alert.id.slice(3)));
      cursor = (body['cursor'] as string | null) ?? '';
      pages++;
    } while (cursor !== '' && pages < 10);
    expect(seen.size).toBeGreaterThanOrEqual(2000);
  });

  it('answers a simulated alert', async () => {
    const { body } = await manager('POST', `${base}/test`, { alert: { id: 'a', kpiId: 'stock.rape', title: '', message: '', severity: 'crit' }, roles: ['manager'] });
    expect(body['decision']).toMatchObject({ type: 'allow', ruleId: 'bestand-raps', needsApproval: true, execute: false });
  });
});

describe('policies on the shipped profile', () => {
  it('believes everybody, keeps no versions, and lets {} delete everything', async () => {
    const server = await startTestServer({ documents: 50, api: 'shipped' });
    try {
      const sales = await server.as('sales');
      expect((await sales('POST', `${base}/create`, rule)).body).toEqual({ ok: true, id: 'neu' });
      const listed = (await sales('GET', `${base}/list`)).body['data'] as Record<string, unknown>[];
      expect(listed.find(({ id }) => id === 'neu')).toMatchObject({ window: null, approval: null });
      expect((await sales('GET', `${base}/versions`)).status).toBe(404);
      expect((await sales('GET', `${base}/backups`)).status).toBe(500);
      expect((await sales('POST', `${base}/restore`, { json: '{}' })).body).toEqual({ ok: true });
      expect((await sales('GET', `${base}/list`)).body['data']).toEqual([]);
    } finally {
      await server.backend.close();
    }
  });
});
