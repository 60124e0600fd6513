import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionProfileSchema } from '../../shared/domain/profile.ts';
import type { BusinessDocument, DocumentRecord } from '../../shared/domain/document.ts';
import { exact, totalsOf } from '../../shared/domain/money.ts';
import type { ListQuery } from '../../shared/domain/document-list.ts';
import { AppFailure, type AppError } from '../../shared/ipc/errors.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { Workspace } from '../../main/workspace.ts';
import { testJobs } from './test-jobs.ts';
import { startBackend, type BackendOptions } from '../backend/index.ts';
import { submitLoginForm } from '../backend/login.ts';
import { storeDocument } from './store-document.ts';

type Backend = Awaited<ReturnType<typeof startBackend>>;
const hostEntry = fileURLToPath(new URL('../../main/host/index.ts', import.meta.url));
const everything: ListQuery = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 500 };

let folder = '';
let backend: Backend;
const running: { workspace: Workspace; host: DataHost }[] = [];
const store = { current: createMemoryStore() };

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-workspace-'));
  store.current = createMemoryStore();
});
afterEach(async () => {
  for (const { workspace, host } of running.splice(0)) {
    await workspace.dispose();
    await host.dispose();
  }
  await backend.close();
  await rm(folder, { recursive: true, force: true });
});

const serve = async (options: BackendOptions = {}): Promise<void> => { backend = await startBackend({ documents: 120, seed: 3, rateLimits: false, ...options }); };

/** The services of one PC: real HTTP, real sign-in, real encrypted database; only the keychain is in memory. */
async function pc(machine = 'pc'): Promise<{ workspace: Workspace; host: DataHost; notices: AppError[]; as(name: string): Promise<void> }> {
  const notices: AppError[] = [];
  const host = createDataHost({ spawn: () => spawnNodeHost(hostEntry), log: silentLog, onReopen: async () => null });
  let user = '';
  const workspace = new Workspace({
    profile: connectionProfileSchema.parse({ id: 'it', name: 'IT', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId }),
    folder: path.join(folder, machine), store: machine === 'pc' ? store.current : createMemoryStore(), persistence: { kind: 'keychain' }, host, clock: systemClock, jobs: testJobs(systemClock), log: silentLog, notice: (error) => notices.push(error),
    fetch: (url, init) => fetch(url, init), graceMs: () => 72 * 3_600_000,
    openBrowser: async (url) => {
      const account = backend.users.find(({ name }) => name === user);
      void submitLoginForm(new URL(url), account ?? null).then((callback) => fetch(callback)).then((answer) => answer.text());
    },
  });
  running.push({ workspace, host });
  return {
    workspace, host, notices,
    async as(name) {
      user = name;
      await workspace.session.signIn();
      await workspace.settled();
    },
  };
}

const pulled = async ({ workspace }: { workspace: Workspace }): Promise<void> => {
  await expect.poll(() => workspace.online.pull.state().finishedAt !== null || workspace.online.pull.state().status === 'unsupported', { timeout: 20_000 }).toBe(true);
};

const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));

function order(number: string, price = '231.5'): BusinessDocument {
  const lines = [{ article: 'WEIZEN-A', qty: exact('24.5'), price: exact(price), vatRate: exact('7'), cost: exact('200') }];
  return { type: 'sales_order', number, date: '2026-11-20', partnerId: 'K-1001', partnerName: null, status: 'ENTWURF', lines, totals: totalsOf(lines), fields: { deliveryDate: '2026-12-01', deliveryAddress: 'Hofstraße 1', paymentTerms: 'net30' } };
}

const save = (workspace: Workspace, document: BusinessDocument): Promise<DocumentRecord> => storeDocument(workspace, document);

