import type { DocumentKey, DocumentRecord, WorkflowInfo } from '../../../../shared/domain/document.ts';
import { documentTypeInfo, type Domain } from '../../../../shared/domain/document-types.ts';
import type { Writer } from '../connection.ts';
import { typeCodes, typeFromCode } from '../codes.ts';
import { bodyOf, columnsOf, millis, wordsOf, workflowColumns, type DocumentRow } from './document-rows.ts';
import { putReferences, removeReferences } from './references.ts';

/** A changed row with the words it is found by now; null means that the words are the ones from before. */
export type RowChange = { row: DocumentRow; words: string[] | null };

type StoredRow = DocumentRow & { body: string };

const selectStored = 'SELECT d.*, b.body FROM documents d JOIN document_bodies b ON b.id = d.id WHERE d.number = ? AND d.type = ?';

const columns = [
  'type', 'number', 'date', 'partner_id', 'partner_name', 'partner_key', 'net', 'gross', 'net_cents', 'gross_cents', 'status', 'status_key',
  'workflow', 'workflow_version', 'submitted_by', 'submitted_at', 'etag', 'changed_at', 'fetched_at',
] as const satisfies readonly (keyof DocumentRow)[];

const insertRow = `INSERT INTO documents (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
const updateRow = `UPDATE documents SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;

/**
 * Stores one record. Call it inside a transaction.
 *
 * A record without workflow keeps the workflow already stored, because document and workflow come from different calls of
 * the server.
 * @returns the change, or null when nothing but the age differs.
 */
export function putDocument(writer: Writer, record: DocumentRecord): RowChange | null {
  const { document } = record;
  const stored = writer.one<StoredRow>(selectStored, document.number, typeCodes[document.type]);
  const body = bodyOf(document);
  const row: Omit<DocumentRow, 'id'> = {
    ...columnsOf(document),
    ...(record.workflow === null && stored !== undefined ? pickWorkflow(stored) : workflowColumns(record.workflow)),
    etag: record.etag, changed_at: millis(record.changedAt), fetched_at: Math.round(record.fetchedAt),
  };
  if (stored === undefined) {
    const words = wordsOf(document);
    const id = writer.insert(insertRow, ...columns.map((name) => row[name]));
    writer.run('INSERT INTO document_bodies (id, body) VALUES (?, ?)', id, body);
    writer.run('INSERT INTO document_words (rowid, words) VALUES (?, ?)', id, words.join(' '));
    putReferences(writer, id, document, null);
    return { row: { ...row, id }, words };
  }
  const sameBody = stored.body === body;
  if (sameBody && columns.every((name) => name === 'fetched_at' || row[name] === stored[name])) {
    if (row.fetched_at !== stored.fetched_at) writer.run('UPDATE documents SET fetched_at = ? WHERE id = ?', row.fetched_at, stored.id);
    return null;
  }
  writer.run(updateRow, ...columns.map((name) => row[name]), stored.id);
  let words: string[] | null = null;
  if (!sameBody) {
    writer.run('UPDATE document_bodies SET body = ? WHERE id = ?', body, stored.id);
    words = wordsOf(document);
    putReferences(writer, stored.id, document, stored.body);
    writer.run('INSERT OR REPLACE INTO document_words (rowid, words) VALUES (?, ?)', stored.id, words.join(' '));
  }
  return { row: { ...row, id: stored.id }, words };
}

/** Which documents a workflow state belongs to: the server keeps it by domain and number. */
export type WorkflowTarget = DocumentKey | { domain: Domain; number: string };

/** Stores a workflow state. @returns the rows that really changed; empty when the document is not in the cache. */
export function setWorkflow(writer: Writer, target: WorkflowTarget, workflow: WorkflowInfo): RowChange[] {
  const rows = writer.all<DocumentRow>('SELECT * FROM documents WHERE number = ?', target.number).filter((row) => {
    const type = typeFromCode(row.type);
    return 'type' in target ? type === target.type : documentTypeInfo[type].domain === target.domain;
  });
  const next = workflowColumns(workflow);
  const changes: RowChange[] = [];
  for (const row of rows) {
    if ((Object.keys(next) as (keyof typeof next)[]).every((name) => row[name] === next[name])) continue;
    writer.run(
      'UPDATE documents SET workflow = ?, workflow_version = ?, submitted_by = ?, submitted_at = ? WHERE id = ?',
      next.workflow, next.workflow_version, next.submitted_by, next.submitted_at, row.id,
    );
    changes.push({ row: { ...row, ...next }, words: null });
  }
  return changes;
}

/** Removes documents with everything that belongs to them. @returns their ids. */
export function removeDocuments(writer: Writer, keys: readonly DocumentKey[]): number[] {
  const ids: number[] = [];
  for (const key of keys) {
    const type = typeCodes[key.type];
    writer.run('DELETE FROM trails WHERE number = ? AND type = ?', key.number, type);
    const id = writer.value<number>('SELECT id FROM documents WHERE number = ? AND type = ?', key.number, type);
    if (id === undefined) continue;
    writer.run('DELETE FROM document_words WHERE rowid = ?', id);
    removeReferences(writer, id);
    writer.run('DELETE FROM documents WHERE id = ?', id);
    ids.push(id);
  }
  return ids;
}

function pickWorkflow(row: DocumentRow): Pick<DocumentRow, 'workflow' | 'workflow_version' | 'submitted_by' | 'submitted_at'> {
  const { workflow, workflow_version, submitted_by, submitted_at } = row;
  return { workflow, workflow_version, submitted_by, submitted_at };
}
