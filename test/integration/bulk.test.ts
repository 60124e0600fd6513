import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bulk } from '../../shared/domain/bulk.ts';
import { countRows } from '../../shared/domain/bulk.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import { contentOf } from '../../shared/domain/draft-document.ts';
import type { ListQuery } from '../../shared/domain/document-list.ts';
import type { Clock } from '../../main/erp/ports.ts';
import { startBackend, type BackendOptions } from '../backend/index.ts';
import { callerFor, facts, order } from './backend-client.ts';
import { loginHeadless } from '../backend/login.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';
import { storeDocument } from './store-document.ts';

let world: World;
const folders: string[] = [];
afterEach(async () => {
  await world.end();
  vi.useRealTimers();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A server on which `sales` has submitted this many orders that may be approved. */
async function withSubmitted(count: number, options: BackendOptions = {}): Promise<string[]> {
  const data = await mkdtemp(path.join(tmpdir(), 'valeo-bulk-'));
  folders.push(data);
  const first = await startBackend({ documents: 40, seed: 3, rateLimits: false, data });
  const sales = callerFor(first, (await loginHeadless(first, 'sales')).accessToken);
  const numbers = Array.from({ length: count }, (_, index) => `SO-BULK-${String(index).padStart(4, '0')}`);
  for (const number of numbers) {
    await sales('POST', '/api/mcp/documents/sales_order', order(number));
    await sales('POST', `/api/workflow/sales/${number}/transition?action=submit`, facts());
  }
  await first.close();
  world = await startWorld({ data, rateLimits: true, accessTokenTtlSeconds: 7200, ...options });
  return numbers;
}

const keysOf = (numbers: readonly string[]): DocumentKey[] => numbers.map((number) => ({ type: 'sales_order', number }));
const transitionsSent = (): string[] => world.backend.control.requests.filter(({ method, path: to }) => method === 'POST' && to.includes('/transition')).map(({ path: to }) => decodeURIComponent(to.split('/')[4] ?? ''));
/** What became of the submitted orders on the server: a version counts each transition, the submission is the first. */
const approvals = (): { number: string; times: number }[] =>
  world.backend.control.db.prepare("SELECT number, version - 1 AS times FROM workflow WHERE number LIKE 'SO-BULK-%' AND state = 'approved'").all() as { number: string; times: number }[];
const pendingOnServer = (): number => (world.backend.control.db.prepare("SELECT count(*) AS n FROM workflow WHERE state = 'pending'").get() as { n: number }).n;
const pendingHere = async ({ host }: Pc): Promise<number> => Object.values(await host.documents.pendingCount()).reduce((sum, count) => sum + count, 0);

async function ended(pc: Pc, bulk: Bulk): Promise<Bulk> {
  await pc.jobs.ended((pc.workspace.bulk.get(bulk.id) ?? bulk).jobId);
  return pc.workspace.bulk.get(bulk.id) ?? bulk;
}

type JumpingClock = {
  clock: Clock;
  sleep: (info: { waiting: number; until: number | null }) => void;
  /** Nothing is jumped over while this work lasts, also where it waits for something else than an answer. */
  during: <T>(work: () => Promise<T>) => Promise<T>;
  fetch: typeof fetch;
  stop: () => void;
};

/** Time that stands still while something goes on and jumps over the waits for the rate limit; the server lives by it too. */
function jumpingClock(): JumpingClock {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  let timers: { at: number; run: () => void }[] = [];
  let waiting: { waiting: number; until: number | null } = { waiting: 0, until: null };
  let busy = 0;
  let quietSince = performance.now();
  const pump = setInterval(() => {
    if (busy > 0) quietSince = performance.now();
    const isStill = performance.now() - quietSince > 60;
    const next = Date.now() + 4;
    vi.setSystemTime(isStill && waiting.waiting > 0 && waiting.until !== null ? Math.max(next, waiting.until) : next);
    const due = timers.filter(({ at }) => at <= Date.now()).toSorted((a, b) => a.at - b.at);
    timers = timers.filter((timer) => !due.includes(timer));
    if (due.length > 0) quietSince = performance.now();
    for (const { run } of due) run();
  }, 4);
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    busy += 1;
    try {
      return await work();
    } finally {
      busy -= 1;
    }
  };
  return {
    clock: {
      now: () => Date.now(),
      after(ms, run) {
        const timer = { at: Date.now() + ms, run };
        timers.push(timer);
        return () => { timers = timers.filter((other) => other !== timer); };
      },
    },
    sleep: (info) => { waiting = info; },
    during,
    fetch: (url, init) => during(() => fetch(url, init)),
    stop: () => clearInterval(pump),
  };
}

/** A computer with the manager signed in and every document read. */
async function manager(): Promise<Pc> {
  const pc = await world.pc();
  await pc.as('manager');
  await pc.pulled();
  return pc;
}

describe('a bulk of approvals', () => {
  it('of 500 finishes without an error against the server\'s real limit, in the time that the limit allows', async () => {
    const time = jumpingClock();
    try {
      const numbers = await withSubmitted(500);
      const pc = await world.pc({ clock: time.clock, fetch: time.fetch });
      pc.workspace.requestsWaiting.on(time.sleep);
      await pc.as('manager');
      await pc.pulled();
      world.backend.control.clearRequests();
      const waits: number[] = [];
      pc.workspace.requestsWaiting.on(({ waiting }) => waits.push(waiting));
      const startedAt = Date.now();
      const bulk = await pc.workspace.bulk.start('approve', keysOf(numbers), null);
      // A person who opens a document meanwhile waits for nothing.
      await vi.waitFor(() => expect(countRows(pc.workspace.bulk.get(bulk.id)?.rows ?? []).done).toBeGreaterThan(60), { timeout: 20_000, interval: 5 });
      const clickedAt = Date.now();
      await time.during(() => pc.workspace.documents.refresh({ type: 'sales_order', number: numbers.at(-1) ?? '' }));
      expect(Date.now() - clickedAt).toBeLessThan(3000);
      const result = await ended(pc, bulk);
      const minutes = (Date.now() - startedAt) / 60_000;
      expect(countRows(result.rows)).toEqual({ waiting: 0, sending: 0, done: 500, refused: 0, skipped: 0 });
      expect(world.backend.control.requests.filter(({ status }) => status === 429)).toEqual([]);
      expect(transitionsSent()).toHaveLength(500);
      expect(approvals().every(({ times }) => times === 1)).toBe(true);
      expect(approvals()).toHaveLength(500);
      expect(Math.max(...waits)).toBeGreaterThan(0);
      expect(minutes).toBeLessThan(7.5);
      // The cache has followed: the counts are true.
      expect(await pendingHere(pc)).toBe(pendingOnServer());
    } finally {
      time.stop();
    }
  }, 120_000);

  it('waits out a 429 in the middle, on real time', async () => {
    const numbers = await withSubmitted(12);
    const pc = await manager();
    world.backend.control.fail({ method: 'POST', path: /BULK-0005|BULK-0009/, fault: { kind: 'answer', status: 429, body: { detail: 'Rate limit exceeded' }, retryAfter: 1 }, times: 2 });
    const rows: string[] = [];
    pc.workspace.bulk.changed.on((change) => { for (const { row } of change.rows) rows.push(`${row.key.number} ${row.state}`); });
    const result = await ended(pc, await pc.workspace.bulk.start('approve', keysOf(numbers), null));
    expect(countRows(result.rows)).toMatchObject({ done: 12 });
    expect(rows).toHaveLength(24);
    expect(approvals().map(({ times }) => times)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(await pendingHere(pc)).toBe(pendingOnServer());
  });

  it('names the rows that cannot, before anything is sent, and sends only the others', async () => {
    world = await startWorld();
    const sales = callerFor(world.backend, (await loginHeadless(world.backend, 'sales')).accessToken);
    await sales('POST', '/api/mcp/documents/sales_order', { ...order('SO-CHEAP'), lines: [{ article: 'Raps', qty: 1, price: 1, cost: 2, vatRate: 7 }] });
    await sales('POST', '/api/workflow/sales/SO-CHEAP/transition?action=submit', facts());
    const pc = await manager();
    const pending: ListQuery = { workflow: ['pending'], sort: { by: 'submitted', direction: 'asc' }, offset: 0, limit: 500 };
    const keys = (await pc.host.documents.list(pending)).rows.map(({ type, number }) => ({ type, number }));
    const draft = (await pc.host.documents.list({ ...pending, workflow: ['posted'], limit: 1 })).rows[0];
    world.backend.control.clearRequests();
    const plan = await pc.workspace.bulk.plan('approve', [...keys, ...(draft === undefined ? [] : [{ type: draft.type, number: draft.number }])]);
    expect(transitionsSent()).toEqual([]);
    const why = new Set(plan.rows.filter(({ state }) => state === 'skipped').map(({ error }) => error?.messageKey));
    // A manager is no controller: purchases are not theirs; and one order is sold below cost.
    expect(why).toEqual(new Set(['documents.blocked.role', 'guards.priceBelowCost', 'documents.blocked.state.approve.posted']));
    const result = await ended(pc, await pc.workspace.bulk.start('approve', keys, null));
    const counts = countRows(result.rows);
    expect(counts.skipped).toBeGreaterThan(0);
    expect(counts.done + counts.skipped).toBe(keys.length);
    expect(transitionsSent().toSorted()).toEqual(result.rows.filter(({ state }) => state === 'done').map(({ key }) => key.number).toSorted());
  });

  it('leaves out what has changes that the server does not have, in a draft or in the outbox', async () => {
    const numbers = await withSubmitted(3);
    const pc = await manager();
    const ids: string[] = [];
    for (const number of numbers.slice(0, 2)) {
      const record = await pc.host.documents.get({ type: 'sales_order', number });
      if (record === null) throw new Error('not pulled');
      const content = contentOf(record.document);
      const draft = await pc.workspace.offline.drafts.create(randomUUID(), { ...content, fields: { ...content.fields, notes: 'Tor 4' } }, record);
      ids.push(draft.id);
    }
    world.backend.control.fail({ method: 'PUT', path: /BULK-0001/, fault: { kind: 'answer', status: 422, body: { detail: 'no' } } });
    expect(await pc.workspace.offline.drafts.send(ids[1] ?? '', false)).toMatchObject({ status: 'queued' });
    const plan = await pc.workspace.bulk.plan('approve', keysOf(numbers));
    expect(plan.rows.map(({ error }) => error?.messageKey)).toEqual(['documents.blocked.unsaved', 'documents.blocked.unsaved', undefined]);
  });

  it('wants a reason to reject, and to approve what one has submitted', async () => {
    world = await startWorld();
    const pc = await world.pc();
    await pc.as('admin');
    await pc.pulled();
    await expect(pc.workspace.bulk.start('reject', keysOf(['SO-1']), ' ')).rejects.toMatchObject({ error: { code: 'guard.failed', messageKey: 'guards.reason' } });
    const { rows } = await pc.host.documents.list({ types: ['sales_order'], workflow: ['draft'], sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 3 });
    const draft = rows[0] ?? (await (async () => { const saved = await storeDocument(pc.workspace, { type: 'sales_order', number: 'SO-own', date: null, partnerId: 'K10001', partnerName: null, status: 'ENTWURF', lines: [], totals: { net: '1', tax: '0', gross: '1' } as never, fields: {} }); return saved.document; })());
    const key = { type: draft.type, number: draft.number };
    expect(countRows((await ended(pc, await pc.workspace.bulk.start('submit', [key, key], null))).rows)).toMatchObject({ done: 1 });
    await expect(pc.workspace.bulk.start('approve', [key], null)).rejects.toMatchObject({ error: { messageKey: 'guards.segregationReason' } });
    expect(countRows((await ended(pc, await pc.workspace.bulk.start('approve', [key], 'Vertretung'))).rows)).toMatchObject({ done: 1 });
  });

  it('says per row what the server refused, and sends the refused ones again on demand', async () => {
    const numbers = await withSubmitted(6);
    const pc = await manager();
    world.backend.control.fail({ method: 'POST', path: /BULK-0001/, fault: { kind: 'answer', status: 500, body: 'x' } });
    world.backend.control.fail({ method: 'POST', path: /BULK-0003/, fault: { kind: 'dropAfter' } });
    const first = await ended(pc, await pc.workspace.bulk.start('approve', keysOf(numbers), null));
    expect(first.rows.map(({ state, error }) => error?.code ?? state)).toEqual(['done', 'server.failed', 'done', 'done', 'done', 'done']);
    const second = await ended(pc, pc.workspace.bulk.retry(first.id));
    expect(countRows(second.rows)).toMatchObject({ done: 6 });
    expect(approvals().map(({ times }) => times)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('keeps what is done when it is cancelled, and goes on from there', async () => {
    const numbers = await withSubmitted(24);
    const pc = await manager();
    const some = new Promise<void>((resolve) => {
      let done = 0;
      pc.workspace.bulk.changed.on(({ rows }) => {
        done += rows.filter(({ row }) => row.state === 'done').length;
        if (done > 2) resolve();
      });
    });
    const bulk = await pc.workspace.bulk.start('approve', keysOf(numbers), null);
    await some;
    await pc.jobs.cancel(bulk.jobId);
    const cancelled = pc.workspace.bulk.get(bulk.id);
    const counts = countRows(cancelled?.rows ?? []);
    expect(counts.sending).toBe(0);
    expect(counts.waiting).toBeGreaterThan(0);
    expect(approvals(), 'on the server: exactly what is shown as done').toHaveLength(counts.done);
    expect(countRows((await ended(pc, pc.workspace.bulk.retry(bulk.id))).rows)).toMatchObject({ done: 24 });
    expect(approvals().every(({ times }) => times === 1)).toBe(true);
  });

  it('is stopped by the lock, is there again after it with what was done, and goes on', async () => {
    const numbers = await withSubmitted(24);
    const pc = await manager();
    const { bulk, cache } = pc.workspace;
    const some = new Promise<void>((resolve) => { bulk.changed.on(({ rows }) => { if (rows.some(({ row }) => row.state === 'done')) resolve(); }); });
    const { id } = await bulk.start('approve', keysOf(numbers), null);
    await some;
    await pc.workspace.lock();
    expect(cache.accountId).toBeNull();
    await pc.workspace.openCache({ kind: 'keychain' });
    const counts = countRows(bulk.latest()?.rows ?? []);
    expect(bulk.latest()?.id).toBe(id);
    expect([counts.sending, counts.waiting > 0, counts.done]).toEqual([0, true, approvals().length]);
    expect(countRows((await ended(pc, bulk.retry(id))).rows)).toMatchObject({ done: 24 });
    expect(approvals().every(({ times }) => times === 1)).toBe(true);
    bulk.close(id);
    expect(bulk.latest(), 'seen is seen').toBeNull();
  });

  it('sends nothing as somebody else, and shows nobody else what it was', async () => {
    const numbers = await withSubmitted(24);
    const pc = await manager();
    const { bulk } = pc.workspace;
    const some = new Promise<void>((resolve) => { bulk.changed.on(({ rows }) => { if (rows.some(({ row }) => row.state === 'done')) resolve(); }); });
    // Slow enough for the other sign-in to come between.
    world.backend.control.fail({ method: 'POST', path: /BULK-00(?:0[3-9]|[12]\d)\/transition/, fault: { kind: 'slow', ms: 1_500 }, times: 60 });
    const begun = await bulk.start('approve', keysOf(numbers), null);
    await some;
    await pc.as('admin');
    world.backend.control.clearFaults();
    const result = await ended(pc, begun);
    expect(countRows(result.rows).waiting).toBeGreaterThan(0);
    const actors = world.backend.control.db.prepare("SELECT DISTINCT actor FROM audit_log WHERE action LIKE '%approve%' AND resource LIKE 'sales/SO-BULK-%'").all();
    expect([actors, bulk.latest()]).toEqual([[{ actor: 'manager' }], null]);
  });

  it('approves nothing twice when answers were lost', async () => {
    const numbers = await withSubmitted(10);
    const pc = await manager();
    world.backend.control.fail({ path: /BULK-000[3-5]/, fault: { kind: 'dropAfter' }, times: 60 });
    const first = await ended(pc, await pc.workspace.bulk.start('approve', keysOf(numbers), null));
    expect(countRows(first.rows).refused).toBeGreaterThan(0);
    world.backend.control.clearFaults();
    const second = await ended(pc, pc.workspace.bulk.retry(first.id));
    expect(countRows(second.rows)).toMatchObject({ done: 10, refused: 0 });
    expect(approvals().map(({ times }) => times)).toEqual(Array.from({ length: 10 }, () => 1));
  });
});
