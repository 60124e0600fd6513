import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { scratchDatabase, testKey, type Scratch } from '../../../test/fixtures/database.ts';
import { sampleRecords } from '../../../test/fixtures/documents.ts';
import { orderContent, withNote } from '../../../test/fixtures/drafts.ts';
import type { Draft } from '../../../shared/domain/draft.ts';
import { Store } from '../store.ts';
import { markDamaged } from './files.ts';
import { putDocument } from './repos/documents-write.ts';
import { createDraft, getDraft, listDrafts, listVersions, repairDrafts, saveDraft } from './repos/drafts.ts';
import { enqueueDraft, listCommands, listDecisions, putDecision } from './repos/outbox.ts';

let scratch: Scratch;
beforeEach(() => { scratch = scratchDatabase(); });
afterEach(() => {
  vi.useRealTimers();
  scratch.remove();
});

const pageSize = 4096;
const now = 1_790_000_000_000;
const records = [...sampleRecords(1)];

/** A cache as it is after some days: documents all around, drafts between them, a queue, a decision. */
function fill(drafts: number): { ids: string[]; queued: string[] } {
  const { writer, close } = scratch.open();
  const ids: string[] = [];
  const queued: string[] = [];
  for (let index = 0; index < drafts; index++) {
    const id = randomUUID();
    writer.transaction(() => {
      for (const each of sampleRecords(10, 1, index * 10)) putDocument(writer, each);
      const content = orderContent(`SO-${index}`);
      createDraft(writer, { id, content, base: null, now });
      saveDraft(writer, { id, version: 1, content: withNote(content, `note ${index} ${'x'.repeat(300)}`), now: now + 61_000 });
      if (index % 3 === 0) {
        enqueueDraft(writer, { draftId: id, submit: true, ids: [randomUUID(), randomUUID()], keys: [randomUUID(), randomUUID()], number: 'SO-V', now });
        queued.push(id);
      }
    });
    ids.push(id);
  }
  for (const seen of records) putDecision(writer, { id: randomUUID(), key: { type: seen.document.type, number: seen.document.number }, action: 'approve', reason: null, decidedAt: now, seen, current: null, changed: false });
  close();
  return { ids, queued };
}

describe('a damaged file', () => {
  it('gives back every draft, version, command and decision whose page can be read', () => {
    const { ids, queued } = fill(30);
    const good = readFileSync(scratch.file);
    const pages = good.length / pageSize;
    const lost: number[] = [];
    for (let page = 2; page < pages; page += 4) {
      const bad = Buffer.from(good);
      bad[page * pageSize + 1000] = (bad[page * pageSize + 1000] ?? 0) ^ 16;
      writeFileSync(scratch.file, bad);
      markDamaged(scratch.file);
      const { reader, writer, result, close } = scratch.open();
      expect(result.salvage).not.toBeNull();
      repairDrafts(writer);
      const drafts = new Map(listDrafts(reader).map((draft) => [draft.id, draft]));
      const commands = listCommands(reader, 0, 1000).entries;
      // A page of drafts costs nothing while the newest versions are readable; a page of commands opens its drafts again.
      const gone = ids.filter((id) => !drafts.has(id));
      lost.push(gone.length);
      for (const id of queued.filter((each) => drafts.has(each))) {
        const carried = commands.some(({ draftId }) => draftId === id);
        expect(drafts.get(id)?.state, `page ${page}`).toBe(carried ? 'queued' : 'open');
      }
      for (const id of ids.filter((each) => drafts.has(each))) expect(String(getDraft(reader, id)?.content.fields['notes'] ?? '')).toMatch(/^(note \d+ x{300})?$/);
      close();
      rmSync(result.salvage?.keptAs ?? '');
    }
    // Nearly every page costs no draft at all; the few inner pages of the table and the schema lead to many.
    expect(lost.filter((count) => count === 0).length / lost.length).toBeGreaterThan(0.9);
  }, 120_000);

  it('makes a draft of its newest version when its own row is lost', () => {
    const { writer, reader } = scratch.open();
    const id = randomUUID();
    const content = orderContent('SO-1');
    createDraft(writer, { id, content, base: null, now });
    saveDraft(writer, { id, version: 1, content: withNote(content, 'newest'), now: now + 90_000 });
    writer.run('DELETE FROM drafts');
    repairDrafts(writer);
    expect(getDraft(reader, id)).toMatchObject({ id, state: 'open', version: 2, content: { fields: { notes: 'newest' } } });
    expect(listVersions(reader, id)).toHaveLength(2);
  });

  it('saves decisions', () => {
    fill(3);
    markDamaged(scratch.file);
    expect(listDecisions(scratch.open().reader)).toMatchObject([{ action: 'approve' }]);
  });
});

