import { beforeEach, expect, it, vi } from 'vitest';
import type { Bulk, BulkRow } from '../../../../shared/domain/bulk.ts';
import type { Job } from '../../../../shared/domain/job.ts';
import { exact } from '../../../../shared/domain/money.ts';

// It needs a page.
vi.mock('../../../ui/Toast.tsx', () => ({ showToast: vi.fn() }));

const row = (state: BulkRow['state']): BulkRow => ({ key: { type: 'sales_order', number: 'SO-1' }, partnerName: null, gross: exact('1'), seen: 'a'.repeat(64), state, error: null });
const bulk: Bulk = { id: 'b1', action: 'approve', reason: null, jobId: 'j1', rows: [row('waiting')] };
const job: Job = { id: 'j1', kind: 'bulk.approve', status: 'cancelled', done: 0, total: 1, startedAt: 1, endedAt: 2, error: null };

/** A window that has just begun, with what main would answer it. */
async function begin(answers: Record<string, (input: never) => unknown>) {
  vi.resetModules();
  const asked: string[] = [];
  vi.stubGlobal('window', { valeo: {
    call: (name: string, input: unknown) => {
      asked.push(name);
      const answer = answers[name];
      return Promise.resolve(answer === undefined ? { ok: false, error: { code: 'session.required', messageKey: '', params: {} } } : { ok: true, value: answer(input as never) });
    },
    on: () => undefined,
  } });
  const store = await import('./bulk-store.ts');
  const { storeEverything } = await import('../../../state/unstored.ts');
  return { store, storeEverything, asked, stage: () => store.useBulk.getState().stage };
}

const answers = { 'bulk.plan': () => ({ rows: bulk.rows, needReason: 0 }), 'bulk.start': () => bulk, 'bulk.get': () => bulk, 'jobs.list': () => [job], 'bulk.latest': () => bulk, 'bulk.close': () => null };

beforeEach(() => void vi.useFakeTimers());

it('starts what was decided before the lock takes the window, with what the plan showed, and once', async () => {
  const started: unknown[] = [];
  const { store, storeEverything, stage, asked } = await begin({ ...answers, 'bulk.start': (input) => { started.push(input); return bulk; } });
  await store.planBulk('approve', [bulk.rows[0]?.key ?? { type: 'sales_order', number: '' }]);
  store.decideBulk(null);
  expect(asked).not.toContain('bulk.start');
  expect(await storeEverything()).toBe(true);
  expect(stage()?.kind).toBe('sent');
  await vi.advanceTimersByTimeAsync(store.undoTime * 2);
  expect(started).toEqual([{ action: 'approve', reason: null, keys: [{ type: 'sales_order', number: 'SO-1', seen: 'a'.repeat(64) }] }]);
});

it('says so when it could not be started, and has nothing to start where nothing was decided', async () => {
  const { 'bulk.start': _, ...without } = answers;
  const { store, storeEverything, stage } = await begin(without);
  expect(await storeEverything()).toBe(true);
  await store.planBulk('approve', [{ type: 'sales_order', number: 'SO-1' }]);
  store.decideBulk(null);
  expect(await storeEverything()).toBe(false);
  expect(stage()).toMatchObject({ kind: 'plan', error: { code: 'session.required' } });
});

it('shows again after the lock what main still knows, and tells main when it was seen', async () => {
  const { store, stage, asked } = await begin(answers);
  await store.restoreBulk();
  expect(stage()).toMatchObject({ kind: 'sent', bulk: { id: 'b1' }, job: { status: 'cancelled' } });
  store.leaveBulk();
  expect([stage(), asked.at(-1)]).toEqual([null, 'bulk.close']);
});

it('does not show as running what no job is known of', async () => {
  const { store, stage } = await begin({ ...answers, 'jobs.list': () => [] });
  await store.restoreBulk();
  expect(stage()).toBeNull();
});
