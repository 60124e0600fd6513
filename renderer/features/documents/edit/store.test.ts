import { beforeEach, describe, expect, it, vi } from 'vitest';
import { appError, type AppError } from '../../../../shared/ipc/errors.ts';
import { documentSchema, type DocumentRecord } from '../../../../shared/domain/document.ts';
import { contentOf, toDocument } from '../../../../shared/domain/draft-document.ts';
import type { Draft, DraftContent } from '../../../../shared/domain/draft.ts';
import type { OutboxCommand, SendOutcome } from '../../../../shared/domain/outbox.ts';
import type { ContentAction } from './content.ts';

// The drafts of a window against a complete cache in memory, behind the same bridge as in the app.

const record: DocumentRecord = {
  document: documentSchema.parse({
    type: 'sales_order', number: 'SO-1', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF', fields: { notes: null },
    lines: [{ article: 'A', qty: '1', price: '2', vatRate: '7', cost: null }, { article: 'B', qty: '1', price: '3', vatRate: '7', cost: null }], totals: { net: '5.00', tax: '0.35', gross: '5.35' },
  }),
  workflow: null, etag: '"1"', changedAt: 1, fetchedAt: 2,
};
const refusal = (code: Parameters<typeof appError>[0], more: Partial<AppError> = {}) => Object.assign(new Error(code), { error: appError(code, more) });

class Cache {
  drafts = new Map<string, Draft>();
  fails: AppError | null = null;
  outcome: (draft: Draft) => SendOutcome = ({ content }) => ({ status: 'stored', workflowState: null, record: { ...record, document: documentSchema.parse(toDocument(content)) } });
  #listeners = new Map<string, ((payload: unknown) => void)[]>();
  readonly #calls: Record<string, (input: never) => unknown> = {
    'documents.nextNumber': () => ({ number: 'SO-V1', provisional: true }),
    'documents.cached': () => record,
    'drafts.get': ({ id }: { id: string }) => this.drafts.get(id) ?? null,
    'drafts.create': ({ id, content, base }: { id: string; content: DraftContent; base: unknown }) => this.#write(id, { id, content, base: base === null ? null : record, state: 'open', version: 1, createdAt: 1, savedAt: Date.now() }),
    'drafts.save': ({ id, version, content }: { id: string; version: number; content: DraftContent }) => {
      const draft = this.drafts.get(id);
      if (draft === undefined) throw refusal('draft.missing');
      if (draft.state !== 'open') throw refusal('draft.locked');
      if (draft.version !== version) throw refusal('draft.changedElsewhere');
      return this.#write(id, { ...draft, content, version: version + 1, savedAt: Date.now() });
    },
    'drafts.discard': ({ id }: { id: string }) => { this.drafts.delete(id); return null; },
    'drafts.send': ({ id }: { id: string }) => {
      const draft = this.drafts.get(id);
      if (draft === undefined) throw refusal('draft.missing');
      const outcome = this.outcome(draft);
      if (outcome.status === 'stored') this.drafts.delete(id);
      else this.drafts.set(id, { ...draft, state: outcome.command.state === 'rejected' ? 'rejected' : outcome.command.state === 'conflict' ? 'conflict' : 'queued' });
      return outcome;
    },
    'outbox.withdraw': () => { for (const [id, draft] of this.drafts) this.drafts.set(id, { ...draft, state: 'open' }); return null; },
  };

  #write(id: string, draft: Draft): Draft {
    if (this.fails !== null) throw Object.assign(new Error(this.fails.code), { error: this.fails });
    this.drafts.set(id, draft);
    return draft;
  }

  bridge = {
    call: async (name: string, input: unknown) => {
      await Promise.resolve();
      try {
        return { ok: true, value: this.#calls[name]?.(input as never) };
      } catch (error) {
        return { ok: false, error: (error as { error?: AppError }).error ?? appError('app.internal') };
      }
    },
    on: (name: string, listener: (payload: unknown) => void) => void this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]),
  };
  emit(name: string, payload: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload);
  }
}

const id = '0d8f6f4e-6b0a-4c6b-9d5e-1f2a3b4c5d6e';
const notes = (value: string): ContentAction => ({ type: 'setField', name: 'notes', value });

