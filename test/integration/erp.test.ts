import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createErp } from '../../main/erp/index.ts';
import { createManualClock } from '../../main/erp/manual-clock.ts';
import { systemClock, type TokenSource } from '../../main/erp/ports.ts';
import type { Erp, WaitingInfo, WorkflowEvent } from '../../main/erp/types.ts';
import { createLog } from '../../main/log/create.ts';
import { withCorrelation } from '../../main/log/correlation.ts';
import { documentTypes } from '../../shared/domain/document-types.ts';
import type { BusinessDocument } from '../../shared/domain/document.ts';
import { exact, totalsOf, zero } from '../../shared/domain/money.ts';
import { AppFailure, type AppError } from '../../shared/ipc/errors.ts';
import { startBackend, type Backend, type Fault } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';

let backend: Backend;
let shipped: Backend;
const tokens = new Map<string, string>();
const logLines: string[] = [];
const { log } = createLog({ alsoTo: (line) => logLines.push(line), level: 'debug' });

beforeAll(async () => {
  backend = await startBackend({ documents: 300, seed: 5, rateLimits: false });
  shipped = await startBackend({ documents: 60, seed: 5, api: 'shipped' });
  for (const name of ['admin', 'sales', 'purchase', 'manager', 'controller']) tokens.set(name, (await loginHeadless(backend, name)).accessToken);
  tokens.set('shipped', (await loginHeadless(shipped, 'admin')).accessToken);
});
afterAll(async () => {
  await backend.close();
  await shipped.close();
});
afterEach(() => {
  backend.control.clearFaults();
  backend.control.clearRequests();
});

const tokenOf = (name: string): TokenSource => ({ accessToken: async () => tokens.get(name) ?? '', refreshNow: async () => tokens.get(name) ?? '' });

function erp(name = 'admin', more: Partial<Parameters<typeof createErp>[0]> = {}): Erp {
  return createErp({ baseUrl: name === 'shipped' ? shipped.erp : backend.erp, fetch: (url, init) => fetch(url, init), tokens: tokenOf(name), clock: systemClock, log, random: () => 0, ...more });
}

const errorOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof AppFailure)) throw new Error(`no AppFailure: ${String(error)}`);
  return error.error;
};
const codeOf = async (promise: Promise<unknown>): Promise<string> => (await errorOf(promise)).code;

function order(number: string, more: Partial<BusinessDocument> = {}): BusinessDocument {
  const lines = [{ article: 'WEIZEN-A', qty: exact('24.5'), price: exact('231.55'), vatRate: exact('7'), cost: exact('200') }];
  return { type: 'sales_order', number, date: '2026-11-20', partnerId: 'K-1001', partnerName: null, status: 'ENTWURF', lines, totals: totalsOf(lines), fields: { notes: 'Anlieferung über Hof' }, ...more };
}
const key = { type: 'sales_order', number: '' } as const;

const fail = (fault: Fault, times = 1, path = /documents|status/): void => backend.control.fail({ path, fault, times });
const sent = (path: RegExp) => backend.control.requests.filter((entry) => path.test(entry.path));