describe('the main job on the services', () => {
  it('is written and submitted by sales, approved by the manager, posted by the controller, and the trail shows all three', async () => {
    await serve();
    const desk = await pc();
    await desk.as('sales');
    await pulled(desk);
    const { number } = await desk.workspace.documents.nextNumber('sales_order');
    const record = await save(desk.workspace, order(number));
    expect(record).toMatchObject({ document: { number, totals: { net: '5671.75', gross: '6068.77' } }, workflow: { state: 'draft' } });
    expect(record.etag).not.toBeNull();
    const key = { type: 'sales_order' as const, number };
    expect(await desk.workspace.workflow.transition(key, 'submit', undefined)).toEqual({ state: 'pending' });
    expect(await codeOf(desk.workspace.workflow.transition(key, 'approve', undefined))).toBe('access.missingScope');

    await desk.workspace.session.signOut();
    await desk.as('manager');
    await pulled(desk);
    expect((await desk.host.documents.list({ ...everything, workflow: ['pending'] })).rows.map((row) => row.number)).toContain(number);
    expect(await desk.workspace.workflow.transition(key, 'approve', undefined)).toEqual({ state: 'approved' });

    await desk.workspace.session.signOut();
    await desk.as('controller');
    await pulled(desk);
    expect(await desk.workspace.workflow.transition(key, 'post', undefined)).toEqual({ state: 'posted' });
    const { value, source } = await desk.workspace.documents.trail(key);
    expect(source).toBe('server');
    expect(value.filter((entry) => entry.accepted).map(({ user, action, to }) => [user, action, to])).toEqual([['sales', 'submit', 'pending'], ['manager', 'approve', 'approved'], ['controller', 'post', 'posted']]);
  });

  it('refuses the purchase account with the missing scope named', async () => {
    await serve();
    const desk = await pc();
    await desk.as('purchase');
    const failed = await desk.workspace.workflow.transition({ type: 'sales_order', number: 'SO-1' }, 'submit', undefined).catch((error: unknown) => error);
    expect((failed as AppFailure).error).toMatchObject({ code: 'access.missingScope', params: { scopes: 'sales:write' } });
  });

  it('does the same on the shipped server, which cannot list and trusts the client', async () => {
    await serve({ api: 'shipped' });
    const desk = await pc();
    await desk.as('admin');
    await pulled(desk);
    expect(desk.workspace.online.pull.state().status).toBe('unsupported');
    expect(desk.workspace.monitor.state().missingCapabilities).toContain('documents.list');
    const { number, provisional } = await desk.workspace.documents.nextNumber('sales_order');
    expect(provisional).toBe(true);
    await save(desk.workspace, order(number));
    const key = { type: 'sales_order' as const, number };
    for (const [action, state] of [['submit', 'pending'], ['approve', 'approved'], ['post', 'posted']] as const) {
      expect(await desk.workspace.workflow.transition(key, action, undefined)).toEqual({ state });
    }
    expect((await desk.workspace.documents.trail(key)).value.map((entry) => entry.action)).toEqual(['submit', 'approve', 'post']);
    expect((await desk.host.documents.list(everything)).rows.map((row) => row.number)).toEqual([number]);
  });
});

describe('guards and conflicts', () => {
  it('stops a price below cost before it is sent, with the text of the server', async () => {
    await serve();
    const desk = await pc();
    await desk.as('admin');
    await save(desk.workspace, order('SO-LOW', '150'));
    const key = { type: 'sales_order' as const, number: 'SO-LOW' };
    await desk.workspace.workflow.transition(key, 'submit', undefined);
    backend.control.clearRequests();
    const failed = await desk.workspace.workflow.transition(key, 'approve', 'Test').catch((error: unknown) => error);
    expect((failed as AppFailure).error).toMatchObject({ code: 'guard.failed', messageKey: 'guards.priceBelowCost' });
    expect(backend.control.requests.filter(({ path: url }) => url.includes('action=approve'))).toEqual([]);
  });

  it('never overwrites a document of the same number, nor one that changed meanwhile', async () => {
    await serve();
    const desk = await pc();
    await desk.as('admin');
    const first = await save(desk.workspace, order('SO-TWICE'));
    expect(await codeOf(save(desk.workspace, order('SO-TWICE')))).toBe('server.conflict');
    const edited = { ...first.document, fields: { ...first.document.fields, notes: 'eins' } };
    await storeDocument(desk.workspace, edited, first);
    expect(await codeOf(storeDocument(desk.workspace, { ...edited, fields: { ...edited.fields, notes: 'zwei' } }, first))).toBe('server.conflict');
    expect((await desk.workspace.documents.reread(first.document)).document.fields['notes']).toBe('eins');
  });

  it('notices a server that says "ok" without storing', async () => {
    await serve();
    const desk = await pc();
    await desk.as('admin');
    backend.control.fail({ method: 'POST', path: /documents\/sales_order/, fault: { kind: 'answer', status: 200, body: { ok: true, number: 'SO-LIE' } } });
    expect(await codeOf(save(desk.workspace, order('SO-LIE')))).toBe('server.notStored');
  });
});

