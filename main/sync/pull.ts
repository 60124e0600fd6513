import { z } from 'zod';
import { documentTypes, type DocumentType } from '../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord } from '../../shared/domain/document.ts';
import type { SyncState } from '../../shared/domain/connection.ts';
import { AppFailure, appError } from '../../shared/ipc/errors.ts';
import { Emitter } from '../emitter.ts';
import type { Log } from '../log/log.ts';

/** One page of one type, newest change first. */
export type PullPage = { records: DocumentRecord[]; removed: string[]; nextCursor: string | null; total: number };
export type PullRequest = { updatedSince: number | null; cursor: string | null; limit: number; signal: AbortSignal };

/** Where documents come from, and where they go. */
export type PullPorts = {
  fetchPage: (type: DocumentType, request: PullRequest) => Promise<PullPage>;
  store: {
    put(records: DocumentRecord[]): Promise<{ changed: DocumentKey[] }>;
    remove(keys: DocumentKey[]): Promise<unknown>;
    count(): Promise<number>;
    readFact(name: string): Promise<{ value: unknown } | null>;
    writeFact(name: string, value: unknown, at: number): Promise<unknown>;
  };
  /** False when the server cannot list documents (the shipped profile): the cache then holds what was opened. */
  canList: () => boolean;
  /** False for types that the account holds no scope for: each refusal would stand in the server's audit log. */
  mayRead: (type: DocumentType) => boolean;
  now: () => number;
  log: Log;
};

/**
 * How far one type has been read (epoch milliseconds). `watermark` is the newest change seen when the pass began: the next delta starts
 * there. A `cursor` means that a pass was interrupted and goes on where it stopped.
 */
const progressSchema = z.object({ watermark: z.number().nullable(), since: z.number().nullable(), cursor: z.string().nullable(), finishedAt: z.number().nullable() });
type Progress = z.infer<typeof progressSchema>;
const untouched: Progress = { watermark: null, since: null, cursor: null, finishedAt: null };

const pageSize = 500;

/** Keeps the cache in step with the server: the first pass reads everything, later ones what has changed since. */
export class PullEngine {
  readonly changed = new Emitter<SyncState>();
  /** Keys that a pass has changed, after they were committed; null when they are too many to name. */
  readonly documentsChanged = new Emitter<DocumentKey[] | null>();
  readonly #ports: PullPorts;
  #state: SyncState = { status: 'idle', done: 0, expected: 0, finishedAt: null, error: null, cached: 0 };
  /** Types that the server refused although the scopes looked good; not asked again in this session. */
  readonly #refused = new Set<DocumentType>();
  #running: { controller: AbortController; done: Promise<void> } | null = null;

  constructor(ports: PullPorts) {
    this.#ports = ports;
  }

  state(): SyncState {
    return this.#state;
  }

  /** Reads when the last complete pass ended, so that the age of the cache is known before anything was pulled. */
  async restore(): Promise<void> {
    this.#refused.clear();
    const progress = await Promise.all(documentTypes.map((type) => this.#readProgress(type)));
    const finished = progress.map((one) => one.finishedAt).filter((at) => at !== null);
    this.#set({ status: 'idle', error: null, finishedAt: finished.length > 0 ? Math.min(...finished) : null, cached: await this.#ports.store.count() });
  }

  /** Starts a pass, or joins the running one. Failures end in the state, not in an exception. */
  pull(): Promise<void> {
    if (this.#running !== null) return this.#running.done;
    const controller = new AbortController();
    const done = this.#pass(controller.signal).finally(() => { this.#running = null; });
    this.#running = { controller, done };
    return done;
  }

  /** Ends the running pass; what it has read stays, and the next pass goes on from there. */
  async cancel(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.done;
  }

  async #pass(signal: AbortSignal): Promise<void> {
    if (!this.#ports.canList()) {
      this.#set({ status: 'unsupported', error: null, cached: await this.#ports.store.count() });
      return;
    }
    this.#set({ status: 'pulling', done: 0, expected: 0, error: null });
    try {
      for (const type of documentTypes) await this.#pullIfAllowed(type, signal);
      const hasRead = this.#refused.size < documentTypes.length;
      this.#set({ status: 'idle', finishedAt: hasRead ? this.#ports.now() : null, cached: await this.#ports.store.count() });
    } catch (error) {
      if (signal.aborted) {
        this.#set({ status: 'idle' });
        return;
      }
      this.#ports.log.warn('pull failed', { err: error });
      const neverWorked = this.#state.finishedAt === null && this.#state.done === 0;
      if (neverWorked && error instanceof AppFailure && error.error.code === 'server.failed') {
        // The shipped server answers every list call with 500 (ERP-API section 3); the next pass asks again.
        this.#set({ status: 'unsupported', error: error.error });
        return;
      }
      this.#set({ status: 'failed', error: error instanceof AppFailure ? error.error : appError('app.internal') });
    }
  }

  async #pullIfAllowed(type: DocumentType, signal: AbortSignal): Promise<void> {
    if (this.#refused.has(type) || !this.#ports.mayRead(type)) return;
    try {
      await this.#pullType(type, signal);
    } catch (error) {
      if (!(error instanceof AppFailure) || error.error.code !== 'server.forbidden') throw error;
      this.#refused.add(type);
      this.#ports.log.info('this account may not read a type', { type, correlationId: error.error.correlationId });
    }
  }

  async #pullType(type: DocumentType, signal: AbortSignal): Promise<void> {
    let progress = await this.#readProgress(type);
    if (progress.cursor === null) progress = { ...progress, since: progress.finishedAt === null ? null : progress.watermark };
    let isFirst = true;
    do {
      signal.throwIfAborted();
      const page = await this.#ports.fetchPage(type, { updatedSince: progress.since, cursor: progress.cursor, limit: pageSize, signal });
      const { changed } = page.records.length > 0 ? await this.#ports.store.put(page.records) : { changed: [] };
      const removed = page.removed.map((number) => ({ type, number }));
      if (removed.length > 0) await this.#ports.store.remove(removed);
      const newest = page.records.reduce((latest, record) => Math.max(latest, record.changedAt ?? 0), 0);
      const watermark = isFirst && progress.cursor === null && newest > 0 ? newest : progress.watermark;
      const isLast = page.nextCursor === null;
      progress = { watermark, since: isLast ? null : progress.since, cursor: page.nextCursor, finishedAt: isLast ? this.#ports.now() : progress.finishedAt };
      await this.#ports.store.writeFact(`pull.${type}`, progress, this.#ports.now());
      const touched = [...changed, ...removed];
      if (touched.length > 0) this.documentsChanged.emit(touched.length > 200 ? null : touched);
      this.#set({ done: this.#state.done + page.records.length, expected: this.#state.expected + (isFirst ? page.total : 0) });
      isFirst = false;
    } while (progress.cursor !== null);
  }

  async #readProgress(type: DocumentType): Promise<Progress> {
    const fact = await this.#ports.store.readFact(`pull.${type}`);
    const parsed = progressSchema.safeParse(fact?.value);
    return parsed.success ? parsed.data : untouched;
  }

  #set(change: Partial<SyncState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed.emit(this.#state);
  }
}
