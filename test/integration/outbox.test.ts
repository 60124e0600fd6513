import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import type { Draft, DraftContent } from '../../shared/domain/draft.ts';
import type { SendOutcome } from '../../shared/domain/outbox.ts';
import { contentOf } from '../../shared/domain/draft-document.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { asNewDraft, conflictOf, resolve } from '../../main/sync/outbox/decide.ts';
import type { Workspace } from '../../main/workspace.ts';
import { startBackend, type Backend, type BackendOptions, type Fault } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { orderContent, withNote } from '../fixtures/drafts.ts';
import { end, openDesk, type Desk } from './keychain-desk.ts';

let folder = '';
let backend: Backend;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-outbox-')); });
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function desk(options: BackendOptions = {}): Promise<Desk> {
  backend = await startBackend({ documents: 5, seed: 3, rateLimits: false, ...options });
  closing.push(() => backend.close());
  const opened = openDesk({ folder, backend, store: createMemoryStore() });
  closing.push(() => end(opened));
  await opened.workspace.session.signIn();
  await opened.workspace.settled();
  return opened;
}

const write = async ({ workspace }: { workspace: Workspace }, content: DraftContent, base: DocumentRecord | null = null): Promise<Draft> => workspace.offline.drafts.create(randomUUID(), content, base);
const sends = async (at: { workspace: Workspace }, content: DraftContent, submit = false): Promise<SendOutcome> => at.workspace.offline.drafts.send((await write(at, content)).id, submit);
const bodyOf = (number: string): Record<string, unknown> | null => {
  const row = backend.control.db.prepare<[string], { body: string }>('SELECT body FROM documents WHERE number = ? AND deleted = 0').get(number);
  return row === undefined ? null : (JSON.parse(row.body) as Record<string, unknown>);
};
/** Somebody else's step in the workflow. */
async function moves(number: string, action: string, who: string): Promise<void> {
  const { accessToken: token } = await loginHeadless(backend, who);
  const answer = await fetch(`${backend.erp}/api/workflow/sales/${number}/transition?action=${action}`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ total: 100, lines: [], user_info: { roles: ['admin'] } }),
  });
  expect(answer.status).toBe(200);
}

const drained = async ({ workspace }: { workspace: Workspace }): Promise<void> => { await expect.poll(() => workspace.offline.outbox.entries(), { timeout: 20_000 }).toEqual([]); };

