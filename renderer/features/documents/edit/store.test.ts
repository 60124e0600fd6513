import { beforeEach, describe, expect, it, vi } from 'vitest';
import { appError } from '../../../../shared/ipc/errors.ts';
import { desk, id, notes } from '../../../../test/fixtures/draft-desk.ts';

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

  it('gives the number of a form back that was left, early or late, and keeps none that is ours', async () => {
    const { cache, store, rest } = await desk();
    store.beginNew(id, 'sales_order', '2026-11-22');
    await rest();
    await store.leave(id);
    expect(cache.released).toEqual([]);
    cache.next = { number: 'SO-7', provisional: false };
    store.beginNew(id, 'sales_order', '2026-11-22');
    await store.leave(id);
    await rest();
    expect(cache.released).toEqual(['SO-7']);
    store.beginNew(id, 'sales_order', '2026-11-22');
    await rest();
    store.change(id, { type: 'set', name: 'number', value: 'SO-EIGEN' });
    await rest();
    expect(cache.released).toHaveLength(1);
    store.close(id);
    await rest();
    expect(cache.released).toEqual(['SO-7', 'SO-7']);
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
