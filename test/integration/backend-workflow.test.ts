import type { EventSourceMessage } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../backend/audit/audit.ts';
import { facts, order, readEvents, startTestServer, type Caller, type TestServer } from './backend-client.ts';

let server: TestServer;
let sales: Caller;
let manager: Caller;
let controller: Caller;
let admin: Caller;
beforeAll(async () => {
  server = await startTestServer();
  [sales, manager, controller, admin] = await Promise.all([server.as('sales'), server.as('manager'), server.as('controller'), server.as('admin')]);
});
afterAll(() => server.backend.close());

const path = (number: string, action = '', domain = 'sales'): string => `/api/workflow/${domain}/${number}${action && `/transition?action=${action}`}`;

const events = (count: number, headers: Record<string, string> = {}, started?: () => Promise<unknown>): Promise<EventSourceMessage[]> => readEvents(server.backend, count, headers, started);

describe('workflow', () => {
  it('runs from draft to posted with three people, and its trail shows all three', async () => {
    await sales('POST', '/api/mcp/documents/sales_order', order('SO-W-1'));
    expect((await sales('GET', path('SO-W-1'))).body).toMatchObject({ ok: true, state: 'draft', version: '0' });
    expect((await sales('POST', path('SO-W-1', 'submit'), facts(), { 'if-match': '"0"', 'x-correlation-id': 'trail-1' })).body).toMatchObject({ state: 'pending', version: '1' });
    expect((await manager('POST', path('SO-W-1', 'approve'), facts(), { 'if-match': '"1"' })).body).toMatchObject({ state: 'approved' });
    expect((await controller('POST', path('SO-W-1', 'post'), facts())).body).toMatchObject({ state: 'posted', version: '3' });
    const { items } = (await sales('GET', `${path('SO-W-1')}/audit`)).body as { items: Record<string, unknown>[] };
    expect(items.map(({ user, action, from, to, outcome }) => [user, action, from, to, outcome])).toEqual([
      ['sales', 'submit', 'draft', 'pending', 'accepted'], ['manager', 'approve', 'pending', 'approved', 'accepted'], ['controller', 'post', 'approved', 'posted', 'accepted'],
    ]);
    expect(items[0]).toMatchObject({ correlationId: 'trail-1', hash: expect.stringMatching(/^[0-9a-f]{64}$/), ts: expect.any(Number) });
    expect(items[0]?.['ts'] as number).toBeLessThan(1e11);
  });

  it('asks for the scope, then for the role, and ignores roles in the body', async () => {
    const forged = facts({ user_info: { roles: ['admin'] } });
    expect(await (await server.as('purchase'))('POST', path('SO-W-2', 'submit'), forged)).toMatchObject({ status: 403, body: { detail: 'Insufficient permissions. Missing: sales:write' } });
    expect(await sales('POST', path('SO-W-2', 'approve'), forged)).toMatchObject({ status: 403, body: { detail: 'Insufficient permissions. Missing: sales:approve' } });
    expect(await manager('POST', path('SO-W-2', 'submit'), forged)).toMatchObject({ status: 403, body: { detail: 'Insufficient role. Required: sales, purchase, admin' } });
    const purchase = await server.as('purchase');
    await purchase('POST', path('PO-W-2', 'submit', 'purchase'), facts());
    expect(await manager('POST', path('PO-W-2', 'approve', 'purchase'), facts())).toMatchObject({ status: 403, body: { detail: 'Insufficient role. Required: controller, admin' } });
    expect((await controller('POST', path('PO-W-2', 'approve', 'purchase'), facts())).status).toBe(200);
  });

  it('guards price and total by the body and by what is stored', async () => {
    const cheap = [{ article: 'OS-1101', qty: 1, price: 1, cost: 445 }];
    await sales('POST', '/api/mcp/documents/sales_order', { ...order('SO-W-3'), lines: cheap });
    await sales('POST', path('SO-W-3', 'submit'), facts());
    expect(await manager('POST', path('SO-W-3', 'approve'), facts())).toMatchObject({ status: 400, body: { detail: 'Price below cost for article OS-1101' } });
    await sales('POST', path('SO-W-4', 'submit'), facts());
    expect((await manager('POST', path('SO-W-4', 'approve'), facts({ lines: cheap }))).status).toBe(400);
    expect((await manager('POST', path('SO-W-4', 'approve'), facts({ lines: [{ article: 'x', qty: 1, price: null, cost: 2 }] }))).status).toBe(200);
    expect(await controller('POST', path('SO-W-4', 'post'), facts({ total: 0 }))).toMatchObject({ status: 400, body: { detail: 'Total must be > 0' } });
  });

  it('answers 409 with the state for a stale version or a wrong state', async () => {
    await sales('POST', path('SO-W-5', 'submit'), facts());
    expect(await manager('POST', path('SO-W-5', 'approve'), facts(), { 'if-match': '"0"' })).toMatchObject({ status: 409, body: { detail: 'transition not allowed', state: 'pending' } });
    expect(await controller('POST', path('SO-W-5', 'post'), facts())).toMatchObject({ status: 409, body: { state: 'pending' } });
    expect((await sales('POST', path('SO-W-5', 'explode'), facts())).status).toBe(422);
  });

  it('segregates duties: not the submitter, except an admin with a reason', async () => {
    await admin('POST', path('SO-W-6', 'submit'), facts());
    expect((await admin('POST', path('SO-W-6', 'approve'), facts())).status).toBe(403);
    expect((await admin('POST', path('SO-W-6', 'approve'), facts({ reason: 'Urlaubsvertretung' }))).status).toBe(200);
    const { items } = (await admin('GET', `${path('SO-W-6')}/audit`)).body as { items: Record<string, unknown>[] };
    expect(items.map(({ action, outcome, policy }) => [action, outcome, policy])).toEqual([
      ['submit', 'accepted', null], ['approve', 'refused', 'segregation-of-duties'], ['approve', 'accepted', 'segregation-of-duties:admin-override'],
    ]);
    expect(items[1]).toMatchObject({ from: 'pending', to: null });
  });

  it('rejects only with a reason', async () => {
    await sales('POST', path('SO-W-7', 'submit'), facts());
    expect(await controller('POST', path('SO-W-7', 'reject'), facts())).toMatchObject({ status: 400, body: { detail: 'Reason required' } });
    expect((await controller('POST', path('SO-W-7', 'reject'), facts({ reason: 'Preis veraltet' }))).body).toMatchObject({ state: 'rejected' });
    expect((await controller('GET', `${path('SO-W-7')}/audit`)).body['items'].at(-1)).toMatchObject({ reason: 'Preis veraltet', to: 'rejected' });
  });

  it('acts once per idempotency key', async () => {
    const key = { 'idempotency-key': 'w-8' };
    const first = await sales('POST', path('SO-W-8', 'submit'), facts(), key);
    const again = await sales('POST', path('SO-W-8', 'submit'), facts(), key);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect((await sales('GET', `${path('SO-W-8')}/audit`)).body['items']).toHaveLength(1);
  });

  it('lists what is pending, oldest first, by the domains one may read', async () => {
    const { items } = (await admin('GET', '/api/workflow?state=pending&limit=1000')).body as { items: { domain: string; submittedAt: number; total: number; partner: string }[] };
    expect(items.map((item) => item.submittedAt)).toEqual(items.map((item) => item.submittedAt).toSorted((a, b) => a - b));
    expect(new Set(items.map((item) => item.domain))).toEqual(new Set(['sales', 'purchase']));
    const mine = (await sales('GET', '/api/workflow?limit=1000')).body['items'] as { domain: string }[];
    expect(new Set(mine.map((item) => item.domain))).toEqual(new Set(['sales']));
    expect((await sales('GET', '/api/workflow?domain=purchase')).status).toBe(403);
    const paged: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<Caller>> = await admin('GET', `/api/workflow?limit=4&cursor=${cursor}`);
      paged.push(...(page.body['items'] as unknown[]));
      cursor = page.body['cursor'] as string | null;
    }
    expect(paged).toEqual(items);
  });

  it('chains every entry, so that a later change is found', async () => {
    const { db } = server.backend.control;
    expect(createAudit(db).firstBroken()).toBeNull();
    db.exec('SAVEPOINT forgery');
    db.prepare(`UPDATE audit_log SET canonical = replace(canonical, 'T', 't') WHERE position = 5`).run();
    expect(createAudit(db).firstBroken()).toBe(5);
    db.exec('ROLLBACK TO forgery; RELEASE forgery');
    expect(createAudit(db).firstBroken()).toBeNull();
  });
});

