import { failure } from '../../shared/ipc/errors.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import type { ListFilter, ListPage, ListQuery } from '../../shared/domain/document-list.ts';
import { workFactPrefix } from './facts.ts';
import type { ExportQuery } from '../../shared/domain/list-export.ts';
import { auditHandlers } from './audit/handlers.ts';
import { AuditKeeper } from './audit/keeper.ts';
import { Batch, type Part } from './batch.ts';
import { typeFromCode } from './db/codes.ts';
import { markDamaged } from './db/files.ts';
import { openDatabase, type OpenDatabase } from './db/open.ts';
import { countDocuments, findByNumber, getDocument, pendingCount, rowsById } from './db/repos/documents-read.ts';
import { putDocument, removeDocuments, setWorkflow, type RowChange } from './db/repos/documents-write.ts';
import { listRowOf } from './db/repos/document-rows.ts';
import { readFlow } from './db/repos/references.ts';
import { createDraft, discardDraft, draftOfDocument, getDraft, getVersion, listDiscarded, listDrafts, listVersions, repairDrafts, restoreDraft, saveDraft } from './db/repos/drafts.ts';
import { getFact, pulledAt, putFact, removeFact } from './db/repos/facts.ts';
import { lookupDocuments } from './db/repos/lookup-documents.ts';
import { lastVatRates, putLookups, rateDocuments, searchLookups } from './db/repos/lookups.ts';
import { applyChanges, enqueueDraft, getCommand, listCommands, listDecisions, putDecision, removeDecision } from './db/repos/outbox.ts';
import { alertFacts, alertsAt, alertsInfo, putAlerts, replayAlerts } from './db/repos/policy-alerts.ts';
import { getTrail, putTrail } from './db/repos/trails.ts';
import { isComplete, nextStep, restartPull, storePage, unreadableOf, type Parts } from './pull/pull-store.ts';
import { LogKeeper } from './log-keeper.ts';
import { healthHandlers } from './health.ts';
import { personHandlers } from './person.ts';
import { findingsHandlers } from './findings/handlers.ts';
import { Reports } from './findings/reports.ts';
import { recordHandlers } from './records.ts';
import { inSlices } from './slices.ts';
import { mergeForSending } from './merge.ts';
import { exportHandlers } from './export/handlers.ts';
import { ListExports, type ExportSource } from './export/list-export.ts';
import { digestFile } from './files/digest.ts';
import { inspect } from './files/inspector.ts';
import { ListIndex } from './list/list-index.ts';
import type { Answers, Method, OpenAnswer, ParsedParams } from './protocol.ts';

type Open = {
  database: OpenDatabase;
  batch: Batch;
  index: ListIndex;
  /** What the open batch has changed so far. */
  pending: RowChange[];
  removed: number[];
  log: LogKeeper;
  audit: AuditKeeper;
  /** What the list index could not read, if so; the next request reports it. */
  broken: unknown;
};

export type Handlers = { [M in Method]: (params: ParsedParams<M>) => Answers[M] | Promise<Answers[M]> };

/** The first screen is painted by then; until the index is loaded, SQL answers. */
const indexAfterMs = 400;

/** What the host does, one function per request. Knows nothing of messages and queues. */
export class Store {
  #open: Open | null = null;
  readonly #exports = new ListExports();
  readonly #reports = new Reports();
  /** Numbers for batches of our own; the client's are positive. */
  #ownBatches = 0;
  /** Numbers of documents that were written since the last page was asked for; see {@link storePage}. */
  readonly #touched = new Set<string>();

