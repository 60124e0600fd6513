import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { facts, order, startTestServer, type Caller, type TestServer } from './backend-client.ts';

const orders = '/api/mcp/documents/sales_order';
let server: TestServer;
let sales: Caller;
beforeAll(async () => {
  server = await startTestServer();
  sales = await server.as('sales');
});
afterAll(() => server.backend.close());

describe('documents', () => {
  it('creates, reads with an ETag, merges and refuses a stale version', async () => {
    const created = await sales('POST', orders, order('SO-T-1'));
    expect(created).toMatchObject({ status: 200, body: { ok: true, number: 'SO-T-1' } });
    const read = await sales('GET', `${orders}/SO-T-1`);
    expect(read.body['data']).toMatchObject({ customerId: 'K10001', lines: [{ qty: 10, price: 479 }] });
    const tag = read.headers.get('etag') ?? '';
    expect(tag).toBe(created.headers.get('etag'));
    expect((await sales('GET', `${orders}/SO-T-1`, undefined, { 'if-none-match': tag })).status).toBe(304);
    const changed = await sales('PUT', `${orders}/SO-T-1`, { notes: 'Silo 3' }, { 'if-match': tag });
    expect(changed.status).toBe(200);
    expect((await sales('PUT', `${orders}/SO-T-1`, { notes: 'Silo 4' }, { 'if-match': tag })).status).toBe(412);
    const after = await sales('GET', `${orders}/SO-T-1`);
    expect(after.body['data']).toMatchObject({ notes: 'Silo 3', customerId: 'K10001' });
    expect((await sales('POST', orders, order('SO-T-1'), { 'if-none-match': '*' })).status).toBe(412);
    expect((await sales('GET', '/api/mcp/documents/sales_offer/SO-T-1')).status).toBe(404);
  });

  it('does the work of one idempotency key once', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await sales('POST', orders, order('SO-T-2'), key);
    const again = await sales('POST', orders, order('SO-T-2'), key);
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('etag')).toBe('"1"');
    expect((await sales('GET', `${orders}/SO-T-2`)).headers.get('etag')).toBe('"1"');
    expect((await sales('POST', orders, order('SO-T-3'), key)).status).toBe(422);
    const manager = await server.as('manager');
    expect((await manager('POST', orders, order('SO-T-3'), key)).status).toBe(200);
  });

  it('keeps the effect and the key when the connection breaks before the answer', async () => {
    server.backend.control.fail({ method: 'POST', path: /sales_order$/, fault: { kind: 'dropAfter' } });
    await expect(sales('POST', orders, order('SO-T-4'), { 'idempotency-key': 'k-4' })).rejects.toThrow();
    const again = await sales('POST', orders, order('SO-T-4'), { 'idempotency-key': 'k-4' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await sales('GET', `${orders}/SO-T-4`)).headers.get('etag')).toBe('"1"');
  });

  it('pages by cursor, newest change first, each document once', async () => {
    const seen: string[] = [];
    const times: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<Caller>> = await sales('GET', `${orders}?limit=7&cursor=${cursor}`);
      for (const row of page.body['data'] as { number: string; updated_at: string; version: string; workflow: { state: string; version: string } }[]) {
        seen.push(row.number);
        times.push(row.updated_at);
        expect(row.workflow.state).toMatch(/^(draft|pending|approved|posted|rejected)$/);
      }
      cursor = page.body['cursor'] as string | null;
    }
    const all = await sales('GET', `${orders}?limit=1000`);
    expect(seen).toHaveLength(all.body['total'] as number);
    expect(new Set(seen).size).toBe(seen.length);
    expect(times).toEqual(times.toSorted().toReversed());
    expect((await sales('GET', `${orders}?limit=1001`)).body['detail'][0].loc).toEqual(['query', 'limit']);
    expect((await sales('GET', `${orders}?limit=5&skip=5`)).body['data'].map((row: { number: string }) => row.number)).toEqual(seen.slice(5, 10));
  });

  it('filters by status and text', async () => {
    await sales('POST', orders, { ...order('SO-T-5'), notes: '100 % Trockengut_x' });
    const hit = await sales('GET', `${orders}?q=${encodeURIComponent('100 % trockengut_')}`);
    expect(hit.body['data'].map((row: { number: string }) => row.number)).toEqual(['SO-T-5']);
    const drafts = await sales('GET', `${orders}?status=entwurf&limit=1000`);
    expect(drafts.body['data'].every((row: { status: string }) => row.status === 'ENTWURF')).toBe(true);
  });

  it('tells what changed since a time, deletions and workflow changes included', async () => {
    await sales('POST', orders, order('SO-T-6'));
    await sales('POST', orders, order('SO-T-7'));
    const newest = (await sales('GET', `${orders}?limit=1`)).body['data'][0].updated_at as string;
    await sales('DELETE', `${orders}/SO-T-6`);
    await sales('POST', '/api/workflow/sales/SO-T-7/transition?action=submit', facts());
    const changed = await sales('GET', `${orders}?updated_since=${newest}`);
    const rows = changed.body['data'] as { number: string; deleted?: boolean; workflow?: { state: string } }[];
    expect(rows.find((row) => row.number === 'SO-T-6')).toEqual({ number: 'SO-T-6', deleted: true, updated_at: expect.any(String) });
    expect(rows.find((row) => row.number === 'SO-T-7')?.workflow?.state).toBe('pending');
    expect((await sales('GET', `${orders}/SO-T-6`)).status).toBe(404);
    await sales('POST', orders, order('SO-T-6'));
    expect((await sales('GET', `${orders}/SO-T-6`)).headers.get('etag')).toBe('"3"');
  });

  it('keeps final documents and refuses bad input with its place', async () => {
    const paid = server.backend.control.db.prepare<[], { number: string }>(`SELECT number FROM documents WHERE type = 'sales_order' AND status = 'ABGESCHLOSSEN' LIMIT 1`).get();
    expect((await sales('DELETE', `${orders}/${paid?.number}`)).status).toBe(400);
    const bad = await sales('POST', orders, { ...order('SO-T-8'), lines: [{ article: 'x', qty: 'viel' }] });
    expect(bad).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'lines', 0, 'qty'], input: 'viel' }] } });
    expect((await sales('POST', orders, { ...order('SO-T-8'), lines: [{ article: 'x', qty: '1e999999' }] })).status).toBe(422);
    expect((await sales('GET', `${orders}?status=a&status=ENTWURF&limit=1`)).status).toBe(200);
    expect((await sales('POST', '/api/workflow/sales/SO-T-8/transition?action=submit', facts({ lines: [null] }))).status).toBe(422);
    expect(await sales('POST', orders, '{"number":')).toMatchObject({ status: 422, body: { detail: [{ type: 'json_invalid' }] } });
    expect((await sales('POST', '/api/mcp/documents/sales_delivery', order('DL-T-1'))).body['detail'][0].loc).toEqual(['body', 'deliveryAddress']);
  });

  it('drafts the next document without storing it', async () => {
    const follow = await sales('POST', '/api/mcp/documents/follow', { fromType: 'sales_order', toType: 'sales_invoice', payload: order('SO-T-1') });
    expect(follow.body).toMatchObject({ sourceOrder: 'SO-T-1', customerId: 'K10001', status: 'ENTWURF', subtotalNet: 4790, totalTax: 335.3, totalGross: 5125.3 });
    expect(await sales('POST', '/api/mcp/documents/follow', { fromType: 'payment_received', toType: 'sales_order', payload: {} })).toMatchObject({ status: 400, body: { ok: false } });
  });

  it('gives forms for all nine types, lookups and numbers', async () => {
    for (const type of ['customer_inquiry', 'sales_offer', 'sales_order', 'sales_delivery', 'sales_invoice', 'payment_received', 'purchase_request', 'purchase_offer', 'purchase_order']) {
      expect((await sales('GET', `/api/mcp/form-specs/${type}`)).body['data'].fields.length).toBeGreaterThan(5);
    }
    expect((await sales('GET', '/api/mcp/lookup/articles?q=raps')).body['data'][0]).toMatchObject({ id: 'OS-1101', cost: 445, price: 479 });
    expect((await sales('GET', '/api/mcp/lookup/suppliers')).body['data'].length).toBeGreaterThan(5);
    const one = (await sales('POST', '/api/numbering/next', { domain: 'sales_offer', tenant_id: 'demo', year: 2031 })).body['number'];
    const two = (await sales('POST', '/api/numbering/next', { domain: 'sales_offer', tenant_id: 'demo', year: 2031 })).body['number'];
    expect([one, two]).toEqual(['ANG-2031-00001', 'ANG-2031-00002']);
    expect(await (await server.as('controller'))('POST', '/api/numbering/next', { domain: 'sales_order', tenant_id: 'demo' }))
      .toMatchObject({ status: 403, body: { detail: 'Insufficient permissions. Required: docs:write, sales:write, purchase:write' } });
  });
});