describe('events', () => {
  it('streams transitions with ids and replays what was missed', async () => {
    const live = await events(2, {}, () => sales('POST', path('SO-E-1', 'submit'), facts()));
    expect(JSON.parse(live[0]?.data ?? '')).toEqual({ type: 'connected', channel: 'workflow' });
    const seen = JSON.parse(live[1]?.data ?? '') as Record<string, unknown>;
    expect(seen).toMatchObject({ id: live[1]?.id, topic: 'workflow', domain: 'sales', number: 'SO-E-1', action: 'submit', fromState: 'draft', toState: 'pending' });
    await manager('POST', path('SO-E-1', 'approve'), facts());
    await controller('POST', path('SO-E-1', 'post'), facts());
    const replay = await events(3, { 'last-event-id': String(live[1]?.id) });
    expect(replay.slice(1).map((event) => JSON.parse(event.data).toState)).toEqual(['approved', 'posted']);
    expect(Number(replay[2]?.id)).toBe(Number(replay[1]?.id) + 1);
  });

  it('sends nothing for a refused transition', async () => {
    const messages = await events(2, {}, async () => {
      await sales('POST', path('SO-E-2', 'approve'), facts());
      await sales('POST', path('SO-E-3', 'submit'), facts());
    });
    expect(JSON.parse(messages[1]?.data ?? '')).toMatchObject({ number: 'SO-E-3' });
  });
});

