import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalWriter, journaled } from '../../main/audit/journal.ts';
import { silentLog } from '../../main/log/log.ts';
import type { BusinessDocument, DocumentKey } from '../../shared/domain/document.ts';
import { documentTypeInfo } from '../../shared/domain/document-types.ts';
import { contentOf } from '../../shared/domain/draft-document.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { wholeJournal, type MatchedEntry } from '../../shared/domain/audit.ts';
import { storeDocument } from './store-document.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let pc: Pc;
beforeEach(async () => {
  world = await startWorld({ audit: 300, documents: 120 });
  pc = await world.pc();
  await pc.as('admin');
  await pc.pulled();
});
afterEach(() => world.end());

const journal = async (): Promise<MatchedEntry[]> => {
  const { rows, firstBad } = await pc.workspace.audit.journal(wholeJournal, 0, 1000);
  expect(firstBad).toBeNull();
  return rows;
};
const read = async (): Promise<void> => {
  // The start may be visiting already: then this one begins after it.
  for (let round = 0; round < 2; round++) {
    const ended = await pc.jobs.ended(pc.workspace.audit.visit().id);
    expect(ended).toMatchObject({ status: 'done', error: null });
  }
};
const resourceOf = ({ type, number }: DocumentKey): string => `${documentTypeInfo[type].domain}/${number}`;
const model = async (): Promise<BusinessDocument> => {
  const { rows: [row] } = await pc.host.documents.list({ types: ['sales_order'], sort: { by: 'number', direction: 'desc' }, offset: 0, limit: 1 });
  if (row === undefined) throw new Error('no orders');
  const { document } = await pc.workspace.documents.refresh({ type: 'sales_order', number: row.number });
  return { ...document, number: '' };
};
const fresh = async (): Promise<DocumentKey> => (await storeDocument(pc.workspace, await model())).document;

describe('the journal beside the log of the server', () => {
  it('shows what the server has forgotten, and accuses it of nothing else', async () => {
    const [kept, dropped] = [await fresh(), await fresh()];
    await pc.workspace.workflow.transition(kept, 'submit', undefined);
    await pc.workspace.workflow.transition(dropped, 'submit', undefined);
    // Refused here, before anything is sent: it has been submitted already.
    await expect(pc.workspace.workflow.transition(kept, 'submit', undefined)).rejects.toThrow('guard.failed');
    expect((await journal()).find(({ action, outcome }) => action === 'submit' && outcome === 'sent')?.status).toBe('unread');

    const log = (await pc.workspace.erp.audit.page(0, 5000, {})).map(({ canonical }) => canonical);
    world.backend.control.tamperAudit({ kind: 'delete', index: log.findIndex((text) => text.includes('"submit"') && text.includes(`"${resourceOf(dropped)}"`) && text.includes('"accepted"')), renumber: true });
    await read();
    const entries = await journal();
    expect(entries.filter(({ action }) => action === 'submit').map(({ resource, outcome, status }) => [resource, outcome, status])).toEqual([
      [resourceOf(kept), 'refused', 'notExpected'], [resourceOf(dropped), 'sent', 'missing'], [resourceOf(kept), 'sent', 'found'],
    ]);
  });

  it('has what the outbox sent, under the id of the command, and who signed in and locked', async () => {
    const draft = await pc.workspace.offline.drafts.create(randomUUID(), contentOf(await model()), null);
    await pc.workspace.offline.drafts.send(draft.id, true);
    await expect.poll(() => pc.workspace.offline.outbox.entries().length, { timeout: 10_000 }).toBe(0);
    await pc.workspace.lock();
    await pc.workspace.openCache({ kind: 'keychain' });
    await read();
    const told = (await journal()).toReversed().filter(({ action }) => action !== 'resume');
    expect(told.map(({ action, outcome, actor, status }) => [action, outcome, actor, status])).toEqual([
      ['signIn', 'local', 'admin', 'notExpected'], ['create', 'sent', 'admin', 'notExpected'], ['submit', 'sent', 'admin', 'found'], ['lock', 'local', 'admin', 'notExpected'], ['unlock', 'local', 'admin', 'notExpected'],
    ]);
    await pc.workspace.session.signOut();
    await pc.workspace.settled();
    await pc.as('admin');
    expect((await journal()).slice(0, 2).map(({ action, actor }) => [action, actor])).toEqual([['signIn', 'admin'], ['signOut', 'admin']]);
  });

  it('has the changes of policies, what failed without a server, and goes on when the journal cannot be written', async () => {
    await pc.workspace.policy.createBackup();
    const { value } = await pc.workspace.policy.rules();
    const [one] = value;
    if (one === undefined) throw new Error('no rules');
    await pc.workspace.policy.apply([{ op: 'delete', base: one }], 'Nicht mehr nötig', 'none');
    await read();
    expect((await journal()).filter(({ action }) => action.startsWith('policy.')).map(({ action, resource, status }) => [action, resource, status])).toEqual([
      ['policy.delete', `policy/${one.rule.id}`, 'found'], ['policy.alone', 'policy', 'notExpected'], ['policy.backup', 'policy', 'notExpected'],
    ]);
    const key = await fresh();
    world.backend.control.fail({ path: /workflow/, fault: { kind: 'dropBefore' }, times: 50 });
    await expect(pc.workspace.workflow.transition(key, 'submit', undefined)).rejects.toThrow('network.');
    expect((await journal())[0]).toMatchObject({ action: 'submit', outcome: 'offline', status: 'notExpected' });
  });
});

it('never holds up or fails what is noted', async () => {
  const writer = new JournalWriter({ host: { audit: () => Promise.reject(new Error('disk full')) }, actor: () => null, now: Date.now, log: silentLog });
  await expect(journaled(writer, { action: 'print', resource: 'sales/SO-1' }, () => Promise.resolve(7))).resolves.toBe(7);
  await expect(journaled(writer, { action: 'print', resource: 'sales/SO-1' }, () => Promise.reject(failure('server.forbidden')))).rejects.toThrow('server.forbidden');
  await expect(writer.settled()).resolves.toBeUndefined();
});
