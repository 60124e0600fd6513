import { documentTypeInfo, type DocumentType } from '../../shared/domain/document-types.ts';
import { fallbackFormSpec } from '../../shared/domain/form-specs-fallback.ts';
import type { DocumentKey, DocumentRecord, TrailEntry } from '../../shared/domain/document.ts';
import { formSpecSchema, type FormSpec, type LookupItem, type LookupKind } from '../../shared/domain/form-spec.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import type { Emitter } from '../emitter.ts';
import { wholeList } from '../erp/api/lookups.ts';
import type { CallOptions, CapabilityName, Erp } from '../erp/types.ts';
import type { DataHost } from '../host/client.ts';
import type { Log } from '../log/log.ts';
import { OfferedNumbers } from './offered-numbers.ts';
import { provisionalNumber } from '../sync/outbox/provisional-number.ts';

export type Aged<T> = { value: T; source: 'server' | 'cache'; fetchedAt: number };

export type DocumentsPorts = {
  erp: Erp;
  host: DataHost;
  /** Told after the cache has committed. */
  changed: Emitter<DocumentKey[] | null>;
  isOnline: () => boolean;
  tenantId: () => string | null;
  now: () => number;
  after: (ms: number, action: () => void) => () => void;
  log: Log;
};

/** Milliseconds for which a read counts as the answer to the next one. */
const sameAnswerFor = 1_000;

/** Reading and looking things up for documents: server first where that was asked, the cache behind it. */
export class DocumentsService {
  /** What the server's ranges gave and nothing bears. */
  readonly numbers: OfferedNumbers;
  readonly #ports: DocumentsPorts;
  readonly #recent = new Map<string, { startedAt: number; answer: Promise<DocumentRecord>; canJoin: boolean }>();

  constructor(ports: DocumentsPorts) {
    this.#ports = ports;
    this.numbers = new OfferedNumbers(ports);
  }

  /**
   * Reads a document into the cache. Whoever asks while it is being read, or within a second after, gets the same answer:
   * one action leads to several such wishes, from the screen, from the service and from the event stream.
   */
  refresh(key: DocumentKey, call: CallOptions = {}): Promise<DocumentRecord> {
    const recent = this.#recent.get(nameOf(key));
    return recent?.canJoin === true && this.#ports.now() - recent.startedAt < sameAnswerFor ? recent.answer : this.reread(key, call);
  }