describe('faults', () => {
  it('makes a route fail as asked, as often as asked, and writes down what came in', async () => {
    const { control } = server.backend;
    const status = '/api/v1/status';
    control.clearRequests();
    control.fail({ path: /status$/, fault: { kind: 'answer', status: 429, retryAfter: 7 } });
    control.fail({ path: /status$/, fault: { kind: 'html' } });
    control.fail({ path: /status$/, fault: { kind: 'notOk', error: 'kaputt' } });
    control.fail({ path: /status$/, fault: { kind: 'truncatedJson' } });
    control.fail({ path: /status$/, fault: { kind: 'slow', ms: 60 } });
    control.fail({ path: /status$/, fault: { kind: 'dropBefore' } });
    const limited = await sales('GET', status, undefined, { 'x-correlation-id': 'j-1' });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await sales('GET', status)).headers.get('content-type')).toBe('text/html');
    expect((await sales('GET', status)).body).toEqual({ ok: false, error: 'kaputt' });
    expect(() => JSON.parse('{"ok": true, "data": [{"number": "SO-')).toThrow();
    expect((await sales('GET', status)).body).toEqual({});
    const before = performance.now();
    expect((await sales('GET', status)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(50);
    await expect(sales('GET', status)).rejects.toThrow();
    expect((await sales('GET', status)).status).toBe(200);
    expect(control.requests[0]).toMatchObject({ method: 'GET', path: status, status: 429, correlationId: 'j-1' });
  });

  it('cuts event streams', async () => {
    const reading = events(5, {}, async () => server.backend.control.dropEventStreams());
    await expect(reading).rejects.toThrow();
  });
});
