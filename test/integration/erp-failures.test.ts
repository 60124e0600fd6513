import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../main/erp/manual-clock.ts';
import type { TokenSource } from '../../main/erp/ports.ts';
import type { WaitingInfo } from '../../main/erp/types.ts';
import { withCorrelation } from '../../main/log/correlation.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import type { Fault } from '../backend/index.ts';
import { codeOf, erp, errorOf, fail, logLines, sent, tokens } from './erp-client.ts';

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
    ['HTML of a gateway that has no way to the server', { kind: 'html', status: 404 }, 'server.unavailable', { messageKey: 'errors.server.gateway' }],
    ['HTML of a firewall', { kind: 'html', status: 403 }, 'server.unavailable', { messageKey: 'errors.server.gateway' }],
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

  it('sends nothing to an address whose parts would be swallowed', async () => {
    for (const id of ['.', '..']) {
      expect(await codeOf(erp().sessions.end(id))).toBe('input.invalid');
      expect(await codeOf(erp().secrets.rotate(id, 'begin', ''))).toBe('input.invalid');
    }
    expect(sent(/security/)).toEqual([]);
  });

  it('never repeats a write without a key', async () => {
    fail({ kind: 'dropBefore' }, 9);
    expect(await codeOf(erp().documents.remove({ type: 'sales_order', number: 'SO-x' }))).toBe('network.interrupted');
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
    // The one that was told to wait and the one that came after it.
    expect(told.at(-1)).toMatchObject({ waiting: 2 });
    await clock.advance(200);
    expect((await listed).records).toHaveLength(1);
    await other;
    expect(told.at(-1)).toEqual({ waiting: 0, until: null });
    expect(sent(/./)).toHaveLength(3);
  });

  it('sits out refusals also for writes, which the server has not done, and gives up on a server that never says yes', async () => {
    const clock = createManualClock();
    const client = erp('admin', { clock });
    fail({ kind: 'answer', status: 429, body: 'slow down', retryAfter: 3 }, 2, /SO-limited/);
    const removed = codeOf(client.documents.remove({ type: 'sales_order', number: 'SO-limited' }));
    for (const count of [1, 2]) {
      await expect.poll(() => sent(/SO-limited/).length).toBe(count);
      await new Promise((resolve) => { setTimeout(resolve, 30); });
      await clock.advance(3100);
    }
    expect(await removed).toBe('server.notFound');
    expect(sent(/SO-limited/).map(({ status }) => status)).toEqual([429, 429, 404]);
    fail({ kind: 'answer', status: 429, body: 'no' }, 99, /SO-never/);
    const hopeless = codeOf(client.documents.remove({ type: 'sales_order', number: 'SO-never' }));
    for (let count = 1; count <= 9; count++) {
      await expect.poll(() => sent(/SO-never/).at(count - 1)?.status).toBe(429);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
      // Not further: the next attempt would run into its own timeout while this clock races ahead of the real server.
      if (count < 9) await clock.advance(Math.min(1000 * 2 ** (count - 1), 60_000));
    }
    expect(await hopeless).toBe('server.rateLimited');
    expect(sent(/SO-never/)).toHaveLength(9);
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

describe('the log', () => {
  it('holds no token and nothing that the server echoed', () => {
    const text = logLines.join('\n');
    expect(logLines.length).toBeGreaterThan(20);
    expect(text).not.toMatch(/eyJ[\w-]{10,}/);
    expect(text).not.toContain('CANARY');
    const written = logLines.filter((line) => !line.includes('"level":"debug"')).join('\n');
    for (const word of ['SELECT secret', 'app.py']) expect(written).not.toContain(word);
  });
});
