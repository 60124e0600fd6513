import { randomUUID } from 'node:crypto';
import { blockersOf, isOwnSubmission, reasonsOf } from '../../shared/domain/action-blockers.ts';
import type { Bulk, BulkPlan, BulkRow } from '../../shared/domain/bulk.ts';
import { documentTypeInfo, type Domain } from '../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../shared/domain/document.ts';
import type { Job } from '../../shared/domain/job.ts';
import { changedSinceSeen, seenOf, type Seen } from '../../shared/domain/seen.ts';
import type { Account } from '../../shared/domain/session.ts';
import type { WorkflowAction } from '../../shared/domain/workflow.ts';
import { AppFailure, appError, failure, type AppError } from '../../shared/ipc/errors.ts';
import { Emitter } from '../emitter.ts';
import type { DataHost } from '../host/client.ts';
import type { Jobs } from '../jobs.ts';
import type { Log } from '../log/log.ts';
import { nameOf, unsentDocuments } from './unsent.ts';
import type { WorkflowService } from './workflow.ts';

export type BulkPorts = {
  host: Pick<DataHost, 'documents' | 'drafts' | 'outbox'>;
  workflow: Pick<WorkflowService, 'transition' | 'settled'>;
  jobs: Pick<Jobs, 'start' | 'cancel'>;
  account: () => Account;
  isOnline: () => boolean;
  /** Reads what has changed on the server, all at once. False where that is not offered or did not work. */
  follow: () => Promise<boolean>;
  now: () => number;
  /** Reads what the action changed beyond the workflow state, once for all of them. */
  catchUp: (keys: readonly DocumentKey[]) => Promise<void>;
  log: Log;
};

/** Rows that changed, by their place. */
export type BulkChange = { id: string; rows: { index: number; row: BulkRow }[] };

type Run = {
  bulk: Bulk;
  /** Whose decision it is. */
  accountId: string;
  /** The person has seen what became of it. */
  isClosed: boolean;
  /** Per row, kept until the server has answered: a repetition must be recognised as one. */
  keys: Map<number, string>;
  /** The last look at what has changed on the server meanwhile, and whether the cache followed. */
  look: { at: number; followed: Promise<boolean> } | null;
};

/** A document of the plan, with what it was then. */
export type PlannedKey = DocumentKey & { seen?: Seen | null };

/** Requests on their way at once: hides the latency of the line, and the server still sees a person's pace. */
const atOnce = 4;
/** Milliseconds between two looks at what has changed while rows are sent: one for all is cheaper than one for each. */
const lookEvery = 60_000;
/** Ended bulks that can still be looked at and retried. */
const remembered = 10;
/** Reads from the data host at once while planning. */
const planSlice = 100;

/** After these nothing else will work either: the job stops, and what was not sent waits for "continue". */
const stops = (error: AppError): boolean =>
  error.code === 'network.unreachable' || error.code === 'server.rateLimited' || error.code.startsWith('session.') || error.code.startsWith('tls.') || error.code.startsWith('database.');

/** One workflow action on many documents: checked first, then sent one by one under the rate limit, with a result for each. */
export class BulkService {
  readonly changed = new Emitter<BulkChange>();
  readonly #ports: BulkPorts;
  readonly #runs = new Map<string, Run>();
  readonly #running = new Set<string>();
  /** Running ones, and those whose changes are still being read back. */
  readonly #ours = new Set<string>();

  constructor(ports: BulkPorts) {
    this.#ports = ports;
  }

