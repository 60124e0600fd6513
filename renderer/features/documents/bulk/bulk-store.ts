import i18next from 'i18next';
import { create } from 'zustand';
import type { Bulk, BulkPlan } from '../../../../shared/domain/bulk.ts';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import type { Job } from '../../../../shared/domain/job.ts';
import type { WorkflowAction } from '../../../../shared/domain/workflow.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { onEvent } from '../../../bridge/events.ts';
import { beforeLeaving } from '../../../state/unstored.ts';
import { showToast } from '../../../ui/Toast.tsx';
import { onPersonLeft } from '../working-account.ts';

/** Milliseconds between the decision and its sending, as for a single one. */
export const undoTime = 5000;

/** How far an action on many documents has come. */
export type BulkStage =
  | { kind: 'plan'; action: WorkflowAction; keys: readonly DocumentKey[]; plan: BulkPlan | null; error: AppError | null }
  /** Decided; can still be taken back until `sendAt` (epoch milliseconds). */
  | { kind: 'waiting'; action: WorkflowAction; keys: readonly DocumentKey[]; plan: BulkPlan; reason: string | null; sendAt: number }
  /** Sent, or all sent. */
  | { kind: 'sent'; bulk: Bulk; job: Job | null; error: AppError | null };

/** One at a time in a window; it goes on while other documents and screens are on show. */
export const useBulk = create<{ stage: BulkStage | null; isShown: boolean }>(() => ({ stage: null, isShown: false }));

const stage = (): BulkStage | null => useBulk.getState().stage;
const show = (next: BulkStage | null): void => useBulk.setState({ stage: next });
let timer: ReturnType<typeof setTimeout> | undefined;

/** Looks what an action would do, before anybody decides. */
export async function planBulk(action: WorkflowAction, keys: readonly DocumentKey[]): Promise<void> {
  const begun: BulkStage = { kind: 'plan', action, keys, plan: null, error: null };
  useBulk.setState({ stage: begun, isShown: true });
  try {
    const plan = await call('bulk.plan', { action, keys: [...keys] });
    if (stage() === begun) show({ ...begun, plan });
  } catch (thrown) {
    if (stage() === begun) show({ ...begun, error: errorOf(thrown) });
  }
}

/** Decides; what follows can be taken back for five seconds. */
export function decideBulk(reason: string | null): void {
  const now = stage();
  if (now?.kind !== 'plan' || now.plan === null) return;
  const { action, keys, plan } = now;
  show({ kind: 'waiting', action, keys, plan, reason, sendAt: Date.now() + undoTime });
  timer = setTimeout(() => void send(), undoTime);
}

/** Takes back what was decided and not sent, or closes what is over. */
export function leaveBulk(): void {
  clearTimeout(timer);
  const now = stage();
  if (now?.kind === 'sent') void call('bulk.close', { id: now.bulk.id }).catch(() => undefined);
  show(now?.kind === 'waiting' ? { kind: 'plan', action: now.action, keys: now.keys, plan: now.plan, error: null } : null);
}

/** Something else is looked at. What was only planned is over; what was decided or sent goes on behind it. */
export const hideBulk = (): void => useBulk.setState(({ stage: now }) => (now?.kind === 'plan' ? { stage: null } : { isShown: false }));

export const showBulk = (): void => useBulk.setState({ isShown: true });

async function send(): Promise<void> {
  const now = stage();
  if (now?.kind !== 'waiting') return;
  const { action, keys, plan, reason } = now;
  let bulk: Bulk;
  try {
    bulk = await call('bulk.start', { action, keys: plan.rows.map(({ key, seen }) => ({ ...key, seen })), reason });
  } catch (thrown) {
    show({ kind: 'plan', action, keys, plan, error: errorOf(thrown) });
    return;
  }
  // It runs, whether or not this window learns how far it is.
  await follow(bulk).catch(() => undefined);
}

/** Starts at once what still waits: the lock takes this window's memory away, and main keeps what becomes of it. */
async function flush(): Promise<void> {
  if (stage()?.kind !== 'waiting') return;
  clearTimeout(timer);
  await send();
  if (stage()?.kind === 'plan') throw new Error('not started');
}

/** Shows again what this window does not know any more after a lock: what was done, what was not, and how to go on. */
export async function restoreBulk(): Promise<void> {
  if (stage() !== null) return;
  const bulk = await call('bulk.latest').catch(() => null);
  if (bulk === null || stage() !== null) return;
  useBulk.setState({ isShown: false });
  await follow(bulk).catch(() => undefined);
  const now = stage();
  // Of a job that nobody remembers it could not be said whether it runs.
  if (now?.kind === 'sent' && now.bulk.id === bulk.id && now.job === null) show(null);
}

/** Rows and job may have changed between the answer and now. */
async function follow(bulk: Bulk): Promise<void> {
  show({ kind: 'sent', bulk, job: null, error: null });
  const [latest, jobs] = await Promise.all([call('bulk.get', { id: bulk.id }), call('jobs.list')]);
  const now = stage();
  if (now?.kind === 'sent' && now.bulk.id === bulk.id) show({ ...now, bulk: latest ?? now.bulk, job: now.job ?? jobs.find(({ id }) => id === bulk.jobId) ?? null });
}

/** Sends again what was refused or not sent. */
export async function retryBulk(): Promise<void> {
  const now = stage();
  if (now?.kind !== 'sent') return;
  try {
    await follow(await call('bulk.retry', { id: now.bulk.id }));
  } catch (thrown) {
    show({ ...now, error: errorOf(thrown) });
  }
}

/** Ends the job; what is done stays. */
export const cancelBulk = (): void => {
  const now = stage();
  if (now?.kind === 'sent') void call('jobs.cancel', { id: now.bulk.jobId }).catch(() => undefined);
};

onEvent('bulk.changed', ({ id, rows }) => {
  const now = stage();
  if (now?.kind !== 'sent' || now.bulk.id !== id) return;
  const next = [...now.bulk.rows];
  for (const { index, row } of rows) next[index] = row;
  show({ ...now, bulk: { ...now.bulk, rows: next } });
});
onEvent('job.changed', (job) => {
  const now = stage();
  if (now?.kind === 'sent' && job.id === now.bulk.jobId) show({ ...now, job });
});
// What was decided is not taken back by locking right after.
beforeLeaving(flush);
// A decision belongs to the person who made it.
onPersonLeft(() => {
  clearTimeout(timer);
  const now = stage();
  const isStopped = now?.kind === 'waiting' || (now?.kind === 'sent' && now.job?.status !== 'done' && now.bulk.rows.some(({ state }) => state === 'waiting' || state === 'sending'));
  if (isStopped) showToast({ title: i18next.t('bulk.leftTitle', { ns: 'documents' }), text: i18next.t('bulk.leftText', { ns: 'documents' }), tone: 'warning' });
  show(null);
});
