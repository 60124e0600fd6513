import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../shared/domain/draft.ts';
import type { SendOutcome } from '../../shared/domain/outbox.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { draftHandlers } from '../../main/ipc/handlers/drafts.ts';
import type { HttpFetch } from '../../main/erp/ports.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { withdraw } from '../../main/sync/outbox/decide.ts';
import { startBackend, type Backend, type BackendOptions } from '../backend/index.ts';
import { orderContent, withNote } from '../fixtures/drafts.ts';
import { end, openDesk, type Desk as PlainDesk } from './keychain-desk.ts';

/** `network` is the cable of this PC, `person` who signs in next. */
type Desk = PlainDesk & { network: { isUp: boolean }; person: { name: string } };

let folder = '';
let backend: Backend;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-offline-')); });
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function signIn(at: Desk, name: string): Promise<void> {
  at.person.name = name;
  await at.workspace.session.signIn();
  await at.workspace.settled();
}

async function desk(name = 'sales', options: BackendOptions = {}): Promise<Desk> {
  backend = await startBackend({ documents: 5, seed: 3, rateLimits: false, ...options });
  closing.push(() => backend.close());
  const network = { isUp: true };
  const person = { name };
  const cable: HttpFetch = (url, init) => (network.isUp ? fetch(url, init) : Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })));
  const opened: Desk = { ...openDesk({ folder, backend, store: createMemoryStore(), fetch: cable, user: () => person.name }), network, person };
  closing.push(() => end(opened));
  await signIn(opened, name);
  return opened;
}

async function setOnline(at: Desk, isUp: boolean): Promise<void> {
  at.network.isUp = isUp;
  // The first may share a look that began before the change.
  for (let look = 0; look < 2; look += 1) await at.workspace.monitor.retry();
}

async function sends(at: Desk, content: DraftContent, submit = false): Promise<SendOutcome> {
  const { id } = await at.workspace.offline.drafts.create(randomUUID(), content, null);
  return at.workspace.offline.drafts.send(id, submit);
}

const drained = async (at: Desk): Promise<void> => { await expect.poll(() => at.workspace.offline.outbox.entries(), { timeout: 20_000 }).toEqual([]); };
const versionOf = (number: string): number | undefined => backend.control.db.prepare<[string], { version: number }>('SELECT version FROM documents WHERE number = ? AND deleted = 0').get(number)?.version;
const stateOf = (number: string): string | undefined => backend.control.db.prepare<[string], { state: string }>('SELECT state FROM workflow WHERE number = ?').get(number)?.state;

describe('without a network', () => {
  it('everything that is sent waits in its order, and is on the server once when it is back', async () => {
    const at = await desk();
    await setOnline(at, false);
    const numbers = Array.from({ length: 8 }, (_, index) => `SO-DAY-${index}`);
    for (const number of numbers) expect(await sends(at, orderContent(number), true)).toMatchObject({ status: 'queued', command: { state: 'waiting', kind: 'create', attempts: 0 } });
    expect(at.workspace.offline.state()).toMatchObject({ waiting: 16, rejected: 0 });
    expect(versionOf('SO-DAY-0')).toBeUndefined();
    await setOnline(at, true);
    await drained(at);
    for (const number of numbers) expect([versionOf(number), stateOf(number)]).toEqual([1, 'pending']);
    expect(await at.host.drafts.list()).toEqual([]);
  });

  it('a queued draft can be taken back, changed and sent again', async () => {
    const at = await desk();
    await setOnline(at, false);
    const outcome = await sends(at, orderContent('SO-BACK'), true);
    if (outcome.status !== 'queued') throw new Error('not queued');
    await withdraw(at.workspace.offline.deciding, outcome.command.id);
    expect(at.workspace.offline.outbox.entries(), 'its submit went with it').toEqual([]);
    const id = outcome.command.draftId ?? '';
    const draft = await at.host.drafts.get(id);
    expect(draft?.state).toBe('open');
    await at.workspace.offline.drafts.save(id, draft?.version ?? 0, withNote(orderContent('SO-BACK'), 'changed'));
    await setOnline(at, true);
    expect(await at.workspace.offline.drafts.send(id, false)).toMatchObject({ status: 'stored', record: { document: { fields: { notes: 'changed' } } } });
  });

  it('is written into a file on demand', async () => {
    const at = await desk();
    await setOnline(at, false);
    await sends(at, withNote(orderContent('SO-FILE'), 'in the file'), true);
    await at.workspace.offline.drafts.create(randomUUID(), withNote(orderContent('SO-OPEN'), 'not sent'), null);
    const file = path.join(folder, 'export.json');
    const asked: string[] = [];
    const handlers = draftHandlers({ host: at.host, workspace: () => Promise.resolve(at.workspace), now: () => Date.UTC(2026, 10, 22, 10, 42), files: { saveFile: (name) => { asked.push(name); return Promise.resolve(file); } } });
    expect(await handlers['outbox.export'](undefined)).toEqual({ path: file });
    expect(asked).toEqual(['VALEO-Ausgang-2026-11-22-10-42.json']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      commands: [{ kind: 'create', document: { number: 'SO-FILE', fields: { notes: 'in the file' } } }, { kind: 'submit', document: null }],
      drafts: [{ content: { number: 'SO-OPEN', fields: { notes: 'not sent' } } }], decisions: [],
    });
    const cancelled = draftHandlers({ host: at.host, workspace: () => Promise.resolve(at.workspace), now: Date.now, files: { saveFile: () => Promise.resolve(null) } });
    expect(await cancelled['outbox.export'](undefined)).toBeNull();
  });
});

