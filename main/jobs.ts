import { randomUUID } from 'node:crypto';
import type { Job } from '../shared/domain/job.ts';
import { AppFailure, appError } from '../shared/ipc/errors.ts';
import { Emitter } from './emitter.ts';
import type { Log } from './log/log.ts';

/** What a job's work gets: how to tell its progress, and the signal of its cancel. */
export type JobWork = (progress: (done: number, total: number) => void, signal: AbortSignal) => Promise<void>;

export type JobsPorts = { now: () => number; after: (ms: number, action: () => void) => () => void; log: Log };

/** Milliseconds between two tellings of one job's progress: more often than people see would only cost frames. */
const tellEvery = 100;
/** Ended jobs that are still listed. */
const remembered = 20;

/** Everything long that runs in the main process or for it: told to the renderer as it goes, cancelled on demand. */
export class Jobs {
  readonly changed = new Emitter<Job>();
  readonly #ports: JobsPorts;
  readonly #jobs = new Map<string, { job: Job; controller: AbortController; done: Promise<void>; toldAt: number }>();

  constructor(ports: JobsPorts) {
    this.#ports = ports;
  }

  list(): Job[] {
    return [...this.#jobs.values()].map(({ job }) => job).toReversed();
  }

  /** Starts the work and answers at once. Its failure ends in the job, not in an exception. */
  start(kind: string, work: JobWork): Job {
    const id = randomUUID();
    const job: Job = { id, kind, status: 'running', done: 0, total: 0, startedAt: this.#ports.now(), endedAt: null, error: null };
    const controller = new AbortController();
    const entry = { job, controller, done: Promise.resolve(), toldAt: 0 };
    this.#jobs.set(id, entry);
    entry.done = Promise.resolve().then(() => work((done, total) => this.#progress(id, done, total), controller.signal)).then(
      () => this.#end(id, { status: 'done' }),
      (error: unknown) => {
        if (controller.signal.aborted) return this.#end(id, { status: 'cancelled' });
        this.#ports.log.warn('a job failed', { kind, err: error });
        return this.#end(id, { status: 'failed', error: error instanceof AppFailure ? error.error : appError('app.internal') });
      },
    );
    this.changed.emit(job);
    return job;
  }

  /** Resolves when the job has ended; at once when it has, or was never there. */
  async ended(id: string): Promise<Job | null> {
    const entry = this.#jobs.get(id);
    await entry?.done;
    return this.#jobs.get(id)?.job ?? null;
  }

  async cancel(id: string): Promise<void> {
    const entry = this.#jobs.get(id);
    if (entry === undefined || entry.job.status !== 'running') return;
    entry.controller.abort();
    await entry.done;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map((id) => this.cancel(id)));
  }

  #progress(id: string, done: number, total: number): void {
    const entry = this.#jobs.get(id);
    if (entry === undefined || entry.job.status !== 'running') return;
    entry.job = { ...entry.job, done, total };
    const now = this.#ports.now();
    if (now - entry.toldAt < tellEvery) return;
    entry.toldAt = now;
    this.changed.emit(entry.job);
  }

  #end(id: string, change: Partial<Job>): void {
    const entry = this.#jobs.get(id);
    if (entry === undefined) return;
    entry.job = { ...entry.job, ...change, endedAt: this.#ports.now() };
    const ended = [...this.#jobs.values()].filter(({ job }) => job.status !== 'running');
    for (const { job } of ended.slice(0, Math.max(0, ended.length - remembered))) this.#jobs.delete(job.id);
    this.changed.emit(entry.job);
  }
}
