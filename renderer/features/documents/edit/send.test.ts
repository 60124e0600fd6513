import { beforeEach, describe, expect, it, vi } from 'vitest';
import { appError } from '../../../../shared/ipc/errors.ts';
import { contentOf } from '../../../../shared/domain/draft-document.ts';
import { command, desk, id, notes, record } from '../../../../test/fixtures/draft-desk.ts';

beforeEach(() => void vi.useFakeTimers());

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

  it('keeps what is typed meanwhile also when only the submit was refused', async () => {
    const { cache, store, sendDraft, useWorking, rest } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    store.change(id, notes('A'));
    cache.outcome = () => {
      store.change(id, notes('B'));
      return { status: 'queued', command: command({ kind: 'submit', state: 'rejected', draftId: null }) };
    };
    await sendDraft(id, true);
    cache.drafts.delete(id);
    await rest();
    expect(Object.values(useWorking.getState().drafts).map(({ content, base }) => [content.fields['notes'], base?.document.number])).toEqual([['B', 'SO-1']]);
    expect([...cache.drafts.values()].map(({ content }) => content.fields['notes'])).toEqual(['B']);
  });

  describe('on a server that takes longer than the person waits', () => {
    async function slow() {
      const all = await desk();
      const { cache, store, sendDraft } = all;
      store.beginNew(id, 'sales_order', '2026-11-22');
      store.change(id, notes('A'));
      cache.outcome = () => {
        store.change(id, notes('B'));
        cache.command = command({ state: 'sending' });
        return { status: 'queued', command: cache.command };
      };
      expect(await sendDraft(id, false)).toEqual({ status: 'waiting' });
      return all;
    }

    it('says that what was typed is not stored, instead of waiting for it', async () => {
      const { store, get, setLock, rest } = await slow();
      const { isHeld } = await import('./savers.ts');
      expect([get()?.state, isHeld(id)]).toEqual(['queued', true]);
      await store.leave(id);
      setLock({ status: 'locking', reason: 'manual', since: 0 });
      await rest();
      expect(get()?.content.fields['notes']).toBe('B');
    });

    it('makes it a change of the document once that is stored, under the number it got', async () => {
      const { cache, useWorking, rest } = await slow();
      const stored = cache.drafts.get(id);
      if (stored !== undefined) cache.drafts.set(id, { ...stored, content: { ...stored.content, number: 'SO-1', numberProvisional: false } });
      cache.emit('drafts.changed', { ids: [id] });
      await rest();
      cache.command = null;
      cache.drafts.delete(id);
      cache.emit('drafts.changed', { ids: [id] });
      await rest();
      const [left, ...others] = Object.values(useWorking.getState().drafts);
      expect([left?.content.number, left?.content.fields['notes'], left?.base?.document.number, others]).toEqual(['SO-1', 'B', 'SO-1', []]);
      expect([...cache.drafts.values()].map(({ content }) => content.fields['notes'])).toEqual(['B']);
    });

    it('puts it into the draft when the command did not arrive', async () => {
      const { cache, get, rest } = await slow();
      cache.command = command({ state: 'waiting', error: appError('network.timeout') });
      cache.emit('outbox.changed', {});
      await rest();
      expect([get()?.state, get()?.error?.code, cache.drafts.get(id)?.content.fields['notes']]).toEqual(['open', 'network.timeout', 'B']);
    });

    it('does not write over what the merge made of the draft meanwhile', async () => {
      const { cache, store, get, rest } = await slow();
      const stored = cache.drafts.get(id);
      if (stored !== undefined) cache.drafts.set(id, { ...stored, version: 2, content: { ...stored.content, fields: { notes: 'theirs' } } });
      cache.command = command({ state: 'waiting' });
      cache.emit('outbox.changed', {});
      await rest();
      expect([get()?.elsewhere?.content.fields['notes'], get()?.content.fields['notes'], cache.drafts.get(id)?.content.fields['notes']]).toEqual(['theirs', 'B', 'theirs']);
      store.keepMine(id);
      await rest();
      expect(cache.drafts.get(id)?.content.fields['notes']).toBe('B');
    });
  });

  it('in conflict is taken back when there is more to it', async () => {
    const { cache, store, sendDraft, get, rest } = await desk();
    store.beginEdit(record);
    const own = Object.keys((await import('./working.ts')).useWorking.getState().drafts)[0] ?? '';
    store.change(own, notes('A'));
    cache.outcome = () => {
      store.change(own, notes('B'));
      cache.command = command({ kind: 'update', state: 'conflict', draftId: own, error: appError('server.conflict') });
      return { status: 'queued', command: cache.command };
    };
    expect(await sendDraft(own, false)).toBeNull();
    await rest();
    expect([get(), cache.drafts.get(own)?.state, cache.drafts.get(own)?.content.fields['notes']]).toEqual([undefined, 'open', 'B']);
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
    const { carryOver } = await import('./carry-over.ts');
    const sent = { ...contentOf(record.document), number: 'SO-V1' };
    const typed = { ...sent, lines: sent.lines.toSpliced(0, 1) };
    expect(carryOver(typed, sent, record).lines.map((line) => [line.id, line.article])).toEqual([[1, 'B'], [3, '']]);
  });
});