describe('documents', () => {
  it('are listed page by page until all are there, each once', async () => {
    const client = erp();
    for (const type of documentTypes) {
      const numbers: string[] = [];
      let cursor: string | undefined;
      let total = -1;
      do {
        const page = await client.documents.list(type, { limit: 17, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.unreadable).toEqual([]);
        numbers.push(...page.records.map(({ document }) => document.number));
        total = page.total ?? -1;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(numbers).size, type).toBe(total);
      expect(numbers.length).toBe(total);
    }
  });

  it('carry workflow, version, partner and exact totals in each row', async () => {
    const { records } = await erp().documents.list('sales_invoice', { limit: 5 });
    for (const { document, workflow, etag, changedAt } of records) {
      expect(workflow?.state).toBeTruthy();
      expect(workflow?.version).toMatch(/^\d+$/);
      expect(etag).toMatch(/^"\d+"$/);
      expect(changedAt).toBeGreaterThan(0);
      expect(document.partnerName).toBeTruthy();
      const { net, gross } = totalsOf(document.lines);
      expect([exact(document.totals.net), exact(document.totals.gross)]).toEqual([exact(net), exact(gross)]);
    }
  });

  it('are stored, read back the same, changed against their version, and deleted with a tombstone', async () => {
    const client = erp('admin');
    const before = Date.now() - 1000;
    const document = order(`SO-T-${randomUUID().slice(0, 8)}`);
    const created = await client.documents.create(document, { idempotencyKey: randomUUID() });
    expect(created).toEqual({ number: document.number, etag: '"1"' });
    const read = await client.documents.get(document);
    expect(read.document.lines).toEqual(document.lines);
    expect(read.document.fields).toEqual(document.fields);
    expect(read.etag).toBe('"1"');
    const changed = await client.documents.update({ ...document, fields: { notes: 'neu' } }, { idempotencyKey: randomUUID(), etag: read.etag });
    expect(changed.etag).toBe('"2"');
    expect(await errorOf(client.documents.update(document, { idempotencyKey: randomUUID(), etag: read.etag }))).toMatchObject({ code: 'server.preconditionFailed', retry: 'never' });
    await client.documents.remove(document, { etag: changed.etag });
    expect(await codeOf(client.documents.get(document))).toBe('server.notFound');
    const delta = await client.documents.list('sales_order', { updatedSince: before });
    expect(delta.deleted.map(({ number }) => number)).toContain(document.number);
  });

  it('are stored once when the answer gets lost', async () => {
    const client = erp();
    const document = order(`SO-T-${randomUUID().slice(0, 8)}`);
    fail({ kind: 'dropAfter' });
    const created = await client.documents.create(document, { idempotencyKey: randomUUID() });
    expect(created.etag).toBe('"1"');
    expect(sent(/sales_order$/).length).toBe(2);
    expect(new Set(sent(/sales_order$/).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect((await client.documents.get(document)).etag).toBe('"1"');
  });

  it('tell which field the server does not accept', async () => {
    const document = order('SO-T-422', { type: 'sales_delivery', fields: {} });
    expect(await errorOf(erp().documents.create(document, { idempotencyKey: randomUUID() }))).toMatchObject({ code: 'server.invalid', fieldErrors: [{ path: 'deliveryAddress', messageKey: 'errors.field.required' }] });
  });

  it('name the missing scope', async () => {
    expect(await errorOf(erp('purchase').documents.list('sales_order'))).toMatchObject({ code: 'server.forbidden', messageKey: 'errors.server.forbidden.scopes', params: { scopes: 'sales:read, docs:read' }, reloginResolves: false });
  });

  it('do not hold the main thread up while a large page is read', async () => {
    const row = { ...(await erp().documents.list('sales_invoice', { limit: 1 })).records[0]?.document.fields, number: 'INV-1', lines: Array.from({ length: 8 }, () => ({ article: 'A', qty: 1.5, price: 2.25, vatRate: 7 })) };
    const body = JSON.stringify({ ok: true, data: Array.from({ length: 1000 }, (_, index) => ({ ...row, number: `INV-${index}` })), total: 1000, cursor: null });
    const client = erp('admin', { fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }) });
    let turns = 0;
    let isReading = true;
    const tick = (): void => {
      turns++;
      if (isReading) setImmediate(tick);
    };
    const reading = client.documents.list('sales_invoice', { limit: 1000 });
    setImmediate(tick);
    const page = await reading;
    isReading = false;
    expect(page.records).toHaveLength(1000);
    // In one piece it would be one turn for the answer and none after it.
    expect(turns).toBeGreaterThan(3);
  });
});

describe('workflow', () => {
  const transition = (client: Erp, number: string, action: 'submit' | 'approve' | 'reject' | 'post', more: Record<string, unknown> = {}) =>
    client.workflow.transition({ domain: 'sales', number, action, total: exact('100'), lines: order('x').lines, roles: ['admin'], userName: 'x', version: null, idempotencyKey: randomUUID(), ...more });

  it('goes from draft to posted by three people, and the trail shows them', async () => {
    const document = order(`SO-T-${randomUUID().slice(0, 8)}`);
    await erp('sales').documents.create(document, { idempotencyKey: randomUUID() });
    const draft = await erp('sales').workflow.state('sales', document.number);
    expect(draft).toMatchObject({ state: 'draft', submittedBy: null });
    expect(await transition(erp('sales'), document.number, 'submit', { version: draft.version })).toEqual({ state: 'pending', version: '1' });
    const pending = await erp('manager').workflow.pending({ domain: 'sales' });
    expect(pending.items.find(({ number }) => number === document.number)).toMatchObject({ domain: 'sales', type: 'sales_order', workflow: { state: 'pending', submittedBy: 'sales' } });
    expect(await transition(erp('manager'), document.number, 'approve', { version: '1' })).toMatchObject({ state: 'approved' });
    expect(await transition(erp('controller'), document.number, 'post', { version: '2' })).toMatchObject({ state: 'posted' });
    const trail = await erp('sales').workflow.trail('sales', document.number);
    expect(trail.map(({ user, action, from, to, accepted }) => [user, action, from, to, accepted])).toEqual([['sales', 'submit', 'draft', 'pending', true], ['manager', 'approve', 'pending', 'approved', true], ['controller', 'post', 'approved', 'posted', true]]);
    expect(trail[0]).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), correlationId: expect.any(String) });
  });

  it('says which guard refused, with the facts of the document', async () => {
    const document = order(`SO-T-${randomUUID().slice(0, 8)}`);
    await erp('sales').documents.create(document, { idempotencyKey: randomUUID() });
    expect(await errorOf(transition(erp('manager'), document.number, 'approve', { version: '0' }))).toMatchObject({ code: 'server.conflict', messageKey: 'guards.state', params: { state: 'draft', action: 'approve' } });
    await transition(erp('admin'), document.number, 'submit');
    expect(await errorOf(transition(erp('admin'), document.number, 'approve'))).toMatchObject({ code: 'guard.failed', messageKey: 'guards.segregationReason' });
    const below = [{ article: 'WEIZEN-A', qty: exact('1'), price: exact('199'), vatRate: null, cost: exact('200') }];
    expect(await errorOf(transition(erp('manager'), document.number, 'approve', { lines: below }))).toMatchObject({ code: 'guard.failed', messageKey: 'guards.priceBelowCost', params: { article: 'WEIZEN-A', price: '199', cost: '200' } });
    expect(await errorOf(transition(erp('controller'), document.number, 'reject'))).toMatchObject({ code: 'guard.failed', messageKey: 'guards.reason' });
    expect(await errorOf(transition(erp('purchase'), document.number, 'approve'))).toMatchObject({ code: 'server.forbidden', params: { scopes: 'sales:approve' } });
    await transition(erp('manager'), document.number, 'approve');
    expect(await errorOf(transition(erp('controller'), document.number, 'post', { total: zero }))).toMatchObject({ code: 'guard.failed', messageKey: 'guards.totalAboveZero', params: { total: '0' } });
    const refused = (await erp().workflow.trail('sales', document.number)).filter(({ accepted }) => !accepted);
    expect(refused.length).toBeGreaterThanOrEqual(5);
  });

  it.each(['dropAfter', 'dropBefore'] as const)('is done once when the connection breaks (%s)', async (kind) => {
    const document = order(`SO-T-${randomUUID().slice(0, 8)}`);
    await erp('sales').documents.create(document, { idempotencyKey: randomUUID() });
    backend.control.fail({ method: 'POST', path: /transition/, fault: { kind } });
    expect(await transition(erp('sales'), document.number, 'submit', { version: '0' })).toEqual({ state: 'pending', version: '1' });
    expect(await erp('sales').workflow.trail('sales', document.number)).toHaveLength(1);
  });
});