for (const api of ['security', 'shipped'] as const) {
  describe(`sending, ${api}`, () => {
    it('stores a draft, submits it, and leaves neither draft nor command', async () => {
      const at = await desk({ api });
      const outcome = await sends(at, orderContent('SO-NEW'), true);
      expect(outcome).toMatchObject({ status: 'stored', record: { document: { number: 'SO-NEW' } }, workflowState: 'pending' });
      expect(bodyOf('SO-NEW')).toMatchObject({ customerId: 'K10001', deliveryAddress: 'Hofstraße 1' });
      expect(at.workspace.offline.outbox.entries()).toEqual([]);
      expect(await at.host.drafts.list()).toEqual([]);
      expect((await at.host.documents.get({ type: 'sales_order', number: 'SO-NEW' }))?.workflow?.state).toBe('pending');
    });

    it('takes the server\'s number for a provisional one where there is one', async () => {
      const at = await desk({ api });
      const outcome = await sends(at, orderContent(''), true);
      expect(outcome.status).toBe('stored');
      const number = outcome.status === 'stored' ? outcome.record.document.number : '';
      expect(number).toMatch(api === 'security' ? /^SO-2\d{3}-\d{5}$/ : /^SO-V\d{12}[0-9A-Z]{5}$/);
      expect(bodyOf(number)).not.toBeNull();
    });

    it('never overwrites a document that has the number already', async () => {
      const at = await desk({ api });
      await sends(at, orderContent('SO-TAKEN'));
      const other = await sends(at, withNote(orderContent('SO-TAKEN'), 'other'));
      expect(other).toMatchObject({ status: 'queued', command: { state: 'rejected', error: { messageKey: 'errors.document.numberTaken' } } });
      expect(bodyOf('SO-TAKEN')).toMatchObject({ notes: '' });
      expect(await at.host.drafts.list()).toMatchObject([{ state: 'rejected' }]);
    });

    it.each<[string, Fault]>([['broke before', { kind: 'dropBefore' }], ['broke after the server had stored it', { kind: 'dropAfter' }], ['was a proxy\'s page', { kind: 'html', status: 502 }], ['was half a JSON', { kind: 'truncatedJson' }]])('has one effect when the answer %s', async (_what, fault) => {
      const at = await desk({ api });
      backend.control.clearRequests();
      backend.control.fail({ method: 'POST', path: /documents\/sales_order/, fault });
      const first = await sends(at, orderContent('SO-ONCE'), true);
      expect(first).toMatchObject({ status: 'queued', command: { state: 'waiting', attempts: 1 } });
      at.workspace.offline.outbox.kick();
      await drained(at);
      const stored = backend.control.db.prepare<[string], { version: number }>('SELECT version FROM documents WHERE number = ?').get('SO-ONCE');
      expect(stored?.version).toBe(1);
      // The cache is told of the workflow after the command has left.
      await expect.poll(async () => (await at.host.documents.get({ type: 'sales_order', number: 'SO-ONCE' }))?.workflow?.state).toBe('pending');
    });

    it('submits once when that answer was lost', async () => {
      const at = await desk({ api });
      backend.control.fail({ method: 'POST', path: /transition/, fault: { kind: 'dropAfter' } });
      await sends(at, orderContent('SO-SUB'), true);
      at.workspace.offline.outbox.kick();
      await drained(at);
      expect((await at.workspace.documents.trail({ type: 'sales_order', number: 'SO-SUB' })).value.filter(({ accepted }) => accepted)).toHaveLength(1);
    });

    it('merges disjoint changes by itself and asks about the same field', async () => {
      const at = await desk({ api });
      await sends(at, orderContent('SO-M'));
      const key = { type: 'sales_order', number: 'SO-M' } as const;
      const base = await at.workspace.documents.refresh(key);
      const { accessToken: token } = await loginHeadless(backend, 'admin');
      const change = async (fields: Record<string, string>): Promise<void> => {
        const document = bodyOf('SO-M');
        const answer = await fetch(`${backend.erp}/api/mcp/documents/sales_order/SO-M`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ ...document, ...fields }) });
        expect(answer.status).toBe(200);
      };
      const draft = await write(at, contentOf(base.document), base);
      await change({ deliveryAddress: 'Feldweg 9' });
      await at.workspace.offline.drafts.save(draft.id, 1, withNote(draft.content, 'mine'));
      expect(await at.workspace.offline.drafts.send(draft.id, false)).toMatchObject({ status: 'stored' });
      expect(bodyOf('SO-M')).toMatchObject({ notes: 'mine', deliveryAddress: 'Feldweg 9' });

      const current = await at.workspace.documents.reread(key);
      const again = await write(at, contentOf(current.document), current);
      await change({ notes: 'theirs' });
      await at.workspace.offline.drafts.save(again.id, 1, withNote(again.content, 'mine again'));
      expect(await at.workspace.offline.drafts.send(again.id, false)).toMatchObject({ status: 'queued', command: { state: 'conflict' } });
      expect(bodyOf('SO-M')).toMatchObject({ notes: 'theirs' });
    });

    it('writes back nothing but what was changed, least of all what it had to cut for reading', async () => {
      const at = await desk({ api });
      await sends(at, orderContent('SO-LONG'));
      const long = 'x'.repeat(6_000);
      const { accessToken: token } = await loginHeadless(backend, 'admin');
      const answer = await fetch(`${backend.erp}/api/mcp/documents/sales_order/SO-LONG`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ terms: long, lines: [{ article: 'RAPS', qty: 1, price: 2, vatRate: 7, batch: 'B-17' }] }) });
      expect(answer.status).toBe(200);
      const base = await at.workspace.documents.reread({ type: 'sales_order', number: 'SO-LONG' });
      expect(base.document.fields['terms']).toHaveLength(4_000);
      const draft = await write(at, withNote(contentOf(base.document), 'only this'), base);
      expect(await at.workspace.offline.drafts.send(draft.id, false)).toMatchObject({ status: 'stored' });
      expect(bodyOf('SO-LONG')).toMatchObject({ notes: 'only this', terms: long, lines: [{ batch: 'B-17' }] });
    });

    it.each(['submitted', 'approved'] as const)('never changes a document that others have %s meanwhile, and keeps what was typed', async (how) => {
      const at = await desk({ api });
      await sends(at, orderContent('SO-EYES'));
      const key = { type: 'sales_order', number: 'SO-EYES' } as const;
      const base = await at.workspace.documents.refresh(key);
      const draft = await write(at, withNote(contentOf(base.document), 'nobody has seen this'), base);
      await moves('SO-EYES', 'submit', 'admin');
      if (how === 'approved') await moves('SO-EYES', 'approve', 'manager');
      const seen = bodyOf('SO-EYES');

      const outcome = await at.workspace.offline.drafts.send(draft.id, true);
      expect(outcome).toMatchObject({ status: 'queued', command: { kind: 'update', state: 'conflict' } });
      expect(bodyOf('SO-EYES')).toEqual(seen);
      const { deciding } = at.workspace.offline;
      const id = outcome.status === 'queued' ? outcome.command.id : '';
      const conflict = await conflictOf(deciding, id);
      expect(conflict).toMatchObject({ theirs: { workflow: { state: how === 'approved' ? 'approved' : 'pending' } } });
      if (api === 'security') expect(conflict?.theirsBy).toBe(how === 'approved' ? 'manager' : 'admin');
      await expect(resolve(deciding, id, conflict?.mine ?? base.document)).rejects.toMatchObject({ error: { code: 'input.invalid' } });
      expect(await asNewDraft(deciding, id)).toMatchObject({ base: null, content: { numberProvisional: true, fields: { notes: 'nobody has seen this' } } });
      expect(at.workspace.offline.outbox.entries()).toEqual([]);
    });
  });
}
