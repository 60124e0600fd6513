import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appError } from '../../../shared/ipc/errors.ts';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import { nameOf, undoTime, UndoQueue, type Verdict } from './undo-queue.ts';

const first: DocumentKey = { type: 'sales_offer', number: 'ANG-1' };
const second: DocumentKey = { type: 'sales_order', number: 'ANG-1' };
/** What was on screen when it was decided. */
const seen = 'a'.repeat(64);

describe('undo before it is sent', () => {
  beforeEach(() => { vi.useFakeTimers({ now: 1000 }); });
  afterEach(() => { vi.useRealTimers(); });

  function start() {
    const sent: string[] = [];
    const bound: string[] = [];
    const answers: { resolve: () => void; reject: (reason: Error) => void }[] = [];
    const queue = new UndoQueue({
      send: (key: DocumentKey, verdict: Verdict, reason, what) => new Promise((resolve, reject) => { sent.push(`${verdict} ${nameOf(key)} ${reason ?? ''}`.trim()); bound.push(what); answers.push({ resolve, reject }); }),
      toError: (thrown) => appError('server.conflict', { params: { text: (thrown as Error).message } }),
      now: () => Date.now(),
      later: (run, delay) => { const timer = setTimeout(run, delay); return () => clearTimeout(timer); },
    });
    const status = (key: DocumentKey): string | undefined => queue.snapshot().get(nameOf(key))?.status;
    return { queue, sent, bound, answers, status };
  }

  it('sends what waits at once when the window is about to lose its memory, and says when it could not', async () => {
    const { queue, sent, answers, status } = start();
    queue.decide(first, 'approve', null, seen);
    queue.decide(second, 'reject', 'zu teuer', seen);
    const flushed = queue.flush().then(() => 'sent', (error: unknown) => String(error));
    expect(sent).toEqual(['approve sales_offer/ANG-1', 'reject sales_order/ANG-1 zu teuer']);
    answers[0]?.resolve();
    answers[1]?.reject(new Error('conflict'));
    expect(await flushed).toContain('not sent: sales_order/ANG-1');
    expect([status(first), status(second)]).toEqual(['done', 'failed']);
    await vi.advanceTimersByTimeAsync(undoTime * 2);
    expect(sent).toHaveLength(2);
    await queue.flush();
  });

  it('waits five seconds, then sends once', async () => {
    const { queue, sent, bound, answers, status } = start();
    queue.decide(first, 'approve', null, seen);
    expect(queue.snapshot().get(nameOf(first))).toMatchObject({ status: 'waiting', sendAt: 6000 });
    vi.advanceTimersByTime(undoTime - 1);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([sent, bound], 'with what was on screen').toEqual([['approve sales_offer/ANG-1'], [seen]]);
    expect(status(first)).toBe('sending');
    answers[0]?.resolve();
    await vi.advanceTimersByTimeAsync(undoTime * 2);
    expect(status(first)).toBe('done');
    expect(sent).toHaveLength(1);
  });

  it('sends nothing that was taken back', () => {
    const { queue, sent, status } = start();
    queue.decide(first, 'approve', null, seen);
    vi.advanceTimersByTime(undoTime - 1);
    expect(queue.undo(first)).toBe(true);
    vi.advanceTimersByTime(undoTime * 3);
    expect(sent).toEqual([]);
    expect(status(first)).toBeUndefined();
  });

  it('knows when it is too late', () => {
    const { queue } = start();
    queue.decide(first, 'approve', null, seen);
    vi.advanceTimersByTime(undoTime);
    expect(queue.undo(first)).toBe(false);
    expect(queue.decide(first, 'reject', 'doch nicht', seen)).toBe(false);
    expect(queue.undo(second)).toBe(false);
  });

  it('sends only the last of two decisions, with its full time', () => {
    const { queue, sent } = start();
    queue.decide(first, 'approve', null, seen);
    vi.advanceTimersByTime(4000);
    queue.decide(first, 'reject', 'zu teuer', seen);
    vi.advanceTimersByTime(4999);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['reject sales_offer/ANG-1 zu teuer']);
  });

  it('keeps documents of the same number apart', () => {
    const { queue, sent } = start();
    queue.decide(first, 'approve', null, seen);
    queue.decide(second, 'approve', null, seen);
    queue.undo(first);
    vi.advanceTimersByTime(undoTime);
    expect(sent).toEqual(['approve sales_order/ANG-1']);
  });

  it('shows a refusal at its document, lets it be dismissed and decided again', async () => {
    const { queue, sent, answers, status } = start();
    queue.decide(first, 'approve', null, seen);
    vi.advanceTimersByTime(undoTime);
    answers[0]?.reject(new Error('schon entschieden'));
    await vi.advanceTimersByTimeAsync(0);
    expect(queue.snapshot().get(nameOf(first))).toMatchObject({ status: 'failed', error: { code: 'server.conflict', params: { text: 'schon entschieden' } } });
    queue.dismiss(first);
    expect(status(first)).toBeUndefined();
    expect(queue.decide(first, 'approve', null, seen)).toBe(true);
    vi.advanceTimersByTime(undoTime);
    expect(sent).toHaveLength(2);
  });

  it('drops everything at sign-out, also the answer of what was under way', async () => {
    const { queue, sent, answers, status } = start();
    queue.decide(first, 'approve', null, seen);
    vi.advanceTimersByTime(undoTime);
    queue.decide(second, 'approve', null, seen);
    queue.clear();
    answers[0]?.resolve();
    await vi.advanceTimersByTimeAsync(undoTime * 2);
    expect(sent).toHaveLength(1);
    expect([status(first), status(second)]).toEqual([undefined, undefined]);
  });

  it('tells its listeners with a new snapshot each time', () => {
    const { queue } = start();
    const told = new Set<unknown>([queue.snapshot()]);
    const leave = queue.subscribe(() => told.add(queue.snapshot()));
    queue.decide(first, 'approve', null, seen);
    queue.undo(first);
    expect(told.size).toBe(3);
    leave();
    queue.decide(first, 'approve', null, seen);
    expect(told.size).toBe(3);
  });
});
