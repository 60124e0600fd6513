import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerFor, facts, order, readEvents, startTestServer, type Caller, type TestServer } from './backend-client.ts';

const orders = '/api/mcp/documents/sales_order';
let server: TestServer;
let sales: Caller;
beforeAll(async () => {
  server = await startTestServer({ api: 'shipped', rateLimits: true });
  sales = await server.as('sales');
});
afterAll(() => server.backend.close());

describe('the shipped server', () => {
  it('cannot list or number, and stores what it answers', async () => {
    expect(await sales('GET', orders)).toMatchObject({ status: 500, text: 'Internal Server Error' });
    expect((await sales('POST', '/api/numbering/next', { domain: 'sales_order' })).status).toBe(500);
    expect((await sales('POST', orders, order('SO-S-1'))).body).toEqual({ ok: true, number: 'SO-S-1' });
    const read = await sales('GET', '/api/mcp/documents/purchase_order/SO-S-1');
    expect(read.body['data'].customerId).toBe('K10001');
    expect(read.headers.get('etag')).toBeNull();
  });

  it('refuses to save an unchanged status; PUT edits', async () => {
    expect((await sales('POST', orders, order('SO-S-1'))).status).toBe(400);
    expect((await sales('PUT', `${orders}/SO-S-1`, { notes: 'neu' }, { 'if-match': '"99"' })).status).toBe(200);
    expect((await sales('POST', orders, { ...order('SO-S-1'), status: 'BESTAETIGT' })).status).toBe(200);
    expect((await sales('POST', '/api/mcp/documents/sales_delivery', { ...order('DL-S-1'), deliveryAddress: 'Hof' })).status).toBe(500);
  });

  it('has its own names for follow-ups, three forms and five fixed lookup rows', async () => {
    const follow = (toType: string): ReturnType<Caller> => sales('POST', '/api/mcp/documents/follow', { fromType: 'sales_order', toType, payload: order('SO-S-1') });
    expect((await follow('invoice')).body).toMatchObject({ sourceOrder: 'SO-S-1', totalGross: 5125.3 });
    expect(await follow('sales_invoice')).toMatchObject({ status: 400, body: { ok: false } });
    expect((await sales('GET', '/api/mcp/form-specs/sales_order')).status).toBe(200);
    expect((await sales('GET', '/api/mcp/form-specs/purchase_order')).status).toBe(404);
    expect((await sales('GET', '/api/mcp/lookup/customers')).body['data']).toHaveLength(5);
    expect((await sales('GET', '/api/mcp/lookup/suppliers')).status).toBe(404);
    expect((await sales('GET', '/api/v1/openapi.json')).body['paths']).not.toHaveProperty('/api/workflow');
  });

  it('believes the roles in the body and refuses with 400', async () => {
    const path = (action: string): string => `/api/workflow/sales/SO-S-9/transition?action=${action}`;
    const as = (role: string, extra = {}): Record<string, unknown> => facts({ user_info: { roles: [role] }, ...extra });
    expect(await sales('POST', path('approve'), as('admin'))).toMatchObject({ status: 400, body: { detail: 'transition not allowed' } });
    expect(await sales('POST', path('submit'), as('user'))).toMatchObject({ status: 400, body: { detail: 'Insufficient permissions for submit' } });
    expect((await sales('POST', path('submit'), as('admin'))).body).toEqual({ ok: true, state: 'pending' });
    expect(await sales('POST', path('reject'), as('sales'))).toMatchObject({ status: 400, body: { detail: 'Insufficient permissions for reject' } });
    expect((await sales('POST', path('approve'), facts({ lines: [{ article: 'A', qty: 1, price: null, cost: 1 }] }))).status).toBe(500);
    expect(await sales('POST', path('approve'), facts({ lines: [{ article: 'A', qty: 1, price: 1, cost: 2 }] }))).toMatchObject({ status: 400, body: { detail: 'Price below cost for article A' } });
    expect((await sales('POST', path('approve'), facts())).body['state']).toBe('approved');
    expect(await sales('POST', path('post'), facts({ total: 0 }))).toMatchObject({ status: 400, body: { detail: 'Total must be > 0' } });
    const { items } = (await sales('GET', '/api/workflow/sales/SO-S-9/audit')).body as { items: Record<string, unknown>[] };
    expect(items).toEqual([{ ts: expect.any(Number), from: 'draft', to: 'pending', action: 'submit' }, { ts: expect.any(Number), from: 'pending', to: 'approved', action: 'approve' }]);
  });

  it('forgets the workflow, but not the documents', async () => {
    await sales('POST', '/api/workflow/sales/SO-S-1/transition?action=submit', facts({ user_info: { roles: ['sales'] } }));
    server.backend.control.loseWorkflowState();
    expect((await sales('GET', '/api/workflow/sales/SO-S-1')).body).toEqual({ ok: true, state: 'draft' });
    expect((await sales('GET', `${orders}/SO-S-1`)).status).toBe(200);
  });

  it('crashes on malformed tokens, has no security routes, is never ready, and echoes no id on errors', async () => {
    const id = { 'x-correlation-id': 'abc' };
    expect((await callerFor(server.backend, 'malformed')('GET', '/api/v1/status')).status).toBe(500);
    expect((await sales('GET', '/security/summary')).status).toBe(404);
    expect((await server.anonymous('GET', '/readyz')).status).toBe(503);
    expect(JSON.parse((await sales('GET', '/api/v1/audit/logs')).text)).toEqual([]);
    expect((await server.anonymous('GET', '/api/v1/status', undefined, id)).headers.get('x-correlation-id')).toBeNull();
    expect((await sales('GET', orders, undefined, id)).headers.get('x-correlation-id')).toBeNull();
    expect((await sales('GET', '/api/v1/status', undefined, id)).headers.get('x-correlation-id')).toBe('abc');
  });

  it('limits nothing and sends events without ids', async () => {
    const answers = await Promise.all(Array.from({ length: 120 }, () => sales('GET', '/api/v1/status')));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    const [, event] = await readEvents(server.backend, 2, { 'last-event-id': '0' }, () =>
      sales('POST', '/api/workflow/sales/SO-S-10/transition?action=submit', facts({ user_info: { roles: ['sales'] } })));
    expect(event?.id).toBeUndefined();
    expect(JSON.parse(event?.data ?? '')).toEqual({ ts: expect.any(Number), source: 'workflow', topic: 'workflow', domain: 'sales', number: 'SO-S-10', action: 'submit', fromState: 'draft', toState: 'pending' });
  });

  it('starts with an empty workflow after a restart over the same data', async () => {
    const data = mkdtempSync(join(tmpdir(), 'valeo-restart-'));
    try {
      const pending = `/api/workflow/sales/`;
      const first = await startTestServer({ api: 'shipped', data });
      const number = first.backend.control.db.prepare<[], { number: string }>(`SELECT number FROM workflow WHERE state = 'pending' AND domain = 'sales' LIMIT 1`).get()?.number ?? '';
      expect((await (await first.as('sales'))('GET', pending + number)).body['state']).toBe('pending');
      await first.backend.close();
      const second = await startTestServer({ api: 'shipped', data });
      expect((await (await second.as('sales'))('GET', pending + number)).body['state']).toBe('draft');
      await second.backend.close();
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });
});