describe('whoever sits there', () => {
  it('locks in the middle of sending without losing or doubling anything', async () => {
    const at = await desk();
    backend.control.fail({ method: 'POST', path: /documents\/sales_order/, fault: { kind: 'slow', ms: 12_000 } });
    const sending = sends(at, orderContent('SO-LOCK'), true).catch(() => null);
    await expect.poll(() => at.workspace.offline.state().sending).toBe(1);
    const started = Date.now();
    await at.workspace.lock();
    expect(Date.now() - started).toBeLessThan(11_000);
    await sending;
    await at.workspace.openCache({ kind: 'keychain' });
    await drained(at);
    expect([versionOf('SO-LOCK'), stateOf('SO-LOCK')]).toEqual([1, 'pending']);
  });

  it('finds the own queue again after somebody else has worked there', async () => {
    const at = await desk();
    await setOnline(at, false);
    await sends(at, orderContent('SO-MINE'));
    at.network.isUp = true;
    backend.control.fail({ method: 'POST', path: /documents\/sales_order/, fault: { kind: 'answer', status: 503, body: 'down' }, times: 50 });
    await at.workspace.session.signOut();
    await signIn(at, 'purchase');
    expect(at.workspace.offline.outbox.entries()).toEqual([]);
    expect(await at.host.drafts.list()).toEqual([]);
    await at.workspace.session.signOut();
    backend.control.clearFaults();
    await signIn(at, 'sales');
    await drained(at);
    expect(versionOf('SO-MINE')).toBe(1);
  });

  it('whose session ended: the command waits for the sign-in, and that is not its failure', async () => {
    const at = await desk();
    backend.control.revokeTokens();
    expect(await sends(at, orderContent('SO-401'))).toMatchObject({ status: 'queued', command: { state: 'waiting', attempts: 0, error: { reloginResolves: true } } });
    await signIn(at, 'sales');
    await drained(at);
    expect(versionOf('SO-401')).toBe(1);
  });

  it('whose session ended, and who signed in again before the server had said so', async () => {
    const at = await desk();
    const create = vi.spyOn(at.workspace.erp.documents, 'create').mockImplementationOnce(() => {
      at.workspace.offline.back();
      return Promise.reject(failure('session.expired'));
    });
    await sends(at, orderContent('SO-LATE'));
    await drained(at);
    expect(create).toHaveBeenCalledTimes(2);
    expect(versionOf('SO-LATE')).toBe(1);
  });

  it('without the right: the command is refused with the scope that is missing', async () => {
    const at = await desk('purchase');
    expect(await sends(at, orderContent('SO-403'))).toMatchObject({ status: 'queued', command: { state: 'rejected', error: { code: 'server.forbidden', params: { scopes: expect.stringContaining('sales:') as unknown } } } });
    expect(await at.host.drafts.list()).toMatchObject([{ state: 'rejected', number: 'SO-403' }]);
  });
});

