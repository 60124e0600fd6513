import Database from 'better-sqlite3';
import { Connection } from '../../../main/host/db/connection.ts';
import { migrate } from '../../../main/host/db/migrations/index.ts';
import { getDocument, countDocuments } from '../../../main/host/db/repos/documents-read.ts';
import { putDocument, removeDocuments, setWorkflow, type RowChange } from '../../../main/host/db/repos/documents-write.ts';
import { createDraft, discardDraft, draftOfDocument, getDraft, getVersion, listDiscarded, listDrafts, listVersions, restoreDraft, saveDraft } from '../../../main/host/db/repos/drafts.ts';
import { applyChanges, enqueueDraft, getCommand, listCommands, listDecisions, putDecision, removeDecision } from '../../../main/host/db/repos/outbox.ts';
import { typeFromCode } from '../../../main/host/db/codes.ts';
import type { DataHost } from '../../../main/host/client.ts';
import { mergeForSending } from '../../../main/host/merge.ts';
import { isComplete, nextStep, restartPull, storePage, unreadableOf, type PageAnswer, type Parts } from '../../../main/host/pull/pull-store.ts';
import { getFact, pulledAt, putFact } from '../../../main/host/db/repos/facts.ts';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import { failure } from '../../../shared/ipc/errors.ts';

export type SimulatedHost = Pick<DataHost, 'drafts' | 'outbox' | 'decisions' | 'merge' | 'pull'> & {
  documents: Pick<DataHost['documents'], 'get' | 'put' | 'remove' | 'setWorkflow' | 'count'>;
  facts: Pick<DataHost['facts'], 'get' | 'put'>;
};

/** The data host's own repositories on SQLite in memory: the transactions are the real ones, only the disk is missing. */
export function openStore(): Connection {
  const connection = new Connection(new Database(':memory:'));
  migrate(connection);
  return connection;
}

/** Empty again for the next run; opening anew would take longer than the run. */
export function clearStore(writer: Connection): void {
  for (const table of ['drafts', 'draft_versions', 'outbox', 'decisions', 'document_bodies', 'documents', 'facts', 'trails']) writer.run(`DELETE FROM ${table}`);
  writer.run("INSERT INTO document_words (document_words) VALUES ('delete-all')");
}

const keysOf = (changes: readonly (RowChange | null)[]): DocumentKey[] => changes.filter((change) => change !== null).map(({ row }) => ({ type: typeFromCode(row.type), number: row.number }));

export type StoreWeather = {
  /** Runs a call now or later, before and after it; a program that crashed meanwhile never gets an answer. */
  pass: <T>(work: () => T) => Promise<T>;
  isFull: () => boolean;
};

/** The host's client as the main process has it, on these repositories. */
export function simulatedHost(writer: Connection, { pass, isFull }: StoreWeather): SimulatedHost {
  const read = <T>(work: () => T): Promise<T> => pass(work);
  const write = <T>(work: () => T): Promise<T> => pass(() => {
    if (isFull()) throw failure('database.diskFull');
    return writer.transaction(work);
  });
  return {
    drafts: {
      list: () => read(() => listDrafts(writer)),
      discarded: (now) => read(() => listDiscarded(writer, now)),
      get: (id) => read(() => getDraft(writer, id)),
      ofDocument: (key) => read(() => draftOfDocument(writer, key)),
      create: (request) => write(() => createDraft(writer, request)),
      save: (request) => write(() => saveDraft(writer, request)),
      versions: (id) => read(() => listVersions(writer, id)),
      version: (id, version) => read(() => getVersion(writer, id, version)),
      discard: (id, now) => write(() => discardDraft(writer, id, now)),
      restore: (id) => write(() => restoreDraft(writer, id)),
    },
    outbox: {
      enqueue: (request) => write(() => enqueueDraft(writer, request)),
      list: (after, limit) => read(() => listCommands(writer, after, limit)),
      get: (id) => read(() => getCommand(writer, id)),
      commit: (changes, records = []) => write(() => {
        applyChanges(writer, changes);
        return { changed: keysOf(records.map((record) => putDocument(writer, record))) };
      }),
    },
    merge: (input) => read(() => mergeForSending(input)),
    decisions: {
      list: () => read(() => listDecisions(writer)),
      put: (decision) => write(() => putDecision(writer, decision)),
      remove: (id) => write(() => removeDecision(writer, id)),
    },
    documents: {
      get: (key) => read(() => getDocument(writer, key)),
      put: (records) => write(() => ({ changed: keysOf(records.map((record) => putDocument(writer, record))) })),
      remove: (keys) => write(() => { removeDocuments(writer, keys); }),
      setWorkflow: (target, workflow) => write(() => ({ changed: keysOf(setWorkflow(writer, target, workflow)) })),
      count: () => read(() => countDocuments(writer)),
    },
    pull: {
      next: (type, now) => read(() => nextStep(writer, type, now)),
      page: (page, now) => write((): PageAnswer => {
        const parts: Parts = { mayBegin: () => true, run: (work) => { work(writer); } };
        const storing = storePage(writer, parts, page, { now, touched: new Set() });
        for (let step = storing.next(); ; step = storing.next()) if (step.done === true) return step.value;
      }),
      restart: (type, how, now) => write(() => { restartPull(writer, type, how, now); }),
      isComplete: (type, total) => read(() => isComplete(writer, type, total)),
      finishedAt: () => read(() => pulledAt(writer)),
      unreadable: () => read(() => unreadableOf(writer)),
    },
    facts: {
      get: (name) => read(() => getFact(writer, name)),
      put: (name, value, at) => write(() => putFact(writer, name, value, at)),
    },
  };
}
