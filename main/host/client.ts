import type { z } from 'zod';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import type { DocumentType, Domain } from '../../shared/domain/document-types.ts';
import type { DocumentKey, DocumentRecord, TrailEntry, WorkflowInfo } from '../../shared/domain/document.ts';
import type { Flow } from '../../shared/domain/flow.ts';
import type { ListFilter, ListPage, ListQuery } from '../../shared/domain/document-list.ts';
import type { ArticleOfLine, LookupItem, LookupKind } from '../../shared/domain/form-spec.ts';
import type { Decimal } from '../../shared/domain/money.ts';
import type { Decision } from '../../shared/domain/outbox.ts';
import type { AlertFacts, PastAlert, ReplayReport } from '../../shared/policy/replay.ts';
import type { Rule } from '../../shared/policy/rule.ts';
import type { SyncState } from '../../shared/domain/connection.ts';
import type { Inspection } from './files/findings.ts';
import type { AuditAnswers, auditRequests } from './audit/protocol.ts';
import type { FindingsAnswers, findingsRequests } from './findings/protocol.ts';
import type { WirePage } from '../erp/api/document-page.ts';
import type { WirePersonalData } from '../erp/api/personal-data.ts';
import type { FoundLookups, ListPart } from './db/repos/lookups.ts';
import type { PageAnswer, PullStep } from './pull/pull-store.ts';
import { hostDrafts, type HostCall, type HostDrafts } from './client-drafts.ts';
import { HostProcess, type HostLog, type HostPort } from './host-process.ts';
import type { MergeInput, Merged } from './merge.ts';
import type { CommandEntry, Enqueue, OutboxChange, StoredCommand } from './outbox.ts';
import type { StoredRecord } from './records.ts';
import type { Answers, Changed, OpenAnswer, Params } from './protocol.ts';

export type { HostLog, HostPort } from './host-process.ts';
export type { OpenAnswer } from './protocol.ts';

type AuditMethod = keyof AuditAnswers;

export type OpenParams = {
  path: string;
  /** 32 bytes. Not changed and not kept: the caller wipes its own copy. */
  key: Uint8Array;
};