describe('failures', () => {
  it.each<[string, Fault, string, Partial<AppError>]>([
    ['400', { kind: 'answer', status: 400, body: { detail: 'x' } }, 'server.badRequest', { retry: 'never' }],
    ['403', { kind: 'answer', status: 403, body: { detail: 'Insufficient permissions. Missing: docs:export' } }, 'server.forbidden', { params: { scopes: 'docs:export', kind: 'missing' } }],
    ['404', { kind: 'answer', status: 404 }, 'server.notFound', {}],
    ['409', { kind: 'answer', status: 409 }, 'server.conflict', {}],
    ['412', { kind: 'answer', status: 412 }, 'server.preconditionFailed', {}],
    ['422', { kind: 'answer', status: 422, body: { detail: [{ type: 'missing', loc: ['body', 'date'], msg: 'x', input: 'CANARY' }] } }, 'server.invalid', { fieldErrors: [{ path: 'date', messageKey: 'errors.field.required', params: {} }] }],
    ['500 in plain text', { kind: 'answer', status: 500, body: 'Internal Server Error at /srv/app.py' }, 'server.failed', { retry: 'later' }],
    ['503 that stays', { kind: 'answer', status: 503, body: 'down' }, 'server.unavailable', { retry: 'later' }],
    ['503 of the identity provider', { kind: 'answer', status: 503, body: { detail: 'Identity provider unavailable' } }, 'server.unavailable', { messageKey: 'errors.server.identityProviderDown' }],
    ['HTML from a proxy', { kind: 'html', status: 502 }, 'server.unavailable', {}],
    ['HTML with 200', { kind: 'html', status: 200 }, 'server.notJson', {}],
    ['ok: false with 200', { kind: 'notOk', error: 'SELECT secret' }, 'server.refused', { params: {} }],
    ['half a JSON', { kind: 'truncatedJson' }, 'server.notJson', {}],
    ['a connection that breaks', { kind: 'dropBefore' }, 'network.interrupted', { retry: 'now' }],
    ['another shape', { kind: 'answer', status: 200, body: { ok: true, data: 'none' } }, 'server.unexpected', { params: { field: 'data' } }],
  ])('%s', async (_what, fault, code, more) => {
    fail(fault, 9);
    const error = await errorOf(erp().documents.list('sales_order'));
    expect(error).toMatchObject({ code, ...more });
    expect(error.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    for (const word of ['SELECT', 'app.py', 'CANARY']) expect(JSON.stringify(error)).not.toContain(word);
  });

  it.each<[string, Fault]>([['503', { kind: 'answer', status: 503, body: 'x' }], ['a broken connection', { kind: 'dropBefore' }], ['HTML from a proxy', { kind: 'html', status: 502 }]])('a read outlives %s', async (_what, fault) => {
    fail(fault, 2);
    expect((await erp().documents.list('sales_order', { limit: 1 })).records).toHaveLength(1);
    expect(sent(/sales_order/)).toHaveLength(3);
  });

  it('never repeats a write without a key', async () => {
    fail({ kind: 'dropBefore' }, 9);
    expect(await codeOf(erp().documents.remove({ ...key, number: 'SO-x' }))).toBe('network.interrupted');
    expect(sent(/SO-x/)).toHaveLength(1);
  });

  it('waits as long as the server asks for, and tells that it waits', async () => {
    const clock = createManualClock();
    const told: WaitingInfo[] = [];
    const client = erp('admin', { clock, onWaiting: (info) => told.push(info) });
    fail({ kind: 'answer', status: 429, body: 'slow down', retryAfter: 7 });
    const listed = client.documents.list('sales_order', { limit: 1 });
    await expect.poll(() => sent(/sales_order/).length).toBe(1);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    await clock.advance(6900);
    const other = client.ping();
    await clock.advance(0);
    expect(told.at(-1)).toMatchObject({ waiting: 1 });
    await clock.advance(200);
    expect((await listed).records).toHaveLength(1);
    await other;
    expect(told.at(-1)).toEqual({ waiting: 0, until: null });
    expect(sent(/./)).toHaveLength(3);
  });

  it('tells instead of waiting when it would be too long', async () => {
    fail({ kind: 'answer', status: 429, body: 'x', retryAfter: 3600 });
    expect(await errorOf(erp().documents.list('sales_order'))).toMatchObject({ code: 'server.rateLimited', retry: 'later', retryAfter: 3_600_000 });
  });

  it('renews a rejected token once, then asks for a sign-in', async () => {
    let current = 'stale';
    let renewed = 0;
    const source: TokenSource = { accessToken: async () => current, refreshNow: async (rejected) => { expect(rejected).toBe('stale'); renewed++; current = tokens.get('admin') ?? ''; return current; } };
    expect((await erp('admin', { tokens: source }).documents.list('sales_order', { limit: 1 })).records).toHaveLength(1);
    expect(renewed).toBe(1);
    const hopeless: TokenSource = { accessToken: async () => 'bad', refreshNow: async () => 'worse' };
    expect(await errorOf(erp('admin', { tokens: hopeless }).ping())).toMatchObject({ code: 'server.unauthorised', reloginResolves: true, retry: 'never' });
  });

  it('gives up on a server that never answers, and can be cancelled', async () => {
    const clock = createManualClock();
    fail({ kind: 'hang' }, 9);
    const hanging = codeOf(erp('admin', { clock }).ping());
    await expect.poll(() => sent(/status/).length).toBe(1);
    await clock.advance(20_000);
    expect(await hanging).toBe('network.timeout');
    const controller = new AbortController();
    const cancelled = codeOf(erp().ping({ signal: controller.signal }));
    await expect.poll(() => sent(/status/).length).toBe(2);
    controller.abort();
    expect(await cancelled).toBe('call.cancelled');
  });

  it('cuts off an answer without end', async () => {
    const endless = new ReadableStream<Uint8Array>({ pull(controller) { controller.enqueue(new Uint8Array(1024 * 1024).fill(32)); } });
    const client = erp('admin', { fetch: async () => new Response(endless, { headers: { 'content-type': 'application/json' } }) });
    expect(await errorOf(client.documents.list('sales_order'))).toMatchObject({ code: 'server.unexpected', params: { field: '> 32 MB' } });
  });

  it('sends one correlation id per action, and its own outside of one', async () => {
    const client = erp();
    await withCorrelation(async () => { await client.ping(); await client.ping(); }, 'aaaaaaaa-0000-4000-8000-000000000000');
    await client.ping();
    const ids = sent(/status/).map(({ correlationId }) => correlationId);
    expect(ids.slice(0, 2)).toEqual(Array(2).fill('aaaaaaaa-0000-4000-8000-000000000000'));
    expect(ids[2]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('redirects', () => {
  async function withServer(listener: RequestListener, run: (url: string) => Promise<void>): Promise<void> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    try {
      await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const json = { 'content-type': 'application/json' };

  it('keep the token on the same origin and go round in circles only a few times', async () => {
    const seen: (string | undefined)[] = [];
    await withServer((request, response) => {
      seen.push(request.headers.authorization);
      if (request.url === '/api/v1/status') response.writeHead(307, { location: '/api/v1/status/' }).end();
      else response.writeHead(200, json).end('{}');
    }, async (url) => {
      await erp('admin', { baseUrl: url }).ping();
      expect(seen).toEqual(Array(2).fill(`Bearer ${tokens.get('admin')}`));
    });
    await withServer((_request, response) => { response.writeHead(307, { location: '/again' }).end(); }, async (url) => {
      expect(await errorOf(erp('admin', { baseUrl: url }).ping())).toMatchObject({ code: 'server.unexpected', params: { field: 'Location' } });
    });
  });

  it('never take the token to another origin', async () => {
    const seen: (string | undefined)[] = [];
    await withServer((request, response) => { seen.push(request.headers.authorization); response.writeHead(200, json).end('{}'); }, async (elsewhere) => {
      await withServer((_request, response) => { response.writeHead(307, { location: `${elsewhere}/x` }).end(); }, async (url) => {
        expect(await codeOf(erp('admin', { baseUrl: url }).ping())).toBe('server.unexpected');
        expect(seen).toEqual([]);
      });
    });
  });
});

describe('the shipped server', () => {
  it('is met as it is', async () => {
    const client = erp('shipped');
    const capabilities = await client.capabilities();
    expect(capabilities.source).toBe('openapi');
    expect(capabilities.missing()).toEqual(expect.arrayContaining(['workflow.pending', 'lookups.suppliers']));
    expect(await codeOf(client.documents.list('sales_order'))).toBe('server.failed');
    expect(await codeOf(client.numbering.next('sales_order'))).toBe('server.failed');
    expect(await codeOf(client.workflow.pending())).toBe('server.unsupported');
    expect(await codeOf(client.lookups.search('suppliers', 'a'))).toBe('server.unsupported');
    expect(await codeOf(client.formSpecs.get('purchase_order'))).toBe('server.unsupported');
    expect((await client.lookups.search('customers', '')).length).toBe(5);
    const document = order('SO-T-1');
    expect(await client.documents.create(document, { idempotencyKey: randomUUID() })).toEqual({ number: 'SO-T-1', etag: null });
    expect(await errorOf(client.documents.create(document, { idempotencyKey: randomUUID() }))).toMatchObject({ code: 'server.refused', messageKey: 'errors.document.statusTransition', params: { from: 'ENTWURF', to: 'ENTWURF' } });
    expect(await client.documents.get(document)).toMatchObject({ etag: null, workflow: null, document: { lines: document.lines } });
    const request = { domain: 'sales', number: 'SO-T-1', action: 'submit', total: exact('1'), lines: document.lines, roles: ['user'], userName: 'x', version: null, idempotencyKey: randomUUID() } as const;
    expect(await errorOf(client.workflow.transition(request))).toMatchObject({ code: 'guard.failed', messageKey: 'guards.role', params: { action: 'submit', roles: 'sales, purchase, admin' } });
    expect(await client.workflow.transition({ ...request, roles: ['sales'] })).toEqual({ state: 'pending', version: null });
    expect(await errorOf(client.workflow.transition({ ...request, roles: ['sales'] }))).toMatchObject({ code: 'guard.failed', messageKey: 'guards.state', params: { action: 'submit' } });
    expect(await client.workflow.trail('sales', 'SO-T-1')).toMatchObject([{ seq: null, user: null, action: 'submit', from: 'draft', to: 'pending', accepted: true, hash: null }]);
  });
});

describe('capabilities', () => {
  it('of the security profile are all there', async () => {
    const capabilities = await erp().capabilities();
    expect([capabilities.source, capabilities.missing()]).toEqual(['openapi', []]);
  });

  it('are found by asking where the server does not list its routes', async () => {
    backend.control.fail({ path: /openapi/, fault: { kind: 'answer', status: 404 } });
    const capabilities = await erp().capabilities();
    expect([capabilities.source, capabilities.missing()]).toEqual(['probes', []]);
  });

  it('are not known while the server cannot be asked, and are asked for again', async () => {
    const client = erp();
    backend.control.fail({ path: /openapi/, fault: { kind: 'dropBefore' }, times: 3 });
    expect(await codeOf(client.capabilities())).toBe('network.interrupted');
    expect((await client.capabilities()).missing()).toEqual([]);
    backend.control.clearRequests();
    await client.capabilities();
    expect(sent(/openapi/)).toHaveLength(0);
  });
});

describe('the rest of the API', () => {
  it('gives numbers, forms and lookups', async () => {
    const client = erp();
    expect(await client.numbering.next('sales_offer')).toMatch(/^ANG-\d{4}-\d{5}$/);
    for (const type of documentTypes) expect((await client.formSpecs.get(type)).fields.length).toBeGreaterThan(3);
    const articles = await client.lookups.search('articles', '');
    expect(articles[0]?.price).toMatch(/^\d+(\.\d+)?$/);
    expect((await client.lookups.search('suppliers', ''))[0]?.label).toBeTruthy();
  });
});

describe('events', () => {
  it('arrive, survive a cut line without loss, and end', async () => {
    const events: WorkflowEvent[] = [];
    const live: boolean[] = [];
    let gaps = 0;
    const stop = erp('admin').events({ onEvent: (event) => events.push(event), onStatus: (status) => live.push(status.live), onGap: () => { gaps++; } });
    await expect.poll(() => live).toEqual([true]);
    const client = erp('sales');
    const submit = async (): Promise<string> => {
      const document = order(`SO-T-${randomUUID().slice(0, 8)}`);
      await client.documents.create(document, { idempotencyKey: randomUUID() });
      await client.workflow.transition({ domain: 'sales', number: document.number, action: 'submit', total: exact('1'), lines: document.lines, roles: [], userName: 'x', version: null, idempotencyKey: randomUUID() });
      return document.number;
    };
    const first = await submit();
    await expect.poll(() => events.map(({ number }) => number)).toEqual([first]);
    backend.control.dropEventStreams();
    await expect.poll(() => live.at(-1)).toBe(false);
    const second = await submit();
    await expect.poll(() => events.map(({ number }) => number), { timeout: 10_000 }).toEqual([first, second]);
    expect(gaps).toBe(0);
    await stop();
    await submit();
    expect(events).toHaveLength(2);
  });
});

describe('the log', () => {
  it('holds no token and no text of a document', () => {
    const text = logLines.join('\n');
    expect(logLines.length).toBeGreaterThan(50);
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
    for (const word of ['CANARY', 'Anlieferung über Hof', 'K-1001']) expect(text).not.toContain(word);
  });
});
