import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../../test/fixtures/database.ts';
import { sampleRecords } from '../../../../test/fixtures/documents.ts';
import { orderContent, withNote } from '../../../../test/fixtures/drafts.ts';
import { contentOf } from '../../../../shared/domain/draft-document.ts';
import { AppFailure } from '../../../../shared/ipc/errors.ts';
import type { OpenDatabase } from '../open.ts';
import { changeDraft, createDraft, discardDraft, discardedFor, draftOfDocument, getDraft, getVersion, listDiscarded, listDrafts, listVersions, restoreDraft, saveDraft } from './drafts.ts';
import { applyChanges, enqueueDraft, getCommand, listCommands } from './outbox.ts';

let scratch: Scratch;
let database: OpenDatabase;
beforeEach(() => {
  scratch = scratchDatabase();
  database = scratch.open();
});
afterEach(() => { scratch.remove(); });

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : String(error);
  }
  return 'none';
};
const [record] = [...sampleRecords(1)];
const start = 1_790_000_000_000;
const create = (id: string = randomUUID(), base = false) =>
  createDraft(database.writer, { id, content: base && record !== undefined ? contentOf(record.document) : orderContent('SO-1'), base: base ? (record ?? null) : null, now: start });
const request = (draftId: string, submit = false) => ({ draftId, submit, ids: [randomUUID(), randomUUID()] as [string, string], keys: [randomUUID(), randomUUID()] as [string, string], number: 'SO-V1', now: start });

describe('drafts', () => {
  it('begin once, however often the call is repeated', () => {
    const draft = create();
    expect(draft).toMatchObject({ version: 1, state: 'open', base: null });
    saveDraft(database.writer, { id: draft.id, version: 1, content: withNote(draft.content, 'a'), now: start + 1 });
    expect(create(draft.id)).toMatchObject({ version: 2, content: { fields: { notes: 'a' } } });
    expect(listDrafts(database.reader)).toMatchObject([{ id: draft.id, number: 'SO-1', isNew: true, lineCount: 1, gross: '5130.65' }]);
  });

  it('are one of each document at most', () => {
    const first = create(randomUUID(), true);
    expect(create(randomUUID(), true).id).toBe(first.id);
    if (record === undefined) throw new Error('no record');
    expect(draftOfDocument(database.reader, record.document)?.base).toEqual(record);
  });

  it('refuse a save on an older version, and take the same one twice', () => {
    const { id, content } = create();
    expect(saveDraft(database.writer, { id, version: 1, content: withNote(content, 'a'), now: start + 1 })).toEqual({ version: 2, savedAt: start + 1 });
    expect(saveDraft(database.writer, { id, version: 1, content: withNote(content, 'a'), now: start + 9 }), 'its answer was lost').toEqual({ version: 2, savedAt: start + 1 });
    expect(codeOf(() => saveDraft(database.writer, { id, version: 1, content: withNote(content, 'b'), now: start + 9 }))).toBe('draft.changedElsewhere');
    expect(codeOf(() => saveDraft(database.writer, { id: randomUUID(), version: 1, content, now: start }))).toBe('draft.missing');
  });

  it('keep the first version, the last of each minute, and at most a hundred', () => {
    const { id, content } = create();
    let at = start;
    for (let version = 1; version <= 240; version++) {
      at += 20_000;
      saveDraft(database.writer, { id, version, content: withNote(content, `note ${version}`), now: at });
    }
    const versions = listVersions(database.reader, id);
    expect(versions[0]).toMatchObject({ version: 241, lineCount: 1 });
    expect(versions.at(-1)?.version).toBe(1);
    expect(versions.length).toBeLessThanOrEqual(101);
    for (const { version } of versions) expect(getVersion(database.reader, id, version)?.fields['notes']).toBe(version === 1 ? '' : `note ${version - 1}`);
    expect(getVersion(database.reader, id, 3), 'within the minute of a later one').toBeNull();
  });

  it('come back for 30 days after they were thrown away', () => {
    const { id } = create();
    discardDraft(database.writer, id, start);
    expect([getDraft(database.reader, id), listDrafts(database.reader)]).toEqual([null, []]);
    expect(restoreDraft(database.writer, id)).toMatchObject({ id, state: 'open' });
    expect(restoreDraft(database.writer, id), 'twice').toMatchObject({ id });
    discardDraft(database.writer, id, start);
    createDraft(database.writer, { id: randomUUID(), content: orderContent(), base: null, now: start + discardedFor + 1 });
    expect(codeOf(() => restoreDraft(database.writer, id))).toBe('draft.missing');
  });

  it('thrown away are listed for as long as they can be brought back, the last one first', () => {
    const [first, second, kept] = [create(), create(), create()];
    discardDraft(database.writer, second.id, start + 1);
    discardDraft(database.writer, first.id, start + 2);
    expect(listDiscarded(database.reader, start + 3)).toMatchObject([{ id: first.id, number: 'SO-1', isNew: true, lineCount: 1, discardedAt: start + 2 }, { id: second.id, discardedAt: start + 1 }]);
    expect(listDrafts(database.reader).map(({ id }) => id)).toEqual([kept.id]);
    expect(listDiscarded(database.reader, start + 2 + discardedFor).map(({ id }) => id)).toEqual([first.id]);
    restoreDraft(database.writer, first.id);
    expect(listDiscarded(database.reader, start + 3).map(({ id }) => id)).toEqual([second.id]);
  });

  it('do not come back beside another draft of the same document', () => {
    const first = create(randomUUID(), true);
    discardDraft(database.writer, first.id, start);
    const second = create(randomUUID(), true);
    expect(codeOf(() => restoreDraft(database.writer, first.id))).toBe('draft.exists');
    expect(listDiscarded(database.reader, start).map(({ id }) => id)).toEqual([first.id]);
    discardDraft(database.writer, second.id, start);
    expect(restoreDraft(database.writer, first.id)).toMatchObject({ id: first.id });
    expect(restoreDraft(database.writer, first.id), 'twice').toMatchObject({ id: first.id });
  });
});

