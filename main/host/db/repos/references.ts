import { documentSchema, type BusinessDocument, type DocumentKey, type DocumentRecord } from '../../../../shared/domain/document.ts';
import { documentTypes } from '../../../../shared/domain/document-types.ts';
import { progressOf, referencesOf, type Flow, type FlowNode } from '../../../../shared/domain/flow.ts';
import { typeCodes, typeFromCode } from '../codes.ts';
import type { Reader, Writer } from '../connection.ts';
import { parseJson } from './document-rows.ts';
import { getDocument } from './documents-read.ts';

/** Stores what a document names; `storedBody` is what was there before. Call it inside the transaction of the document. */
export function putReferences(writer: Writer, id: number, document: BusinessDocument, storedBody: string | null): void {
  const now = referencesOf(document);
  const before = storedBody === null ? [] : referencesOfBody(storedBody);
  for (const key of before) if (!now.some((other) => isSame(other, key))) dropReference(writer, id, key);
  for (const { type, number } of now) writer.run('INSERT OR IGNORE INTO document_references (number, type, source) VALUES (?, ?, ?)', number, typeCodes[type], id);
}

/** Forgets what a document named, before it is removed. */
export function removeReferences(writer: Writer, id: number): void {
  const body = writer.value<string>('SELECT body FROM document_bodies WHERE id = ?', id);
  for (const key of body === undefined ? [] : referencesOfBody(body)) dropReference(writer, id, key);
}

const dropReference = (writer: Writer, id: number, { type, number }: DocumentKey): number =>
  writer.run('DELETE FROM document_references WHERE number = ? AND type = ? AND source = ?', number, typeCodes[type], id);

function referencesOfBody(body: string): DocumentKey[] {
  const document = documentSchema.pick({ type: true, number: true, fields: true }).safeParse(parseJson(body));
  return document.success ? referencesOf(document.data) : [];
}

const isSame = (a: DocumentKey, b: DocumentKey): boolean => a.type === b.type && a.number === b.number;
const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;

/** Documents in the cache that name this one. */
function successorsOf(reader: Reader, { type, number }: DocumentKey, limit: number): DocumentKey[] {
  const rows = reader.rows<[number, string]>(
    'SELECT d.type, d.number FROM document_references r JOIN documents d ON d.id = r.source WHERE r.number = ? AND r.type = ? ORDER BY d.date, d.id LIMIT ?', number, typeCodes[type], limit,
  );
  return rows.map(([code, named]) => ({ type: typeFromCode(code), number: named }));
}

/** A chain has six stages; with what hangs beside it, nothing that belongs together is further away. */
const farthest = 8;
/** What still fits on a screen and is read in a few milliseconds. A collective invoice can tie hundreds of chains together. */
export const mostNodes = 120;

type Found = { key: DocumentKey; record: DocumentRecord | null; away: number };

/**
 * The chain that a document stands in, as far as it is in the cache: walked along references in both directions, nearest
 * first, each document once, so that circles end.
 */
export function readFlow(reader: Reader, start: DocumentKey): Flow {
  const found = new Map<string, Found>();
  const edges = new Map<string, [string, string]>();
  const queue: Found[] = [];
  let truncated = false;
  const visit = (key: DocumentKey, away: number): boolean => {
    if (found.has(nameOf(key))) return true;
    if (found.size >= mostNodes || away > farthest) {
      truncated = true;
      return false;
    }
    const one = { key, record: getDocument(reader, key), away };
    found.set(nameOf(key), one);
    queue.push(one);
    return true;
  };
  const link = (from: DocumentKey, to: DocumentKey): void => { edges.set(`${nameOf(from)}>${nameOf(to)}`, [nameOf(from), nameOf(to)]); };
  visit(start, 0);
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    const { key, record, away } = one;
    for (const named of record === null ? [] : referencesOf(record.document)) if (visit(named, away + 1)) link(named, key);
    for (const next of successorsOf(reader, key, mostNodes)) if (visit(next, away + 1)) link(key, next);
  }
  const chain = [...found.values()].toSorted((a, b) => a.away === 0 ? -1 : b.away === 0 ? 1 : stage(a) - stage(b) || compareText(a.record?.document.date ?? '', b.record?.document.date ?? '') || compareText(a.key.number, b.key.number));
  const places = new Map(chain.map(({ key }, place) => [nameOf(key), place]));
  return {
    nodes: chain.map(nodeOf),
    edges: [...edges.values()].map(([from, to]) => ({ from: places.get(from) ?? 0, to: places.get(to) ?? 0 })),
    truncated,
    progress: progressOf(chain.flatMap(({ record }) => (record === null ? [] : [{ document: record.document, workflow: record.workflow?.state ?? null }]))),
  };
}

const stage = ({ key }: Found): number => documentTypes.indexOf(key.type);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function nodeOf({ key, record }: Found): FlowNode {
  if (record === null) return { key, cached: false, date: null, partnerName: null, gross: null, status: null, workflow: null, fetchedAt: null };
  const { document, workflow, fetchedAt } = record;
  return { key, cached: true, date: document.date, partnerName: document.partnerName, gross: document.totals.gross, status: document.status, workflow: workflow?.state ?? null, fetchedAt };
}