describe('master data without a network', () => {
  it('reaches beyond the first thousand: to what was searched for and to what documents name', async () => {
    const at = await desk();
    await expect.poll(() => at.host.lookups.search('articles', '', 1), { timeout: 20_000 }).not.toBeNull();
    const first = Array.from({ length: 1_000 }, (_, index) => ({ id: `E-${index}`, label: `Erster ${index}` }));
    backend.control.fail({ path: /lookup\/customers\?q=&/, fault: { kind: 'answer', status: 200, body: { ok: true, data: first } } });
    expect(await at.workspace.documents.lookup('customers', '')).toMatchObject({ source: 'server', isPartial: false });
    const [searched] = (await at.workspace.documents.lookup('customers', 'hof')).value;
    if (searched === undefined) throw new Error('no such customer in the seed');
    await sends(at, { ...orderContent('SO-USED'), partnerId: 'K-NOWHERE', partnerName: null });

    await setOnline(at, false);
    const offline = (text: string) => at.workspace.documents.lookup('customers', text);
    await expect.poll(async () => (await offline(searched.id)).value.map(({ id }) => id)).toContain(searched.id);
    expect(await offline('erster 7')).toMatchObject({ source: 'cache', isPartial: true });
    expect((await offline('nowhere')).value.map(({ id }) => id)).toEqual(['K-NOWHERE']);
  });
});

describe('a server that is being exchanged', () => {
  it('is not taken at the word of the gateway before it: nothing leaves the cache, nothing is refused or read anew', async () => {
    const at = await desk();
    await sends(at, orderContent('SO-GATE'));
    const key = { type: 'sales_order', number: 'SO-GATE' } as const;
    const base = await at.workspace.documents.reread(key);
    await at.workspace.online.pull.pull();
    backend.control.fail({ path: /^\/api\//, fault: { kind: 'html', status: 404 }, times: 10_000 });

    await expect(at.workspace.documents.reread(key)).rejects.toMatchObject({ error: { code: 'server.unavailable', messageKey: 'errors.server.gateway' } });
    expect(await at.host.documents.get(key)).not.toBeNull();
    const { id } = await at.workspace.offline.drafts.create(randomUUID(), withNote(contentOf(base.document), 'after the exchange'), base);
    expect(await at.workspace.offline.drafts.send(id, false)).toMatchObject({ status: 'queued', command: { state: 'waiting', error: { messageKey: 'errors.server.gateway' } } });
    await at.workspace.online.pull.pull();
    expect(at.workspace.online.pull.state()).toMatchObject({ status: 'failed', error: { code: 'server.unavailable' } });

    backend.control.clearFaults();
    backend.control.clearRequests();
    await at.workspace.online.pull.pull();
    const lists = backend.control.requests.filter(({ path: address }) => address.startsWith('/api/mcp/documents/sales_order?'));
    expect(lists.length).toBeGreaterThan(0);
    expect(lists.filter(({ path: address }) => !address.includes('updated_since='))).toEqual([]);
    at.workspace.offline.outbox.kick();
    await drained(at);
    expect(backend.control.db.prepare<[string], { body: string }>('SELECT body FROM documents WHERE number = ?').get('SO-GATE')?.body).toContain('after the exchange');
  });
});

describe('decisions for later', () => {
  it('are never sent by themselves, show what changed, and are carried out once when confirmed', async () => {
    const at = await desk();
    await sends(at, orderContent('SO-DEC'), true);
    await at.workspace.session.signOut();
    await signIn(at, 'manager');
    const key = { type: 'sales_order', number: 'SO-DEC' } as const;
    await at.workspace.documents.refresh(key);
    await setOnline(at, false);
    const decision = await at.workspace.offline.decisions.add(key, 'approve', null);
    expect(at.workspace.offline.state().decisions).toBe(1);
    expect(decision).toMatchObject({ current: null, changed: false, seen: { document: { number: 'SO-DEC' } } });
    backend.control.setStatus('sales_order', 'SO-DEC', 'BESTAETIGT');
    await setOnline(at, true);
    await expect.poll(async () => (await at.workspace.offline.decisions.list())[0]?.changed, { timeout: 10_000 }).toBe(true);
    expect(stateOf('SO-DEC'), 'nobody has confirmed it').toBe('pending');
    expect(await at.workspace.offline.decisions.confirm(decision.id)).toEqual({ state: 'approved' });
    expect(await at.workspace.offline.decisions.list()).toEqual([]);
    expect((await at.workspace.documents.trail(key)).value.filter(({ action, accepted }) => action === 'approve' && accepted)).toHaveLength(1);
  });
});