describe('scopes', () => {
  it('names the scope that is missing', async () => {
    const purchase = await server.as('purchase');
    expect(await purchase('GET', orders)).toMatchObject({ status: 403, body: { detail: 'Insufficient permissions. Required: sales:read, docs:read' } });
    expect(await purchase('POST', orders, order('SO-X'))).toMatchObject({ status: 403, body: { detail: 'Insufficient permissions. Missing: sales:write' } });
    expect((await (await server.as('admin'))('POST', orders, order('SO-X'))).status).toBe(200);
  });
});

describe('transport', () => {
  it('echoes the correlation id, sets the security headers and lists only real routes', async () => {
    const status = await sales('GET', '/api/v1/status', undefined, { 'x-correlation-id': 'c0ffee' });
    expect(status.headers.get('x-correlation-id')).toBe('c0ffee');
    for (const [name, value] of [['strict-transport-security', /max-age=31536000/], ['x-content-type-options', /nosniff/], ['x-frame-options', /DENY/], ['referrer-policy', /no-referrer/], ['content-security-policy', /default-src 'none'/]] as const) {
      expect(status.headers.get(name)).toMatch(value);
    }
    const { paths } = (await sales('GET', '/api/v1/openapi.json')).body as { paths: Record<string, Record<string, unknown>> };
    expect(paths['/api/mcp/documents/{type}']).toHaveProperty('get');
    expect(paths['/api/workflow']).toHaveProperty('get');
    expect(paths).not.toHaveProperty('/api/v1/audit/logs');
  });

  it('redirects a missing slash and counts by route pattern', async () => {
    const redirect = await server.anonymous('GET', '/metrics');
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, '/metrics/']);
    const { text } = await server.anonymous('GET', '/metrics/');
    expect(text).toMatch(/http_requests_total\{method="GET",endpoint="\/api\/v1\/status",status="200"\} \d+/);
    expect(text).toContain('workflow_transitions_total{domain="sales",action="submit",status="pending"}');
    expect(text).not.toContain('SO-T-1');
  });

  it('limits to 100 requests a minute per user and says when to come back', async () => {
    const limited = await startTestServer({ documents: 10, rateLimits: true });
    try {
      const call = await limited.as('sales');
      const answers = await Promise.all(Array.from({ length: 101 }, () => call('GET', '/api/v1/status')));
      const refused = answers.filter((answer) => answer.status === 429);
      expect(refused).toHaveLength(1);
      expect(refused[0]?.body).toEqual({ detail: 'Rate limit exceeded' });
      expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await (await limited.as('manager'))('GET', '/api/v1/status')).status).toBe(200);
      expect((await limited.anonymous('GET', '/healthz')).status).toBe(200);
    } finally {
      await limited.backend.close();
    }
  });

  it('verifies a document by its hash, which changes with the status', async () => {
    await sales('POST', orders, order('SO-V-1'));
    const { hash } = (await server.anonymous('GET', '/verify/sales/SO-V-1')).body as { hash: string };
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect((await server.anonymous('GET', `/verify/sales/SO-V-1/${hash}`)).body).toMatchObject({ valid: true, status: 'ENTWURF' });
    server.backend.control.setStatus('sales_order', 'SO-V-1', 'HALB_FERTIG');
    expect((await server.anonymous('GET', `/verify/sales/SO-V-1/${hash}`)).body).toMatchObject({ valid: false, status: 'HALB_FERTIG' });
    expect((await server.anonymous('GET', '/verify/sales/NONE')).body).toMatchObject({ exists: false });
  });
});
