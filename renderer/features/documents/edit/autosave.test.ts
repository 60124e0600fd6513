import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appError, type ErrorCode } from '../../../../shared/ipc/errors.ts';
import { blankContent } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import { CallError } from '../../../bridge/call.ts';
import { Autosave, type SaveState } from './autosave.ts';

const blank = blankContent('sales_order', '2026-11-22');
const text = (number: string): DraftContent => ({ ...blank, number });

/** A cache with a clock of its own: each write takes `latency` milliseconds. */
function desk({ latency = 20, fails = null as ErrorCode | null } = {}) {
  const world = { now: 0, fails, disk: null as { version: number; content: DraftContent } | null, writes: 0, states: [] as SaveState[] };
  const timers: { at: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: world.now + ms, run };
    timers.push(timer);
    return () => { const index = timers.indexOf(timer); if (index >= 0) timers.splice(index, 1); };
  };
  const saver = new Autosave({
    after, now: () => world.now, changed: (state) => void world.states.push(state),
    save: (content, version) => new Promise((resolve, reject) => {
      after(latency, () => {
        if (world.fails !== null) return reject(new CallError(appError(world.fails)));
        if ((world.disk?.version ?? null) !== version) return reject(new CallError(appError('draft.changedElsewhere')));
        world.disk = { version: (version ?? 0) + 1, content };
        world.writes++;
        resolve({ version: world.disk.version, savedAt: world.now });
      });
    }),
  }, null);
  const advance = async (ms: number): Promise<void> => {
    const end = world.now + ms;
    for (;;) {
      await new Promise((resolve) => { setImmediate(resolve); });
      const next = timers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      timers.splice(timers.indexOf(next), 1);
      world.now = Math.max(world.now, next.at);
      next.run();
    }
    world.now = end;
  };
  return { world, saver, advance, last: (): SaveState | undefined => world.states.at(-1) };
}

describe('autosave', () => {
  it('stores within 300 ms after a pause, and says so only then', async () => {
    const { saver, world, advance, last } = desk({ latency: 30 });
    saver.change(text('A'));
    await advance(100);
    saver.change(text('AB'));
    await advance(249);
    expect([world.writes, last()?.status]).toEqual([0, 'waiting']);
    await advance(20);
    expect(last()?.status).toBe('saving');
    await advance(31);
    expect(world.disk?.content.number).toBe('AB');
    expect(last()).toEqual({ status: 'saved', savedAt: 380 });
  });

  it('does not wait for a pause for longer than two seconds', async () => {
    const { saver, world, advance } = desk({ latency: 5 });
    for (let at = 0; at < 4_000; at += 100) {
      saver.change(text(String(at)));
      await advance(100);
    }
    expect(world.writes).toBe(1);
    await advance(300);
    expect([world.writes, world.disk?.content.number]).toEqual([2, '3900']);
  });

  it('writes one at a time and always ends with the newest', async () => {
    const { saver, world, advance } = desk({ latency: 1_000 });
    saver.change(text('A'));
    await advance(300);
    saver.change(text('B'));
    saver.change(text('C'));
    await advance(5_000);
    expect([world.writes, world.disk?.content.number, saver.isIdle]).toEqual([2, 'C', true]);
  });

  it('keeps everything when it fails, says why, and tries again by itself', async () => {
    const { saver, world, advance, last } = desk({ fails: 'database.diskFull' });
    saver.change(text('A'));
    await advance(400);
    expect(last()).toMatchObject({ status: 'failed', error: { code: 'database.diskFull' } });
    await expect(Promise.all([saver.flush(), advance(100)])).rejects.toMatchObject({ error: { code: 'database.diskFull' } });
    world.fails = null;
    await advance(6_000);
    expect([last()?.status, world.disk?.content.number]).toEqual(['saved', 'A']);
  });

  it('does not write over a draft that changed elsewhere', async () => {
    const { saver, world, advance, last } = desk();
    saver.change(text('A'));
    await advance(400);
    world.disk = { version: 7, content: text('other') };
    saver.change(text('B'));
    await advance(20_000);
    expect([world.disk.content.number, last()?.status]).toEqual(['other', 'failed']);
    saver.resume({ version: 7, savedAt: 1 });
    await advance(400);
    expect(world.disk.content.number).toBe('B');
  });

  it('writes nothing while it is paused, and everything after', async () => {
    const { saver, world, advance } = desk();
    saver.change(text('A'));
    await advance(400);
    saver.pause();
    saver.change(text('B'));
    await advance(5_000);
    expect(world.disk?.content.number).toBe('A');
    saver.resume(saver.stored);
    await advance(400);
    expect(world.disk?.content.number).toBe('B');
  });

  it('does not wait for the end of a pause when asked to store at once: it says that it cannot', async () => {
    const { saver, world, advance } = desk();
    saver.change(text('A'));
    await advance(400);
    saver.pause();
    await saver.flush();
    saver.change(text('B'));
    expect(saver.isHeld).toBe(true);
    await expect(saver.flush()).rejects.toMatchObject({ error: { code: 'draft.locked' } });
    saver.resume(saver.stored);
    await Promise.all([saver.flush(), advance(100)]);
    expect([world.disk?.content.number, saver.isHeld]).toEqual(['B', false]);
  });

  it('says saved only when the newest content is on the disk, whatever happens', async () => {
    const step = fc.oneof(fc.record({ do: fc.constant('type' as const) }), fc.record({ do: fc.constant('wait' as const), ms: fc.nat(3_000) }), fc.record({ do: fc.constantFrom('break' as const, 'mend' as const, 'flush' as const) }));
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(800), async (steps, latency) => {
      const { saver, world, advance, last } = desk({ latency });
      let typed = 0;
      for (const one of steps) {
        if (one.do === 'type') saver.change(text(String(++typed)));
        else if (one.do === 'wait') await advance(one.ms);
        else if (one.do === 'flush') void saver.flush().catch(() => undefined);
        else world.fails = one.do === 'break' ? 'database.diskFull' : null;
        if (last()?.status === 'saved') expect(world.disk?.content.number).toBe(String(typed));
      }
      world.fails = null;
      await advance(20_000);
      if (typed > 0) expect([world.disk?.content.number, last()?.status, saver.isIdle]).toEqual([String(typed), 'saved', true]);
    }), { numRuns: 150 });
  });
});