  /** Reads a document into the cache, in any case: for whoever knows that it has just changed. */
  reread(key: DocumentKey, call: CallOptions = {}): Promise<DocumentRecord> {
    const name = nameOf(key);
    // What waits in the background's queue is nothing for a person to wait for.
    const entry = { startedAt: this.#ports.now(), answer: this.#read(key, call), canJoin: call.priority === undefined || call.priority === 'interactive' };
    this.#recent.set(name, entry);
    const forget = (): void => { if (this.#recent.get(name) === entry) this.#recent.delete(name); };
    entry.answer.then(() => {
      entry.canJoin = true;
      this.#ports.after(sameAnswerFor, forget);
    }, forget);
    return entry.answer;
  }

  /**
   * Reads the document and its workflow state from the server into the cache.
   * @throws AppFailure server.notFound after dropping the cached copy, so that a deleted document does not linger.
   */
  async #read(key: DocumentKey, call: CallOptions): Promise<DocumentRecord> {
    const { erp, host } = this.#ports;
    const { domain } = documentTypeInfo[key.type];
    let record: DocumentRecord;
    try {
      record = await erp.documents.get(key, call);
    } catch (error) {
      if (error instanceof AppFailure && error.error.code === 'server.notFound') {
        await host.documents.remove([key]);
        this.#ports.changed.emit([key]);
      }
      throw error;
    }
    const known = await host.documents.get(key);
    const fromServer = record.workflow ?? (await erp.workflow.state(domain, key.number, call));
    const submission = fromServer.submittedBy === null && known?.workflow?.state === fromServer.state ? known.workflow : fromServer;
    const complete = { ...record, workflow: { ...fromServer, submittedBy: submission.submittedBy, submittedAt: submission.submittedAt } };
    const { changed } = await host.documents.put([complete]);
    if (changed.length > 0) this.#ports.changed.emit(changed);
    return complete;
  }

  /** Drops documents from the cache: what the server still has of them comes with the next pull, or when it is opened. */
  async forget(keys: readonly DocumentKey[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#ports.host.documents.remove(keys);
    this.#ports.changed.emit([...keys]);
  }

  /** A number of the server's range: one that was given and never used, else the next. A provisional one where it cannot give any. */
  async nextNumber(type: DocumentType): Promise<{ number: string; provisional: boolean }> {
    const { erp, now, log } = this.#ports;
    const unused = await this.numbers.again(type);
    if (unused !== null) return { number: unused, provisional: false };
    if (this.#ports.isOnline()) {
      try {
        const number = await erp.numbering.next(type, { tenantId: this.#ports.tenantId() });
        await this.numbers.given(type, number);
        return { number, provisional: false };
      } catch (error) {
        log.info('no number from the server, proposing a provisional one', { type, err: error });
      }
    }
    return { number: provisionalNumber(type, now(), Math.random), provisional: true };
  }

  /** The form of a type: the server's where it has one, remembered for offline, else our own complete one. */
  async formSpec(type: DocumentType): Promise<Aged<FormSpec>> {
    const name = `formSpec.${type}`;
    return this.#serverOrCache<FormSpec>({
      needs: 'formSpecs',
      fromServer: () => this.#ports.erp.formSpecs.get(type),
      keep: (value, at) => this.#ports.host.facts.put(name, value, at),
      fromCache: async () => {
        const fact = await this.#ports.host.facts.get(name);
        const parsed = formSpecSchema.safeParse(fact?.value);
        return fact !== null && parsed.success ? { value: parsed.data, fetchedAt: fact.fetchedAt } : { value: fallbackFormSpec(type), fetchedAt: 0 };
      },
    });
  }

  /** The trail of one document. @throws AppFailure when the server fails and nothing was ever read. */
  async trail(key: DocumentKey): Promise<Aged<TrailEntry[]>> {
    const { erp, host } = this.#ports;
    return this.#serverOrCache<TrailEntry[]>({
      needs: 'workflow.audit',
      fromServer: () => erp.workflow.trail(documentTypeInfo[key.type].domain, key.number),
      keep: (value, at) => host.trails.put(key, value, at),
      fromCache: async () => {
        const cached = await host.trails.get(key);
        return cached === null ? null : { value: cached.entries, fetchedAt: cached.fetchedAt };
      },
    });
  }

  /**
   * Type-ahead over master data: the server's answer, else what was read before and what the documents here name. `isPartial`
   * where the server has more than that.
   */
  async lookup(kind: LookupKind, text: string): Promise<Aged<LookupItem[]> & { isPartial: boolean }> {
    const { erp, host, log } = this.#ports;
    let isPartial = false;
    const answer = await this.#serverOrCache<LookupItem[]>({
      needs: `lookups.${kind}`,
      fromServer: () => erp.lookups.search(kind, text),
      // Only the whole list replaces the cached one; what was searched for is kept beside it, and nobody waits for that.
      keep: async (value, at) => {
        if (text.trim() === '') return host.lookups.put(kind, value, at, { part: value.length < wholeList ? 'whole' : 'cut' });
        if (value.length > 0) host.lookups.put(kind, value, at, { part: 'found' }).catch((error: unknown) => log.info('the answer to a search was not kept', { kind, err: error }));
      },
      fromCache: async () => {
        const cached = await host.lookups.search(kind, text, 50);
        isPartial = cached?.isPartial ?? false;
        return { value: cached?.items ?? [], fetchedAt: cached?.fetchedAt ?? 0 };
      },
    });
    return { ...answer, isPartial };
  }

  async #serverOrCache<T>(source: {
    needs: CapabilityName;
    fromServer: () => Promise<T>;
    keep: (value: T, at: number) => Promise<unknown>;
    fromCache: () => Promise<{ value: T; fetchedAt: number } | null>;
  }): Promise<Aged<T>> {
    const { isOnline, erp, now, log } = this.#ports;
    if (isOnline()) {
      try {
        if ((await erp.capabilities()).has(source.needs)) {
          const value = await source.fromServer();
          const fetchedAt = now();
          await source.keep(value, fetchedAt);
          return { value, source: 'server', fetchedAt };
        }
      } catch (error) {
        const cached = await source.fromCache();
        if (cached === null) throw error;
        log.info('answering from the cache', { needs: source.needs, err: error });
        return { ...cached, source: 'cache' };
      }
    }
    const cached = await source.fromCache();
    if (cached === null) throw failure('network.unreachable');
    return { ...cached, source: 'cache' };
  }
}

const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;