describe('the outbox', () => {
  it('takes a draft and its submit together, once', () => {
    const { id } = create();
    const asked = request(id, true);
    const entries = enqueueDraft(database.writer, asked);
    expect(entries).toMatchObject([{ kind: 'create', state: 'waiting', sentAt: null, key: { number: 'SO-1' } }, { kind: 'submit', after: asked.ids[0] }]);
    expect(enqueueDraft(database.writer, asked)).toEqual(entries);
    expect(listCommands(database.reader, 0, 1)).toEqual({ entries: entries.slice(0, 1), next: 1 });
    expect(listCommands(database.reader, 1, 5)).toEqual({ entries: entries.slice(1), next: null });
    expect(getDraft(database.reader, id)?.state).toBe('queued');
    expect(codeOf(() => saveDraft(database.writer, { id, version: 1, content: orderContent('SO-2'), now: start }))).toBe('draft.locked');
    expect(codeOf(() => enqueueDraft(database.writer, request(id)))).toBe('draft.locked');
    expect(codeOf(() => discardDraft(database.writer, id, start))).toBe('draft.locked');
  });

  it('gives a draft without a number a provisional one, and names what cannot be sent', () => {
    const { id, content } = create();
    saveDraft(database.writer, { id, version: 1, content: { ...content, number: '' }, now: start });
    expect(enqueueDraft(database.writer, request(id))).toMatchObject([{ key: { number: 'SO-V1' }, numberProvisional: true }]);
    expect(getDraft(database.reader, id)?.content).toMatchObject({ number: 'SO-V1', numberProvisional: true });
    const other = create();
    saveDraft(database.writer, { id: other.id, version: 1, content: { ...content, number: 'a/b' }, now: start });
    expect(codeOf(() => enqueueDraft(database.writer, request(other.id)))).toBe('input.invalid');
    expect(getDraft(database.reader, other.id)?.state, 'nothing happened').toBe('open');
  });

  it('changes a command, its draft and what the draft remembers in one go', () => {
    const { id } = create();
    const [entry] = enqueueDraft(database.writer, request(id));
    if (entry === undefined) throw new Error('no entry');
    const sent = getCommand(database.reader, entry.id);
    applyChanges(database.writer, [{ do: 'remove', id: entry.id }, { do: 'draft', id, state: 'open', earlier: sent?.body.document ?? null }]);
    expect(getCommand(database.reader, entry.id)).toBeNull();
    changeDraft(database.writer, { id, number: { number: 'SO-9', provisional: false } });
    const [again] = enqueueDraft(database.writer, request(id));
    expect(getCommand(database.reader, again?.id ?? '')?.body).toMatchObject({ document: { number: 'SO-9' }, earlier: { number: 'SO-1' } });
  });
});