describe('offline', () => {
  it('opens the cache of the last session at the next start without any server', async () => {
    await serve();
    const desk = await pc();
    await desk.as('sales');
    await pulled(desk);
    const online = await desk.host.documents.list(everything);
    expect(online.total).toBeGreaterThan(20);
    const some = online.rows.find((row) => row.type === 'sales_order');
    if (some === undefined) throw new Error('no order in the seed');
    await desk.workspace.documents.trail(some);
    await expect.poll(async () => (await desk.host.lookups.search('articles', '', 5))?.items.length, { timeout: 10_000 }).toBe(5);
    await desk.workspace.dispose();
    await desk.host.dispose();
    running.pop();
    const { erp } = backend;
    await backend.close();

    const later = await pc();
    await later.workspace.restore();
    expect(later.workspace.session.state()).toMatchObject({ status: 'signedIn', account: { userName: 'sales' } });
    expect((await later.host.documents.list(everything)).total).toBe(online.total);
    expect(await later.workspace.documents.trail(some)).toMatchObject({ source: 'cache' });
    const articles = await later.workspace.documents.lookup('articles', 'weiz');
    expect(articles).toMatchObject({ source: 'cache' });
    expect(articles.value.length).toBeGreaterThan(0);
    expect(articles.value[0]).toMatchObject({ cost: expect.stringMatching(/^\d/), price: expect.stringMatching(/^\d/) });
    await expect.poll(() => later.workspace.monitor.state().status, { timeout: 10_000 }).toBe('offline');
    expect(await codeOf(later.workspace.workflow.transition(some, 'submit', undefined))).toMatch(/^(network\.|guard\.)/);
    expect((await later.workspace.documents.nextNumber('sales_order')).provisional).toBe(true);
    expect(erp).not.toBe('');
  });

  it('hears of the work of others through the event stream', async () => {
    await serve();
    const [mine, theirs] = [await pc(), await pc('other')];
    await mine.as('manager');
    await pulled(mine);
    await expect.poll(() => mine.workspace.monitor.state().live, { timeout: 10_000 }).toBe(true);
    await theirs.as('sales');
    await save(theirs.workspace, order('SO-LIVE'));
    await theirs.workspace.workflow.transition({ type: 'sales_order', number: 'SO-LIVE' }, 'submit', undefined);
    const pendingHere = async (): Promise<unknown> => (await mine.host.documents.list({ ...everything, workflow: ['pending'] })).rows.find(({ number }) => number === 'SO-LIVE');
    await expect.poll(pendingHere, { timeout: 10_000 }).toMatchObject({ submittedBy: 'sales' });
  });
});

describe('two accounts, one PC', () => {
  it('keeps a database for each, and nothing readable in either', async () => {
    await serve();
    const desk = await pc();
    await desk.as('sales');
    await pulled(desk);
    await desk.workspace.session.signOut();
    await desk.workspace.settled();
    expect(desk.workspace.isUnlocked()).toBe(false);
    await desk.as('purchase');
    await pulled(desk);
    const types = new Set((await desk.host.documents.list(everything)).rows.map((row) => row.type));
    expect([...types].some((type) => type.startsWith('sales'))).toBe(false);
    await desk.workspace.dispose();
    const files = (await readdir(path.join(folder, 'pc', 'cache'))).filter((file) => file.endsWith('.db'));
    expect(files).toHaveLength(2);
    for (const file of files) {
      const bytes = await readFile(path.join(folder, 'pc', 'cache', file));
      for (const word of ['SQLite format', 'sales_order', 'Weizen', 'SO-2', 'ENTWURF']) expect(bytes.includes(word), `${word} in ${file}`).toBe(false);
    }
  });

  it('sets a cache aside whose key is lost, reads again, and says so', async () => {
    await serve();
    const desk = await pc();
    await desk.as('sales');
    await pulled(desk);
    await desk.workspace.dispose();
    await desk.host.dispose();
    running.pop();
    store.current = createMemoryStore();

    const later = await pc();
    await later.as('sales');
    await pulled(later);
    expect(later.notices.map(({ code }) => code)).toEqual(['database.locked']);
    expect((await later.host.documents.list(everything)).total).toBeGreaterThan(20);
    expect((await readdir(path.join(folder, 'pc', 'cache'))).some((file) => file.endsWith('.unreadable'))).toBe(true);
  });
});