/** The encrypted cache, as the main process sees it. Every method rejects with an AppFailure (`database.*`, `input.invalid`). */
export type DataHost = {
  open(params: OpenParams): Promise<OpenAnswer>;
  close(): Promise<void>;
  /** Empties the cache: documents, trails, facts, lookups. */
  clear(): Promise<void>;
  /** Starts the process already, so that the first call need not wait for it. */
  start(): void;
  /** Ends the process. The object is of no use afterwards. */
  dispose(): Promise<void>;
  documents: {
    list(query: ListQuery): Promise<ListPage>;
    get(key: DocumentKey): Promise<DocumentRecord | null>;
    /**
     * Stores all records in one transaction. `changed` names those whose content differs from before (not only in age).
     * A record without workflow keeps the one already stored.
     */
    put(records: readonly DocumentRecord[], options?: { signal?: AbortSignal }): Promise<Changed>;
    /** `{domain, number}` is for events of the server that do not say the type. */
    setWorkflow(target: DocumentKey | { domain: Domain; number: string }, workflow: WorkflowInfo): Promise<Changed>;
    remove(keys: readonly DocumentKey[], options?: { signal?: AbortSignal }): Promise<void>;
    /** The documents of a list without their rows, at most `limit`; `total` is how many match. */
    keys(query: ListFilter & { limit: number }): Promise<{ keys: DocumentKey[]; total: number }>;
    /** The chain that a document stands in, as far as it is in the cache. */
    flow(key: DocumentKey): Promise<Flow>;
    pendingCount(): Promise<Record<Domain, number>>;
    count(): Promise<number>;
    findByNumber(domain: Domain | null, number: string): Promise<DocumentKey[]>;
  };
  trails: {
    get(key: DocumentKey): Promise<{ entries: TrailEntry[]; fetchedAt: number } | null>;
    put(key: DocumentKey, entries: readonly TrailEntry[], fetchedAt: number): Promise<void>;
  };
  /** Small JSON values with an age. Cursors of pulls are named by `pullFact` (facts.ts). */
  facts: {
    get(name: string): Promise<{ value: unknown; fetchedAt: number } | null>;
    put(name: string, value: unknown, fetchedAt: number): Promise<void>;
    remove(name: string): Promise<void>;
  };
  /** Following the server, one type at a time; see pull/progress.ts. */
  pull: {
    next(type: DocumentType, now: number): Promise<PullStep>;
    /** Parses a page as it came, stores it and notes the progress, in one transaction. @throws AppFailure server.* when it is no page */
    page(page: WirePage, now: number): Promise<PageAnswer>;
    /** Begins the pass anew: `again` reads everything and drops what does not come. */
    restart(type: DocumentType, how: 'same' | 'again', now: number): Promise<void>;
    /** Whether the cache has what the server counts. */
    isComplete(type: DocumentType, total: number): Promise<boolean>;
    /** The end of the oldest whole pass; null when there was none. */
    finishedAt(): Promise<number | null>;
    /** What the server has and this client cannot read. */
    unreadable(): Promise<SyncState['unreadable']>;
  };
  lookups: {
    /** Stores the list of this kind, or a part of it; the whole one unless told otherwise. */
    put(kind: LookupKind, items: readonly LookupItem[], fetchedAt: number, options?: { part?: ListPart; signal?: AbortSignal }): Promise<void>;
    /** Type-ahead; null when this kind was never stored. */
    search(kind: LookupKind, text: string, limit: number): Promise<FoundLookups | null>;
    /** The rate each article had last in the documents here; null where none is known. */
    vatRates(articles: readonly ArticleOfLine[]): Promise<(Decimal | null)[]>;
  };
  drafts: HostDrafts;
  outbox: {
    enqueue(request: Enqueue): Promise<CommandEntry[]>;
    /** The commands behind `after` (0 for the first) in their order, at most 1000. */
    list(after: number, limit: number): Promise<{ entries: CommandEntry[]; next: number | null }>;
    get(id: string): Promise<StoredCommand | null>;
    /** All changes in one transaction, with the documents that came of them. */
    commit(changes: readonly OutboxChange[], records?: readonly DocumentRecord[]): Promise<Changed>;
  };
  merge(input: MergeInput): Promise<Merged>;
  /** Security work, by kind; main/security/records.ts gives them their types. On disk when it resolves. */
  records: {
    list(query: Params<'records.list'>): Promise<StoredRecord[]>;
    get(kind: string, id: string): Promise<StoredRecord | null>;
    put(records: readonly (StoredRecord & { kind: string })[]): Promise<void>;
    remove(kind: string, ids: readonly string[]): Promise<void>;
  };
  decisions: {
    list(): Promise<Decision[]>;
    put(decision: Decision): Promise<void>;
    remove(id: string): Promise<void>;
  };
  policy: {
    /** Replaces the alerts of the past, given in the order of time. */
    putAlerts(alerts: readonly PastAlert[], options?: { signal?: AbortSignal }): Promise<void>;
    alertsInfo(): Promise<{ count: number; from: number | null; to: number | null }>;
    alertFacts(): Promise<AlertFacts>;
    /** By their place in the order of a replay. */
    alerts(places: readonly number[]): Promise<PastAlert[]>;
    replay(before: readonly Rule[], after: readonly Rule[], timeZone: string): Promise<ReplayReport>;
  };
  exports: {
    /** @throws AppFailure file.notWritten, file.diskFull */
    begin(request: Omit<Params<'export.begin'>, 'id'>): Promise<{ id: number; total: number }>;
    beginAudit(request: Omit<Params<'export.beginAudit'>, 'id'>): Promise<{ id: number; total: number }>;
    step(id: number): Promise<{ done: number; finished: boolean }>;
    discard(id: number): Promise<void>;
  };
  files: {
    inspect(bytes: Uint8Array): Promise<Inspection>;
    /** SHA-256 in hex; null when there is no such file. */
    digest(path: string): Promise<string | null>;
  };
  /** The audit log and the journal; what each method does stands in audit/protocol.ts. */
  audit: <M extends AuditMethod>(method: M, ...params: undefined extends z.input<(typeof auditRequests)[M]> ? [] : [z.input<(typeof auditRequests)[M]>]) => Promise<AuditAnswers[M]>;
  /** The open file itself; what each does stands in health.ts. */
  health: { size(): Promise<Answers['health.size']>; check(table: string): Promise<string | null> };
  /** What a server has stored about a person; see person.ts. */
  person: {
    count(wire: WirePersonalData): Promise<Answers['person.count']>;
    pack(params: Params<'person.package'>): Promise<Answers['person.package']>;
    traces(reference: string, limit: number): Promise<Answers['person.traces']>;
    eraseDrafts(reference: string): Promise<Answers['person.eraseDrafts']>;
  };
  /** Findings of scanners; what each method does stands in findings/protocol.ts. */
  findings: <M extends keyof FindingsAnswers>(method: M, params: z.input<(typeof findingsRequests)[M]>) => Promise<FindingsAnswers[M]>;
  /** Resolves when the list index of a large cache is in memory. Lists answer before that too, only slower. */
  ready(): Promise<void>;
};