  readonly handlers: Handlers = {
    open: ({ path, key }) => this.#openFile(path, key),
    close: () => { this.close(); return null; },
    clear: () => { this.#clear(); return null; },
    ...auditHandlers(() => this.#state()),
    ...recordHandlers(() => this.#reader(), (work) => this.#precious(work)),
    ...healthHandlers(() => this.#state().database),
    ...personHandlers(() => this.#reader(), (work) => this.#precious(work)),
    ...findingsHandlers({ reports: this.#reports, reader: () => this.#reader(), writer: () => this.#writer(), write: (work) => this.#precious(work), batch: () => this.#ownBatch() }),
    ready: async () => { await this.#state().index.idle(); return null; },
    cancelBatch: ({ batch }) => { this.#cancel(batch); return null; },
    ...exportHandlers(this.#exports, (query) => this.#exportSource(query), () => this.#state().audit.log),
    'files.inspect': ({ bytes }) => inspect(bytes),
    'files.digest': ({ path }) => digestFile(path),
    'documents.list': (query) => this.#list(query),
    'documents.get': (key) => getDocument(this.#reader(), key),
    'documents.put': ({ records, ...part }) => ({
      changed: this.#inBatch(part, ({ writer }) => keep(records.map((record) => putDocument(writer, record)))),
    }),
    'documents.remove': ({ keys, ...part }) => {
      this.#inBatch(part, ({ writer }, state) => {
        state.removed.push(...removeDocuments(writer, keys));
        return [];
      });
      return null;
    },
    'documents.setWorkflow': ({ target, workflow }) => ({ changed: this.#now(({ writer }) => setWorkflow(writer, target, workflow)) }),
    'documents.keys': (query) => this.#keys(query),
    'documents.flow': (key) => readFlow(this.#reader(), key),
    'documents.pendingCount': () => pendingCount(this.#reader()),
    'documents.count': () => countDocuments(this.#reader()),
    'documents.findByNumber': ({ domain, number }) => findByNumber(this.#reader(), domain, number),
    'trails.get': (key) => getTrail(this.#reader(), key),
    'trails.put': ({ key, entries, fetchedAt }) => { putTrail(this.#writer(), key, entries, fetchedAt); return null; },
    'facts.get': (name) => getFact(this.#reader(), name),
    'facts.put': ({ name, value, fetchedAt }) => { putFact(this.#writer(), name, value, fetchedAt); return null; },
    'facts.remove': (name) => { removeFact(this.#writer(), name); return null; },
    'lookups.put': ({ kind, items, fetchedAt, part, ...batch }) => { this.#inBatch(batch, ({ writer }) => { putLookups(writer, kind, items, fetchedAt, batch.first, part); return []; }); return null; },
    'policy.putAlerts': ({ alerts, ...part }) => { this.#inBatch(part, ({ writer }) => { putAlerts(writer, alerts, part.first); return []; }); return null; },
    'policy.alertsInfo': () => alertsInfo(this.#reader()),
    'policy.alertFacts': () => alertFacts(this.#reader()),
    'policy.alerts': ({ places }) => alertsAt(this.#reader(), places),
    'policy.replay': ({ before, after, timeZone }) => replayAlerts(this.#reader(), before, after, timeZone),
    'pull.next': ({ type, now }) => { this.#touched.clear(); return nextStep(this.#reader(), type, now); },
    'pull.page': ({ now, ...wire }) => inSlices(storePage(this.#reader(), this.#ownBatch(), wire, { now, touched: this.#touched })),
    'pull.restart': ({ type, how, now }) => { restartPull(this.#writer(), type, how, now); return null; },
    'pull.isComplete': ({ type, total }) => isComplete(this.#reader(), type, total),
    'pull.finishedAt': () => pulledAt(this.#reader()),
    'pull.unreadable': () => unreadableOf(this.#reader()),
    'lookups.vatRates': ({ articles }) => lastVatRates(this.#reader(), articles, (text) => this.#newestWith(text, rateDocuments)),
    'lookups.search': ({ kind, text, limit }) => searchLookups(this.#reader(), kind, text, limit, (words) => this.#newestWith(words, lookupDocuments)),
    'drafts.list': () => listDrafts(this.#reader()),
    'drafts.discarded': ({ now }) => listDiscarded(this.#reader(), now),
    'drafts.get': (id) => getDraft(this.#reader(), id),
    'drafts.ofDocument': (key) => draftOfDocument(this.#reader(), key),
    'drafts.create': (request) => this.#precious((writer) => createDraft(writer, request)),
    'drafts.save': (change) => this.#precious((writer) => saveDraft(writer, change)),
    'drafts.versions': (id) => listVersions(this.#reader(), id),
    'drafts.version': ({ id, version }) => getVersion(this.#reader(), id, version),
    'drafts.discard': ({ id, now }) => this.#precious((writer) => { discardDraft(writer, id, now); return null; }),
    'drafts.restore': (id) => this.#precious((writer) => restoreDraft(writer, id)),
    merge: (input) => mergeForSending(input),
    'outbox.enqueue': (request) => this.#precious((writer) => enqueueDraft(writer, request)),
    'outbox.list': ({ after, limit }) => listCommands(this.#reader(), after, limit),
    'outbox.get': (id) => getCommand(this.#reader(), id),
    'outbox.commit': ({ changes, records }) => {
      const changed = this.#now(({ writer }) => {
        applyChanges(writer, changes);
        return keep(records.map((record) => putDocument(writer, record)));
      });
      this.#state().log.written();
      return { changed };
    },
    'decisions.list': () => listDecisions(this.#reader()),
    'decisions.put': (decision) => this.#precious((writer) => { putDecision(writer, decision); return null; }),
    'decisions.remove': (id) => this.#precious((writer) => { removeDecision(writer, id); return null; }),
  };

  /** True when this write has to wait for the open batch. */
  blocks(params: unknown): boolean {
    return this.#open?.batch.blocks(params as Partial<Part> | null) ?? false;
  }

  /** After damage was seen: the file is closed, and the next opening puts it aside and saves what it can. */
  abandonDamaged(): void {
    const path = this.#open?.database.path;
    this.close();
    if (path !== undefined) markDamaged(path);
  }

  close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    this.#exports.discardAll();
    this.#reports.dropAll();
    open.index.dispose();
    open.log.dispose();
    open.batch.cancel();
    open.database.close();
  }

  #openFile(path: string, key: Uint8Array): OpenAnswer {
    this.close();
    // The index reads the list first, so that damage it meets is rescued by this very opening.
    const built: { index?: ListIndex } = {};
    const database = openDatabase({
      path, key,
      inspect: (reader) => {
        const index = new ListIndex(reader, (error) => { if (this.#open?.index === index) this.#open.broken = error; }, { loadAfterMs: indexAfterMs });
        built.index = index;
      },
    });
    if (built.index === undefined) throw failure('database.failed');
    if (database.result.salvage !== null) database.writer.transaction(() => { repairDrafts(database.writer); });
    this.#open = { database, batch: new Batch(database.writer), index: built.index, log: new LogKeeper(database.writer), audit: new AuditKeeper(database.writer, database.reader), pending: [], removed: [], broken: null };
    return database.result;
  }

  #list(query: ListQuery): ListPage {
    const { database: { reader }, index } = this.#state();
    const { ids, total } = index.page(query);
    return { rows: rowsById(reader, ids).map(listRowOf), offset: query.offset, total, asOf: pulledAt(reader, query.types) };
  }

  #keys(query: ListFilter & { limit: number }): { keys: DocumentKey[]; total: number } {
    const { database: { reader }, index } = this.#state();
    const { ids, total } = index.page({ ...query, offset: 0 });
    return { keys: rowsById(reader, ids).map((row) => ({ type: typeFromCode(row.type), number: row.number })), total };
  }

  /** The rows of a list as they stand now: which ones is settled here, what is in them when they are written. */
  #exportSource(query: ExportQuery): ExportSource {
    const { database: { reader }, index } = this.#state();
    const { ids } = index.page({ ...query, offset: 0, limit: everyRow });
    return { ids, rows: (some) => rowsById(reader, some).map(listRowOf) };
  }

  #clear(): void {
    const { database: { writer }, index, audit } = this.#state();
    writer.transaction(() => {
      for (const table of ['document_references', 'document_bodies', 'documents', 'trails', 'lookup_words', 'lookup_items', 'lookup_lists', 'policy_alerts', 'audit_tiles', 'audit_columns', 'audit_values']) writer.run(`DELETE FROM ${table}`);
      writer.run(`DELETE FROM facts WHERE name NOT LIKE '${workFactPrefix}%'`);
      writer.run(`INSERT INTO document_words (document_words) VALUES ('delete-all')`);
    });
    index.clear();
    audit.forget();
  }

  /** Ids of the newest documents with these words. */
  #newestWith = (text: string, limit: number): number[] => this.#state().index.page({ text, sort: { by: 'date', direction: 'desc' }, offset: 0, limit }).ids;

  /** One part of a batch; the list index follows only when the batch is committed. */
  #inBatch(part: Part, work: (database: OpenDatabase, state: Open) => RowChange[]): DocumentKey[] {
    const state = this.#state();
    if (part.first) this.#forget(state);
    const { result, committed } = state.batch.run(part, () => work(state.database, state));
    state.pending.push(...result);
    if (part.batch > 0) this.#touch(result);
    if (committed) {
      state.index.apply(state.pending, state.removed);
      this.#forget(state);
    }
    return result.map(keyOf);
  }

  /** A batch whose parts do not come in messages. It begins when whatever batch is open has ended; writes that come meanwhile wait for its last part. */
  #ownBatch(): Parts {
    const batch = --this.#ownBatches;
    let first = true;
    return {
      mayBegin: () => !this.blocks(null),
      run: (work, last) => {
        this.#inBatch({ batch, first, last }, ({ writer }, state) => {
          const { changes, removed } = work(writer);
          state.removed.push(...removed);
          return changes;
        });
        first = false;
      },
    };
  }

  #now(work: (database: OpenDatabase) => RowChange[]): DocumentKey[] {
    const { database, index } = this.#state();
    const changes = database.writer.transaction(() => work(database));
    index.apply(changes, []);
    this.#touch(changes);
    return changes.map(keyOf);
  }

  #touch(changes: readonly RowChange[]): void {
    for (const { row } of changes) this.#touched.add(row.number);
  }

  /** A write of what exists nowhere else: what people typed. */
  #precious<T>(work: (writer: OpenDatabase['writer']) => T): T {
    const { database: { writer }, log } = this.#state();
    const result = writer.transaction(() => work(writer));
    log.written();
    return result;
  }

  #cancel(batch: number): void {
    const state = this.#state();
    if (state.batch.cancel(batch)) this.#forget(state);
  }

  #forget(state: Open): void {
    state.pending = [];
    state.removed = [];
  }

  #reader(): OpenDatabase['reader'] {
    return this.#state().database.reader;
  }

  #writer(): OpenDatabase['writer'] {
    return this.#state().database.writer;
  }

  #state(): Open {
    if (this.#open === null) throw failure('database.unavailable');
    if (this.#open.broken !== null) throw this.#open.broken;
    return this.#open;
  }
}

/** More than any cache holds. */
const everyRow = 2 ** 31;

const keyOf = ({ row }: RowChange): DocumentKey => ({ type: typeFromCode(row.type), number: row.number });

const keep = (changes: readonly (RowChange | null)[]): RowChange[] => changes.filter((change) => change !== null);