describe('the log of the database', () => {
  const draftOf = (store: Store, id: string): Draft | null => store.handlers['drafts.get'](id) as Draft | null;
  const wal = (): string => `${scratch.file}-wal`;

  it('holds what people typed for a moment only, then the file does, where damage is noticed', async () => {
    vi.useFakeTimers();
    const store = new Store();
    await store.handlers.open({ path: scratch.file, key: testKey() });
    const id = randomUUID();
    await store.handlers['drafts.create']({ id, content: orderContent('SO-1'), base: null, now });
    await store.handlers['drafts.save']({ id, version: 1, content: withNote(orderContent('SO-1'), 'typed'), now });
    expect(statSync(wal()).size).toBeGreaterThan(0);
    vi.advanceTimersByTime(500);
    expect(statSync(wal()).size).toBe(0);
    // A crash now: nothing of it needs the log.
    const crashed = scratchDatabase();
    for (const suffix of ['', '.keycheck']) writeFileSync(crashed.file + suffix, readFileSync(scratch.file + suffix));
    expect(getDraft(crashed.open().reader, id)?.content.fields['notes']).toBe('typed');
    crashed.remove();
    store.close();
  });

  it('is not emptied in the middle of a large write, but after it', async () => {
    vi.useFakeTimers();
    const store = new Store();
    await store.handlers.open({ path: scratch.file, key: testKey() });
    const many = [...sampleRecords(20)];
    const id = randomUUID();
    await store.handlers['drafts.create']({ id, content: orderContent('SO-1'), base: null, now });
    await store.handlers['documents.put']({ batch: 1, first: true, last: false, records: many.slice(0, 10) });
    vi.advanceTimersByTime(500);
    expect(statSync(wal()).size).toBeGreaterThan(0);
    await store.handlers['documents.put']({ batch: 1, first: false, last: true, records: many.slice(10) });
    vi.advanceTimersByTime(500);
    expect(statSync(wal()).size).toBe(0);
    expect(draftOf(store, id)).not.toBeNull();
    store.close();
    expect(existsSync(wal())).toBe(false);
  });

  it('loses silently what lies behind a flipped bit: the reason for all this', () => {
    const { writer } = scratch.open();
    const id = randomUUID();
    createDraft(writer, { id, content: orderContent('SO-1'), base: null, now });
    writer.value('PRAGMA wal_checkpoint(TRUNCATE)');
    saveDraft(writer, { id, version: 1, content: withNote(orderContent('SO-1'), 'in the log only'), now });
    const crashed = scratchDatabase();
    for (const suffix of ['', '-wal', '.keycheck']) {
      const bytes = readFileSync(scratch.file + suffix);
      if (suffix === '-wal') bytes[200] = (bytes[200] ?? 0) ^ 1;
      writeFileSync(crashed.file + suffix, bytes);
    }
    const after = crashed.open();
    expect(after.result.salvage).toBeNull();
    expect(getDraft(after.reader, id)?.content.fields['notes']).toBe('');
    crashed.remove();
  });
});