export type DataHostOptions = {
  spawn: () => HostPort;
  log: HostLog;
  /** Asked for path and key after a crash or damage, because the client keeps no key. Null: stay closed. */
  onReopen?: () => Promise<OpenParams | null>;
  /** Told after the database was opened again by itself; `salvage` is set when the file was damaged. */
  onReopened?: (answer: OpenAnswer) => void;
};

/** Records per message: about 10 ms of work for the host and 2 ms of serialising for the main process. */
const partSize = 100;

/** Creates the client. The process is started with the first call and started again when it crashes. */
export function createDataHost(options: DataHostOptions): DataHost {
  const host = new HostProcess(options);
  let batches = 0;
  let exports = 0;

  const call: HostCall = (method, ...[params]) => host.call(method, params);

  /** Sends a list in parts that are one transaction, and cancels that when the signal says so or a part fails here. */
  const inParts = async <T, A>(
    items: readonly T[], signal: AbortSignal | undefined, send: (part: { batch: number; first: boolean; last: boolean }, items: T[]) => Promise<A>,
  ): Promise<A[]> => {
    const batch = ++batches;
    const answers: A[] = [];
    try {
      for (let start = 0; start < items.length || start === 0; start += partSize) {
        if (signal?.aborted === true) throw failure('call.cancelled');
        const last = start + partSize >= items.length;
        answers.push(await send({ batch, first: start === 0, last }, items.slice(start, start + partSize)));
      }
    } catch (error) {
      if (error instanceof AppFailure && error.error.code === 'call.cancelled' && answers.length > 0) await call('cancelBatch', { batch });
      throw error;
    }
    return answers;
  };

  return {
    // A copy: the transport may hold on to what it is given, and the caller's buffer is the caller's to wipe.
    open: async ({ path, key }) => {
      const copy = Uint8Array.from(key);
      try {
        return await host.open({ path, key: copy });
      } finally {
        copy.fill(0);
      }
    },
    close: () => host.close(),
    clear: async () => { await call('clear'); },
    start: () => host.start(),
    dispose: () => host.dispose(),
    exports: {
      begin: async (request, id = ++exports) => ({ id, ...(await call('export.begin', { ...request, id })) }),
      beginAudit: async (request, id = ++exports) => ({ id, ...(await call('export.beginAudit', { ...request, id })) }),
      step: (id) => call('export.step', { id }),
      discard: async (id) => { await call('export.discard', { id }); },
    },
    files: { inspect: (bytes) => call('files.inspect', { bytes }), digest: (path) => call('files.digest', { path }) },
    health: { size: () => call('health.size'), check: (table) => call('health.check', { table }) },
    person: {
      count: (wire) => call('person.count', { wire }), pack: (params) => call('person.package', params),
      traces: (reference, limit) => call('person.traces', { reference, limit }), eraseDrafts: (reference) => call('person.eraseDrafts', { reference }),
    },
    ready: async () => { await call('ready'); },
    audit: (method, ...params) => host.call(method, params[0]),
    findings: (method, params) => host.call(method, params),
    documents: {
      list: (query) => call('documents.list', query),
      get: (key) => call('documents.get', key),
      put: async (records, { signal } = {}) => {
        if (records.length === 0) return { changed: [] };
        const answers = await inParts(records, signal, (part, items) => call('documents.put', { ...part, records: items }));
        return { changed: answers.flatMap((answer) => answer.changed) };
      },
      setWorkflow: (target, workflow) => call('documents.setWorkflow', { target, workflow }),
      remove: async (keys, { signal } = {}) => {
        if (keys.length > 0) await inParts(keys, signal, (part, items) => call('documents.remove', { ...part, keys: items }));
      },
      keys: (query) => call('documents.keys', query),
      flow: (key) => call('documents.flow', key),
      pendingCount: () => call('documents.pendingCount'),
      count: () => call('documents.count'),
      findByNumber: (domain, number) => call('documents.findByNumber', { domain, number }),
    },
    trails: {
      get: (key) => call('trails.get', key),
      put: async (key, entries, fetchedAt) => { await call('trails.put', { key, entries: [...entries], fetchedAt }); },
    },
    facts: {
      get: (name) => call('facts.get', name),
      put: async (name, value, fetchedAt) => { await call('facts.put', { name, value, fetchedAt }); },
      remove: async (name) => { await call('facts.remove', name); },
    },
    pull: {
      next: (type, now) => call('pull.next', { type, now }),
      page: (page, now) => call('pull.page', { ...page, now }),
      restart: async (type, how, now) => { await call('pull.restart', { type, how, now }); },
      isComplete: (type, total) => call('pull.isComplete', { type, total }),
      finishedAt: () => call('pull.finishedAt'),
      unreadable: () => call('pull.unreadable'),
    },
    lookups: {
      put: async (kind, items, fetchedAt, { part: what = 'whole', signal } = {}) => {
        await inParts(items, signal, (part, each) => call('lookups.put', { ...part, kind, items: each, fetchedAt, part: what }));
      },
      search: (kind, text, limit) => call('lookups.search', { kind, text, limit }),
      vatRates: (articles) => call('lookups.vatRates', { articles: [...articles] }),
    },
    drafts: hostDrafts(call),
    outbox: {
      enqueue: (request) => call('outbox.enqueue', request),
      list: (after, limit) => call('outbox.list', { after, limit }),
      get: (id) => call('outbox.get', id),
      commit: (changes, records = []) => call('outbox.commit', { changes: [...changes], records: [...records] }),
    },
    merge: (input) => call('merge', input),
    records: {
      list: (query) => call('records.list', query),
      get: (kind, id) => call('records.get', { kind, id }),
      put: async (records) => { if (records.length > 0) await call('records.put', { records: [...records] }); },
      remove: async (kind, ids) => { if (ids.length > 0) await call('records.remove', { kind, ids: [...ids] }); },
    },
    decisions: {
      list: () => call('decisions.list'),
      put: async (decision) => { await call('decisions.put', decision); },
      remove: async (id) => { await call('decisions.remove', id); },
    },
    policy: {
      putAlerts: async (alerts, { signal } = {}) => {
        await inParts(alerts, signal, (part, each) => call('policy.putAlerts', { ...part, alerts: each }));
      },
      alertsInfo: () => call('policy.alertsInfo'),
      alertFacts: () => call('policy.alertFacts'),
      alerts: (places) => call('policy.alerts', { places: [...places] }),
      replay: (before, after, timeZone) => call('policy.replay', { before: [...before], after: [...after], timeZone }),
    },
  };
}
