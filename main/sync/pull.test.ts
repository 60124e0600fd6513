import { describe, expect, it } from 'vitest';
import { documentTypes, type DocumentType } from '../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../shared/domain/document.ts';
import { exact } from '../../shared/domain/money.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { silentLog } from '../log/log.ts';
import { PullEngine, type PullPage, type PullRequest } from './pull.ts';

const record = (type: DocumentType, number: string, changedAt: number): DocumentRecord => ({
  document: { type, number, date: null, partnerId: null, partnerName: null, status: 'ENTWURF', lines: [], totals: { net: exact('0'), tax: exact('0'), gross: exact('0') }, fields: {} },
  workflow: null, etag: null, changedAt, fetchedAt: 0,
});

/** A server with one list of orders, and a cache in memory: both complete for what the engine asks of them. */
function world() {
  const server = { orders: new Map<string, number>(), removed: new Map<string, number>(), failAt: -1, requests: [] as PullRequest[], error: failure('network.unreachable') };
  const cache = { documents: new Map<string, DocumentRecord>(), facts: new Map<string, { value: unknown }>() };
  const at = { now: 1_000 };
  const fetchPage = async (type: DocumentType, request: PullRequest): Promise<PullPage> => {
    if (type !== 'sales_order') return { records: [], removed: [], nextCursor: null, total: 0 };
    server.requests.push(request);
    if (server.requests.length - 1 === server.failAt) throw server.error;
    const since = request.updatedSince ?? 0;
    const rows = [...server.orders].filter(([, changed]) => changed >= since).toSorted((a, b) => b[1] - a[1]);
    const start = request.cursor === null ? 0 : rows.findIndex(([, changed]) => changed < Number(request.cursor));
    const page = start === -1 ? [] : rows.slice(start, start + 2);
    const last = page.at(-1);
    const hasMore = last !== undefined && rows.indexOf(last) < rows.length - 1;
    const removed = request.updatedSince === null ? [] : [...server.removed].filter(([, changed]) => changed >= since).map(([number]) => number);
    return { records: page.map(([number, changed]) => record(type, number, changed)), removed, nextCursor: hasMore ? String(last[1]) : null, total: rows.length };
  };
  const engine = (canList = true) => new PullEngine({
    fetchPage, canList: () => canList, mayRead: (type) => type !== 'purchase_request', now: () => at.now, log: silentLog,
    store: {
      put: async (records) => {
        for (const one of records) cache.documents.set(one.document.number, one);
        return { changed: records.map(({ document }): DocumentKey => ({ type: document.type, number: document.number })) };
      },
      remove: async (keys) => { for (const { number } of keys) cache.documents.delete(number); },
      count: async () => cache.documents.size,
      readFact: async (name) => cache.facts.get(name) ?? null,
      writeFact: async (name, value) => { cache.facts.set(name, { value: structuredClone(value) }); },
    },
  });
  return { server, cache, at, engine };
}

describe('pull', () => {
  it('reads everything first, then only what has changed, and removes what was deleted', async () => {
    const { server, cache, at, engine } = world();
    for (let index = 1; index <= 5; index += 1) server.orders.set(`SO-${index}`, index * 10);
    const first = engine();
    await first.pull();
    expect([...cache.documents.keys()].toSorted()).toEqual(['SO-1', 'SO-2', 'SO-3', 'SO-4', 'SO-5']);
    expect(first.state()).toMatchObject({ status: 'idle', cached: 5, finishedAt: 1_000, done: 5, expected: 5 });

    server.orders.set('SO-2', 70);
    server.orders.delete('SO-3');
    server.removed.set('SO-3', 75);
    server.requests.length = 0;
    at.now = 2_000;
    const later = engine();
    await later.restore();
    expect(later.state()).toMatchObject({ finishedAt: 1_000, cached: 5 });
    await later.pull();
    expect(server.requests[0]).toMatchObject({ updatedSince: 50, cursor: null });
    expect(cache.documents.has('SO-3')).toBe(false);
    expect(cache.documents.get('SO-2')?.changedAt).toBe(70);
  });

  it('goes on after an interruption where it stopped, and misses nothing that changed meanwhile', async () => {
    const { server, cache, engine } = world();
    for (let index = 1; index <= 6; index += 1) server.orders.set(`SO-${index}`, index * 10);
    server.failAt = 1;
    const first = engine();
    await first.pull();
    expect(first.state()).toMatchObject({ status: 'failed', error: { code: 'network.unreachable' } });
    expect(cache.documents.size).toBe(2);

    server.orders.set('SO-1', 90);
    server.failAt = -1;
    server.requests.length = 0;
    const second = engine();
    await second.pull();
    expect(server.requests[0]?.cursor).toBe('50');
    await second.pull();
    expect(cache.documents.size).toBe(6);
    expect(cache.documents.get('SO-1')?.changedAt).toBe(90);
  });

  it('can be cancelled without counting as failed', async () => {
    const { server, engine } = world();
    for (let index = 1; index <= 6; index += 1) server.orders.set(`SO-${index}`, index * 10);
    const pull = engine();
    const stop = pull.documentsChanged.on(() => void pull.cancel());
    await pull.pull();
    stop();
    expect(pull.state()).toMatchObject({ status: 'idle', error: null, finishedAt: null });
    await pull.pull();
    expect(pull.state().finishedAt).toBe(1_000);
  });

  it('joins a running pass instead of starting a second one', async () => {
    const { server, engine } = world();
    server.orders.set('SO-1', 10);
    const pull = engine();
    await Promise.all([pull.pull(), pull.pull(), pull.pull()]);
    expect(server.requests).toHaveLength(1);
  });

  it('says that a server cannot list, also when it only shows by failing', async () => {
    const { server, engine } = world();
    const without = engine(false);
    await without.pull();
    expect(without.state().status).toBe('unsupported');

    server.error = failure('server.failed');
    server.failAt = 0;
    const failing = engine();
    await failing.pull();
    expect(failing.state()).toMatchObject({ status: 'unsupported', error: { code: 'server.failed' } });
  });

  it('tells of changes only after they are in the cache', async () => {
    const { server, cache, engine } = world();
    server.orders.set('SO-1', 10);
    const pull = engine();
    const seen: boolean[] = [];
    pull.documentsChanged.on((keys) => seen.push(keys?.every(({ number }) => cache.documents.has(number)) ?? true));
    await pull.pull();
    expect(seen).toEqual([true]);
  });

  it('leaves out types that the account may not read, and asks for them once a session', async () => {
    const { server, cache, engine } = world();
    server.orders.set('SO-1', 10);
    server.error = failure('server.forbidden');
    server.failAt = 0;
    const pull = engine();
    await pull.pull();
    expect(pull.state()).toMatchObject({ status: 'idle', error: null, finishedAt: 1_000 });
    await pull.pull();
    expect(server.requests).toHaveLength(1);
    await pull.restore();
    await pull.pull();
    expect(cache.documents.has('SO-1')).toBe(true);
  });

  it('covers every document type that the account may read', async () => {
    const { engine, cache } = world();
    await engine().pull();
    expect([...cache.facts.keys()].toSorted()).toEqual(documentTypes.filter((type) => type !== 'purchase_request').map((type) => `pull.${type}`).toSorted());
  });
});