async function desk() {
  vi.resetModules();
  const cache = new Cache();
  vi.stubGlobal('location', { reload: () => undefined });
  vi.stubGlobal('window', { valeo: cache.bridge, addEventListener: () => undefined });
  const [store, { sendDraft }, { useWorking }, { useLock, setLock }] = await Promise.all([import('./store.ts'), import('./send.ts'), import('./working.ts'), import('../../../state/lock.ts')]);
  useLock.setState({ state: { status: 'unlocked' } });
  const get = () => useWorking.getState().drafts[id];
  const rest = async (): Promise<void> => { await vi.advanceTimersByTimeAsync(400); };
  return { cache, store, sendDraft, useWorking, setLock, get, rest };
}
const command = (more: Partial<OutboxCommand>): OutboxCommand => ({
  id: 'c0000000-0000-4000-8000-000000000001', kind: 'create', state: 'waiting', key: { type: 'sales_order', number: 'SO-V1' }, draftId: id, partnerName: null, queuedAt: 1, attempts: 0, nextAttemptAt: null, error: null, after: null, ...more,
});

beforeEach(() => void vi.useFakeTimers());

describe('a draft of this window', () => {
  it('is in the cache with its first change, not before, and leaves nothing behind without one', async () => {
    const { cache, store, get, rest } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    await rest();
    expect([cache.drafts.size, get()?.content.number, get()?.save.status]).toEqual([0, 'SO-V1', 'untouched']);
    store.change(id, notes('Tor 4'));
    await rest();
    expect(cache.drafts.get(id)?.content.fields).toEqual({ notes: 'Tor 4' });
    await store.leave(id);
    expect(get()?.content.fields['notes']).toBe('Tor 4');
    store.close(id);
    store.beginNew(id, 'sales_order', '2026-11-22');
    await store.leave(id);
    expect(get()).toBeUndefined();
  });

  it('leaves the memory at the lock, the last key stored, and comes back after it', async () => {
    const { cache, store, get, rest, setLock } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, notes('Sperrhof 7'));
    setLock({ status: 'locking', reason: 'manual', since: 0 });
    await rest();
    expect(get()).toBeUndefined();
    expect(cache.drafts.get(id)?.content.fields['notes']).toBe('Sperrhof 7');
    setLock({ status: 'unlocked' });
    expect(await store.openDraft(id)).toBe(true);
    expect(get()?.content.fields['notes']).toBe('Sperrhof 7');
  });

  it('stays in the memory when the lock finds the disk full, because nowhere else has it', async () => {
    const { cache, store, get, rest, setLock } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    cache.fails = appError('database.diskFull');
    store.change(id, notes('Sperrhof 7'));
    setLock({ status: 'locking', reason: 'idle', since: 0 });
    await rest();
    expect(get()).toMatchObject({ content: { fields: { notes: 'Sperrhof 7' } }, save: { status: 'failed', error: { code: 'database.diskFull' } } });
    setLock({ status: 'unlocked' });
    cache.fails = null;
    await vi.advanceTimersByTimeAsync(6_000);
    expect([cache.drafts.get(id)?.content.fields['notes'], get()?.save.status]).toEqual(['Sperrhof 7', 'saved']);
  });

  it('changed in another place: a choice, and neither is lost', async () => {
    for (const choice of ['mine', 'theirs'] as const) {
      const { cache, store, get, rest } = await desk();
      store.beginNew(id, 'sales_order', '2026-11-22');
      store.change(id, notes('A'));
      await rest();
      const stored = cache.drafts.get(id);
      if (stored === undefined) throw new Error('not stored');
      cache.drafts.set(id, { ...stored, version: 9, content: { ...stored.content, fields: { notes: 'theirs' } } });
      store.change(id, notes('mine'));
      await rest();
      expect(get()?.elsewhere?.version).toBe(9);
      if (choice === 'mine') store.keepMine(id);
      else store.takeElsewhere(id);
      await rest();
      expect([get()?.content.fields['notes'], cache.drafts.get(id)?.content.fields['notes'], get()?.elsewhere]).toEqual([choice, choice, null]);
      if (choice === 'theirs') {
        store.travel(id, 'undo');
        await rest();
        expect(cache.drafts.get(id)?.content.fields['notes']).toBe('mine');
      }
      vi.unstubAllGlobals();
    }
  });

  it('follows what another window stored, while nothing is typed here', async () => {
    const { cache, store, get, rest } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, notes('A'));
    await rest();
    const stored = cache.drafts.get(id);
    if (stored !== undefined) cache.drafts.set(id, { ...stored, version: 2, content: { ...stored.content, fields: { notes: 'B' } } });
    cache.emit('drafts.changed', { ids: [id] });
    await rest();
    expect([get()?.content.fields['notes'], get()?.history.past.length]).toEqual(['B', 2]);
    cache.drafts.delete(id);
    cache.emit('drafts.changed', { ids: [id] });
    await rest();
    expect(get()).toBeUndefined();
  });
});