  /** Which of the documents can be acted on, from the cache; nothing is sent. */
  async plan(action: WorkflowAction, keys: readonly DocumentKey[]): Promise<BulkPlan> {
    const account = this.#ports.account();
    const unsent = await unsentDocuments(this.#ports.host);
    const rows: BulkRow[] = [];
    let needReason = 0;
    for (let start = 0; start < keys.length; start += planSlice) {
      const slice = keys.slice(start, start + planSlice);
      const records = await Promise.all(slice.map((key) => this.#ports.host.documents.get(key)));
      slice.forEach((key, at) => {
        const record = records[at] ?? null;
        const row = this.#planned(action, key, record, account, unsent.has(nameOf(key)));
        rows.push(row);
        if (row.state === 'waiting' && action === 'approve' && record !== null && isOwnSubmission(record, account)) needReason += 1;
      });
    }
    return { rows, needReason };
  }

  /** Starts the job. Rows that cannot be acted on are named and left out. @throws AppFailure guard.failed when a reason is missing */
  async start(action: WorkflowAction, keys: readonly PlannedKey[], reason: string | null): Promise<Bulk> {
    const given = reason === null || reason.trim() === '' ? null : reason.trim();
    if (action === 'reject' && given === null) throw failure('guard.failed', { messageKey: 'guards.reason' });
    const once = [...new Map(keys.map((key) => [`${key.type}/${key.number}`, key])).values()];
    const { rows, needReason } = await this.plan(action, once);
    if (needReason > 0 && given === null) throw failure('guard.failed', { messageKey: 'guards.segregationReason' });
    const id = randomUUID();
    const asPlanned = rows.map((row, index) => {
      const seen = once[index]?.seen ?? row.seen;
      return row.state === 'waiting' && seen !== row.seen ? { ...row, ...changed } : { ...row, seen };
    });
    const run: Run = { bulk: { id, action, reason: given, jobId: '', rows: asPlanned }, accountId: this.#ports.account().id, isClosed: false, keys: new Map(), look: null };
    this.#runs.set(id, run);
    this.#begin(run);
    for (const old of [...this.#runs.keys()].slice(0, Math.max(0, this.#runs.size - remembered))) if (!this.#running.has(old)) this.#runs.delete(old);
    return run.bulk;
  }

  get(id: string): Bulk | null {
    return this.#runs.get(id)?.bulk ?? null;
  }

  /** The last one of whoever is signed in that nobody has closed: a lock stops it, and the window that began anew does not know it. */
  latest(): Bulk | null {
    const { id } = this.#ports.account();
    return [...this.#runs.values()].findLast(({ accountId, isClosed }) => accountId === id && !isClosed)?.bulk ?? null;
  }

  close(id: string): void {
    const run = this.#runs.get(id);
    if (run !== undefined) run.isClosed = true;
  }

  /** Whether a running job is at work on this document: its events are our own, and read back with the others at the end. */
  isOurs(domain: Domain, number: string): boolean {
    return [...this.#ours].some((id) => this.#runs.get(id)?.bulk.rows.some(({ key }) => key.number === number && documentTypeInfo[key.type].domain === domain) === true);
  }

  /** Sends again what was refused or not sent. @throws AppFailure input.invalid for one that runs or is no longer known */
  retry(id: string): Bulk {
    const run = this.#runs.get(id);
    if (run === undefined || this.#running.has(id)) throw failure('input.invalid');
    this.#put(run, run.bulk.rows.flatMap((row, index) => (row.state === 'refused' ? [{ index, row: { ...row, state: 'waiting' as const } }] : [])));
    this.#begin(run);
    return run.bulk;
  }

  /** Ends everything that runs, because the cache is being closed. What was done stays, the rest can be retried. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((id) => this.#ports.jobs.cancel(this.#runs.get(id)?.bulk.jobId ?? '')));
  }

  /** Forgets what the person before did. */
  forget(): void {
    for (const id of this.#runs.keys()) if (!this.#running.has(id)) this.#runs.delete(id);
  }

  #planned(action: WorkflowAction, key: DocumentKey, record: DocumentRecord | null, account: Account, isDirty: boolean): BulkRow {
    const facts = { key: { type: key.type, number: key.number }, seen: record === null ? null : seenOf(record), partnerName: record?.document.partnerName ?? null, gross: record?.document.totals.gross ?? null };
    const blockers = record === null ? [] : blockersOf(action, { record, account, isOffline: !this.#ports.isOnline(), isDirty });
    const [why] = reasonsOf(blockers);
    if (why === undefined) return { ...facts, state: 'waiting', error: null };
    return { ...facts, state: 'skipped', error: appError('guard.failed', { messageKey: why.messageKey, params: why.params }) };
  }

  #begin(run: Run): void {
    const { id, action } = run.bulk;
    run.look = null;
    this.#running.add(id);
    this.#ours.add(id);
    const job: Job = this.#ports.jobs.start(`bulk.${action}`, (progress, signal) => this.#work(run, progress, signal).finally(() => { this.#running.delete(id); }));
    run.bulk = { ...run.bulk, jobId: job.id };
  }

  async #work(run: Run, progress: (done: number, total: number) => void, signal: AbortSignal): Promise<void> {
    const queue = run.bulk.rows.flatMap(({ state }, index) => (state === 'waiting' ? [index] : []));
    const total = queue.length;
    const done: DocumentKey[] = [];
    let ended = 0;
    let stopped: AppFailure | null = null;
    progress(0, total);
    const worker = async (): Promise<void> => {
      for (let index = queue.shift(); index !== undefined && stopped === null && !signal.aborted; index = queue.shift()) {
        const error = await this.#one(run, index, signal);
        if (error === null) done.push(rowAt(run, index).key);
        if (error !== null && (stops(error) || signal.aborted)) stopped ??= new AppFailure(error);
        else progress((ended += 1), total);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    void this.#readBack(run.bulk.id, done);
    if (signal.aborted) throw failure('call.cancelled');
    if (stopped !== null) throw stopped as AppFailure;
  }

  /** In the background and after the job: the states are stored already, and under the rate limit this may take its time. */
  async #readBack(id: string, done: readonly DocumentKey[]): Promise<void> {
    try {
      if (done.length > 0) await this.#ports.catchUp(done);
    } catch (error) {
      this.#ports.log.info('reading after a bulk action failed', { err: error });
    } finally {
      if (!this.#running.has(id)) this.#ours.delete(id);
    }
  }

  /** Sends one row. @returns why it came to nothing; null when it is done */
  async #one(run: Run, index: number, signal: AbortSignal): Promise<AppError | null> {
    const { action, reason } = run.bulk;
    const row = rowAt(run, index);
    const { key } = row;
    // An answer was lost before: the server may have done it, and then there is nothing to send.
    const isUnsure = run.keys.has(index);
    const idempotencyKey = run.keys.get(index) ?? randomUUID();
    this.#put(run, [{ index, row: { ...row, state: 'sending', error: null } }]);
    try {
      // Who decided is who sends: another person may have signed in meanwhile.
      if (this.#ports.account().id !== run.accountId) throw failure('session.required');
      const call = { priority: 'bulk', turn: signal, idempotencyKey, readsBack: false } as const;
      if (!isUnsure || !(await this.#ports.workflow.settled(key, action, call))) {
        run.keys.set(index, idempotencyKey);
        const hasFollowed = await this.#look(run, signal);
        await this.#ports.workflow.transition(key, action, reason ?? undefined, { ...call, seen: row.seen ?? undefined, isCurrent: ({ etag }) => hasFollowed && etag !== null });
      }
      run.keys.delete(index);
      this.#put(run, [{ index, row: { ...row, state: 'done', error: null } }]);
      return null;
    } catch (thrown) {
      const error = thrown instanceof AppFailure ? thrown.error : appError('app.internal');
      if (!(thrown instanceof AppFailure)) this.#ports.log.error('a row of a bulk action failed unexpectedly', { err: thrown });
      // A refusal is an answer; only a lost one leaves it open what the server did.
      if (!error.code.startsWith('network.')) run.keys.delete(index);
      const isUnsent = error.code === 'call.cancelled' || stops(error);
      this.#put(run, [{ index, row: error.messageKey === changedSinceSeen ? { ...row, ...changed } : { ...row, state: isUnsent ? 'waiting' : 'refused', error: error.code === 'call.cancelled' ? null : error } }]);
      return error;
    }
  }

  /** Has the cache follow the server, so that comparing with what was planned needs no request for each row. @returns whether it did */
  #look(run: Run, signal: AbortSignal): Promise<boolean> {
    const now = this.#ports.now();
    if (run.look === null || now - run.look.at >= lookEvery) {
      // Whoever cancels does not wait for it.
      const cancelled = new Promise<false>((resolve) => { signal.addEventListener('abort', () => resolve(false), { once: true }); });
      run.look = { at: now, followed: Promise.race([this.#ports.follow(), cancelled]) };
    }
    return run.look.followed;
  }

  #put(run: Run, rows: BulkChange['rows']): void {
    if (rows.length === 0) return;
    const next = [...run.bulk.rows];
    for (const { index, row } of rows) next[index] = row;
    run.bulk = { ...run.bulk, rows: next };
    this.changed.emit({ id: run.bulk.id, rows });
  }
}

/** What becomes of a row whose document is not what was planned: a person has to look at it again. */
const changed = { state: 'skipped' as const, error: appError('server.conflict', { messageKey: changedSinceSeen }) };

function rowAt(run: Run, index: number): BulkRow {
  const row = run.bulk.rows[index];
  if (row === undefined) throw new RangeError('no such row');
  return row;
}
