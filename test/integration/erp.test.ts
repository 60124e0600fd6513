import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Erp, WorkflowEvent } from '../../main/erp/types.ts';
import { documentTypes } from '../../shared/domain/document-types.ts';
import { exact, totalsOf, zero } from '../../shared/domain/money.ts';
import { backend, codeOf, erp, errorOf, fail, logLines, order, sent } from './erp-client.ts';

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

  it('are found by asking too where a gateway hides the list of routes, and not at all where it hides the server', async () => {
    backend.control.fail({ path: /openapi/, fault: { kind: 'html', status: 404 }, times: 3 });
    const capabilities = await erp().capabilities();
    expect([capabilities.source, capabilities.missing()]).toEqual(['probes', []]);
    const client = erp();
    backend.control.fail({ path: /./, fault: { kind: 'html', status: 404 }, times: 1_000 });
    expect(await codeOf(client.capabilities())).toBe('server.unavailable');
    backend.control.clearFaults();
    expect((await client.capabilities()).missing()).toEqual([]);
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

  it('are not taken from the others who ask by one who gives up', async () => {
    const client = erp();
    const hurried = new AbortController();
    const both = Promise.all([codeOf(client.capabilities({ signal: hurried.signal })), client.capabilities()]);
    hurried.abort();
    const [code, capabilities] = await both;
    expect([code, capabilities.missing()]).toEqual(['call.cancelled', []]);
    expect(await codeOf(client.capabilities({ signal: AbortSignal.abort() }))).toBe('call.cancelled');
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
