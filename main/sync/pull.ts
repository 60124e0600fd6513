import { documentTypes, type DocumentType } from '../../shared/domain/document-types.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import type { SyncState } from '../../shared/domain/connection.ts';
import { AppFailure, appError, failure } from '../../shared/ipc/errors.ts';
import { Emitter } from '../emitter.ts';
import { maxPageSize, type WirePage } from '../erp/api/document-page.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';
import { Pace } from './pace.ts';

export type PullRequest = { updatedSince: number | null; cursor: string | null; limit: number; signal: AbortSignal };

/** Where documents come from, and where they go. */
export type PullPorts = {
  fetchPage: (type: DocumentType, request: PullRequest) => Promise<WirePage>;
  /** All documents of a type on the server; null when it does not say. */
  fetchTotal: (type: DocumentType, signal: AbortSignal) => Promise<number | null>;
  store: DataHost['pull'];
  count: () => Promise<number>;
  /** False when the server cannot list documents (the shipped profile): the cache then holds what was opened. */
  canList: () => boolean;
  /** False for types that the account holds no scope for: each refusal would stand in the server's audit log. */
  mayRead: (type: DocumentType) => boolean;
  now: () => number;
  log: Log;
};

/** After so long away a server may have forgotten what was deleted meanwhile: then its count is compared too. */
const awayFor = 12 * 3_600_000;

/** Passes of one type in a row; a server that makes more of them necessary is left alone until the next pull. */
const mostBeginnings = 5;

/** What a server answers that does not know a cursor any more, or refuses to tell what changed so long ago. */
const isOutdated = (error: unknown): boolean => error instanceof AppFailure && ['server.badRequest', 'server.invalid', 'server.notFound', 'server.refused'].includes(error.error.code);

/** Keeps the cache in step with the server: the first pass reads everything, later ones what has changed since. */
export class PullEngine {
  readonly changed = new Emitter<SyncState>();
  /** Keys that a pass has changed, after they were committed; null when they are too many to name. */
  readonly documentsChanged = new Emitter<DocumentKey[] | null>();
  readonly #ports: PullPorts;
  readonly #pace: Pace;
  #state: SyncState = { status: 'idle', done: 0, expected: 0, finishedAt: null, error: null, cached: 0, perSecond: null, remainingMs: null, unreadable: { count: 0, first: [] } };
  /** Types that the server refused although the scopes looked good; not asked again in this session. */
  readonly #refused = new Set<DocumentType>();
  #running: { controller: AbortController; done: Promise<void> } | null = null;

  constructor(ports: PullPorts) {
    this.#ports = ports;
    this.#pace = new Pace(ports.now);
  }

  state(): SyncState {
    return this.#state;
  }

  /** Reads when the last complete pass ended, so that the age of the cache is known before anything was pulled. */
  async restore(): Promise<void> {
    this.#refused.clear();
    const [finishedAt, cached, unreadable] = await Promise.all([this.#ports.store.finishedAt(), this.#ports.count(), this.#ports.store.unreadable()]);
    this.#set({ status: 'idle', error: null, finishedAt, cached, unreadable });
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
    const idle = { perSecond: null, remainingMs: null };
    if (!this.#ports.canList()) {
      this.#set({ status: 'unsupported', error: null, cached: await this.#ports.count() });
      return;
    }
    this.#pace.start();
    this.#set({ status: 'pulling', done: 0, expected: 0, error: null, ...idle });
    try {
      for (const type of documentTypes) await this.#pullIfAllowed(type, signal);
      const hasRead = this.#refused.size < documentTypes.length;
      this.#set({ status: 'idle', finishedAt: hasRead ? this.#ports.now() : null, cached: await this.#ports.count(), unreadable: await this.#ports.store.unreadable(), ...idle });
    } catch (error) {
      if (signal.aborted) {
        this.#set({ status: 'idle', ...idle });
        return;
      }
      this.#ports.log.warn('pull failed', { err: error });
      const neverWorked = this.#state.finishedAt === null && this.#state.done === 0;
      if (neverWorked && error instanceof AppFailure && error.error.code === 'server.failed') {
        // The shipped server answers every list call with 500 (ERP-API section 3); the next pass asks again.
        this.#set({ status: 'unsupported', error: error.error, ...idle });
        return;
      }
      this.#set({ status: 'failed', error: error instanceof AppFailure ? error.error : appError('app.internal'), ...idle });
    }
  }

  async #pullIfAllowed(type: DocumentType, signal: AbortSignal): Promise<void> {
    if (this.#refused.has(type) || !this.#ports.mayRead(type)) return;
    try {
      const { finishedAt } = await this.#ports.store.next(type, this.#ports.now());
      await this.#pullType(type, signal);
      if (finishedAt !== null && this.#ports.now() - finishedAt >= awayFor) await this.#compare(type, signal);
    } catch (error) {
      if (!(error instanceof AppFailure) || error.error.code !== 'server.forbidden') throw error;
      this.#refused.add(type);
      this.#ports.log.info('this account may not read a type', { type, correlationId: error.error.correlationId });
    }
  }

  /** Reads everything again when the server does not have as many documents as it should. */
  async #compare(type: DocumentType, signal: AbortSignal): Promise<void> {
    const { store, fetchTotal, now, log } = this.#ports;
    const total = await fetchTotal(type, signal);
    if (total === null || (await store.isComplete(type, total))) return;
    log.info('the cache does not add up with the server, reading everything', { type, total });
    await store.restart(type, 'again', now());
    await this.#pullType(type, signal);
  }

  async #pullType(type: DocumentType, signal: AbortSignal): Promise<void> {
    const { store, now, log } = this.#ports;
    /** Told once a pass: a page says how many there are in all. */
    let counted = '';
    for (let begun = 0; ;) {
      signal.throwIfAborted();
      if (begun > mostBeginnings) throw failure('server.unexpected', { params: { field: 'cursor' } });
      // One time for question and answer: what is read is at least as new.
      const at = now();
      const { kind, since, cursor, startedAt } = await store.next(type, at);
      const wire = await this.#page(type, { updatedSince: since, cursor, limit: maxPageSize, signal });
      if (wire === null) {
        begun += 1;
        continue;
      }
      const { next, rows, total, changed, isChanged, unreadable } = await store.page(wire, at);
      for (const { number, reason } of unreadable) log.warn('a document could not be read', { type, number, reason });
      if (isChanged) this.documentsChanged.emit(changed);
      const isNew = counted !== `${kind}${startedAt}`;
      counted = `${kind}${startedAt}`;
      const done = this.#state.done + rows;
      const expected = Math.max(done, this.#state.expected + (isNew ? total ?? rows : 0));
      this.#set({ done, expected, ...this.#pace.note(done, expected) });
      if (next === 'done') return;
      if (next === 'again') begun += 1;
      if (next === 'again' && kind === 'delta') log.warn('the server has lost what it once told, reading everything', { type });
    }
  }

  /** @returns null when the pass had to be begun anew because the server does not go on with it. */
  async #page(type: DocumentType, request: PullRequest): Promise<WirePage | null> {
    const { store, fetchPage, now, log } = this.#ports;
    try {
      return await fetchPage(type, request);
    } catch (error) {
      // Without either the request is as plain as it can be: beginning anew would not help.
      if (!isOutdated(error) || (request.cursor === null && request.updatedSince === null)) throw error;
      log.info('the server does not go on from where we were', { type, err: error });
      await store.restart(type, request.cursor === null ? 'again' : 'same', now());
      return null;
    }
  }

  #set(change: Partial<SyncState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed.emit(this.#state);
  }
}