describe('sending a draft', () => {
  it('stores it first, and closes it when the server has it', async () => {
    const { cache, store, sendDraft, get, useWorking } = await desk();
    store.beginEdit(record);
    const own = Object.keys(useWorking.getState().drafts)[0] ?? '';
    store.change(own, notes('Tor 4'));
    let sent: string | undefined;
    cache.outcome = ({ content }) => { sent = String(content.fields['notes']); return { status: 'stored', workflowState: null, record }; };
    expect(await sendDraft(own, false)).toMatchObject({ status: 'stored' });
    expect([sent, get(), cache.drafts.size]).toEqual(['Tor 4', undefined, 0]);
  });

  it('keeps what is typed meanwhile as a change of what is stored', async () => {
    const { cache, store, sendDraft, useWorking, rest } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, { type: 'paste', line: 0, columns: ['article', 'qty', 'price'], rows: [['A', '1', '2'], ['B', '1', '3']], language: 'de' });
    store.change(id, { type: 'deleteLines', lines: [0] });
    cache.outcome = () => {
      store.change(id, { type: 'setArticle', line: 1, text: 'B neu' });
      return { status: 'stored', workflowState: null, record: { ...record, document: { ...record.document, lines: record.document.lines.slice(1) } } };
    };
    await sendDraft(id, false);
    await rest();
    const [left] = Object.values(useWorking.getState().drafts);
    expect(left?.content).toMatchObject({ number: 'SO-1', lines: [{ id: 0, article: 'B neu' }, { article: '' }] });
    expect([...cache.drafts.values()].map(({ content }) => content.lines[0]?.article)).toEqual(['B neu']);
  });

  it('is open again when refused, with the reason at its field', async () => {
    const { cache, store, sendDraft, get } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, { type: 'setArticle', line: 0, text: 'A' });
    cache.outcome = () => ({ status: 'queued', command: command({ state: 'rejected', error: appError('server.invalid', { fieldErrors: [{ path: 'lines.0.qty', messageKey: 'x', params: {} }] }) }) });
    expect(await sendDraft(id, false)).toBeNull();
    expect(get()).toMatchObject({ state: 'open', isSending: false, error: { code: 'server.invalid' }, fromServer: [{ path: 'lines.0.qty' }] });
  });

  it('waits when there is no network, and is not written to', async () => {
    const { cache, store, sendDraft, get, rest } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, notes('A'));
    cache.outcome = () => ({ status: 'queued', command: command({}) });
    expect(await sendDraft(id, false)).toEqual({ status: 'waiting' });
    store.change(id, notes('B'));
    await rest();
    expect([get()?.state, cache.drafts.get(id)?.content.fields['notes']]).toEqual(['queued', 'A']);
  });

  it('is stored although only its submit was refused', async () => {
    const { cache, store, sendDraft, get } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, notes('A'));
    cache.outcome = () => ({ status: 'queued', command: command({ kind: 'submit', state: 'rejected', draftId: null }) });
    expect(await sendDraft(id, true)).toMatchObject({ status: 'stored', record: { document: { number: 'SO-1' } } });
    expect(get()).toBeUndefined();
  });

  it('says why the disk would not take it, and sends nothing', async () => {
    const { cache, store, sendDraft, get } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, notes('A'));
    cache.fails = appError('database.diskFull');
    cache.outcome = () => { throw new Error('must not be asked'); };
    expect(await sendDraft(id, false)).toBeNull();
    expect(get()).toMatchObject({ error: { code: 'database.diskFull' }, content: { fields: { notes: 'A' } } });
  });

  it('puts lines typed meanwhile on those that were sent, by their ids', async () => {
    const { carryOver } = await import('./send.ts');
    const sent = { ...contentOf(record.document), number: 'SO-V1' };
    const typed = { ...sent, lines: sent.lines.toSpliced(0, 1) };
    expect(carryOver(typed, sent, record).lines.map((line) => [line.id, line.article])).toEqual([[1, 'B'], [3, '']]);
  });
});
