import type { DocumentKey, DocumentRecord } from '../../../../shared/domain/document.ts';
import { domains, documentTypeInfo, type Domain } from '../../../../shared/domain/document-types.ts';
import type { Reader } from '../connection.ts';
import { typeCodes, typeCodesOf, typeFromCode, workflowCodes } from '../codes.ts';
import { recordOf, type DocumentRow } from './document-rows.ts';

/** The cached record; null when this client has never read it. */
export function getDocument(reader: Reader, key: DocumentKey): DocumentRecord | null {
  const row = reader.one<DocumentRow & { body: string }>(
    'SELECT d.*, b.body FROM documents d JOIN document_bodies b ON b.id = d.id WHERE d.number = ? AND d.type = ?', key.number, typeCodes[key.type],
  );
  return row === undefined ? null : recordOf(row);
}

/** Rows of the list in the order of the given ids. Ids that are gone are left out. */
export function rowsById(reader: Reader, ids: Iterable<number>): DocumentRow[] {
  const rows: DocumentRow[] = [];
  for (const id of ids) {
    const row = reader.one<DocumentRow>('SELECT * FROM documents WHERE id = ?', id);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** All documents with this number; a number is unique per type only. */
export function findByNumber(reader: Reader, domain: Domain | null, number: string): DocumentKey[] {
  const codes = reader.values<number>('SELECT type FROM documents WHERE number = ? ORDER BY type', number);
  return codes.map((code) => ({ type: typeFromCode(code), number })).filter((key) => domain === null || documentTypeInfo[key.type].domain === domain);
}

/** Documents that wait for approval, by domain. */
export function pendingCount(reader: Reader): Record<Domain, number> {
  const counts = new Map(
    reader.rows<[number, number]>('SELECT type, count(*) FROM documents WHERE workflow = ? GROUP BY type', workflowCodes.pending),
  );
  const result: Record<Domain, number> = { sales: 0, purchase: 0 };
  for (const domain of domains) for (const code of typeCodesOf(domain)) result[domain] += counts.get(code) ?? 0;
  return result;
}

/** All documents; kept by triggers, so it costs nothing. */
export const countDocuments = (reader: Reader): number => reader.value<number>(`SELECT value FROM counters WHERE name = 'documents'`) ?? 0;
