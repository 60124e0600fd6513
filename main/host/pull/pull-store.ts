import type { SyncState } from '../../../shared/domain/connection.ts';
import { documentTypes, type DocumentType } from '../../../shared/domain/document-types.ts';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import { decodePage, type WirePage } from '../../erp/api/document-page.ts';
import type { DocumentPage } from '../../erp/types.ts';
import { typeCodes } from '../db/codes.ts';
import type { Reader, Writer } from '../db/connection.ts';
import { putDocument, removeDocuments, type RowChange } from '../db/repos/documents-write.ts';
import { getFact, putFact } from '../db/repos/facts.ts';
import { pullFact } from '../facts.ts';
import { advance, begin, progressSchema, restart, untouched, type PageFacts, type Pass, type Progress } from './progress.ts';

/** What main has to know to ask for the next page. */
export type PullStep = Pick<Pass, 'kind' | 'since' | 'cursor' | 'startedAt'> & { /** The end of the last whole pass. */ finishedAt: number | null };

/** What became of a page, after it was committed. */
export type PageAnswer = {
  next: 'more' | 'done' | 'again';
  rows: number;
  total: number | null;
  /** What changed; null when it is more than one wants to name. */
  changed: DocumentKey[] | null;
  isChanged: boolean;
  unreadable: DocumentPage['unreadable'];
};

/** One transaction whose parts let others in between; see {@link Batch}. Rolled back when a part throws. */
export type Parts = {
  /** False while somebody else's transaction is open. */
  mayBegin(): boolean;
  run(work: (writer: Writer) => { changes: RowChange[]; removed: number[] }, last: boolean): void;
};

const rowsPerPart = 100;
const keysNamed = 200;
const unreadableNamed = 20;
/** More of one type are not counted: by then nobody reads their numbers. */
const mostUnreadable = 1_000;

export function readProgress(reader: Reader, type: DocumentType): Progress {
  const parsed = progressSchema.safeParse(getFact(reader, pullFact(type))?.value);
  return parsed.success ? parsed.data : untouched;
}

/** Goes on with a type's interrupted pass, or says how the next one begins. */
export function nextStep(reader: Reader, type: DocumentType, now: number): PullStep {
  const progress = readProgress(reader, type);
  const { kind, since, cursor, startedAt } = begin(progress, now).pass;
  return { kind, since, cursor, startedAt, finishedAt: progress.finishedAt };
}

/** Begins a type's pass anew. */
export function restartPull(writer: Writer, type: DocumentType, how: 'same' | 'again', now: number): void {
  putFact(writer, pullFact(type), restart(readProgress(writer, type), how, now), now);
}

const countOf = (reader: Reader, type: DocumentType, readSince = 0): number =>
  reader.value<number>('SELECT count(*) FROM documents WHERE type = ? AND fetched_at >= ?', typeCodes[type], Math.round(readSince)) ?? 0;

/** Whether the server has as many documents of a type as it should, going by what is cached and what it had beyond that before. */
export const isComplete = (reader: Reader, type: DocumentType, total: number): boolean => countOf(reader, type) + readProgress(reader, type).gap === total;

/** Documents of a type by number that were written since the page was asked for. */
export type Asked = { /** When the page was asked for. */ now: number; touched: ReadonlySet<string> };

/**
 * Parses a page and stores it with the progress it makes, all in one transaction and in slices, so that whoever runs it can
 * serve lists in between. What was written since the page was asked for is left alone, and read again by the next delta: no
 * clock tells which of the two is newer.
 * @throws AppFailure as {@link decodePage}, with nothing stored.
 */
export function* storePage(reader: Reader, parts: Parts, wire: WirePage, { now, touched }: Asked): Generator<void, PageAnswer> {
  const before = readProgress(reader, wire.type);
  const { startedAt } = begin(before, now).pass;
  // What was read in this pass is told by its time from what was not, also when the computer's clock goes back meanwhile.
  const page = yield* decodePage(wire, Math.max(now, startedAt, before.drop ?? 0));
  while (!parts.mayBegin()) yield;
  const left = new Set([...page.records.map(({ document }) => document.number), ...page.deleted.map(({ number }) => number)].filter((number) => touched.has(number)));
  const step = advance(before, factsOf(page, before, left), now);
  const changed: DocumentKey[] = [];
  const noted = (changes: (RowChange | null)[]): RowChange[] => changes.filter((change) => change !== null);
  for (let from = 0; from < page.records.length; from += rowsPerPart) {
    parts.run((writer) => {
      const slice = page.records.slice(from, from + rowsPerPart).filter(({ document }) => !left.has(document.number));
      const changes = noted(slice.map((record) => putDocument(writer, record)));
      changed.push(...changes.map(({ row }) => ({ type: wire.type, number: row.number })));
      return { changes, removed: [] };
    }, false);
    yield;
  }
  parts.run((writer) => {
    const gone = [...outdated(writer, page, left, startedAt), ...(step.dropBefore === null ? [] : unseen(writer, wire.type, step.dropBefore))];
    const removed = removeDocuments(writer, gone);
    if (removed.length > 0) changed.push(...gone);
    const gap = step.isWhole && page.total !== null ? page.total - countOf(writer, wire.type, step.progress.drop ?? 0) : step.progress.gap;
    putFact(writer, pullFact(wire.type), { ...step.progress, gap, unreadable: unreadableAfter(before, page) }, now);
    return { changes: [], removed };
  }, true);
  return {
    next: step.next, rows: page.records.length + page.deleted.length + page.unreadable.length, total: page.total,
    changed: changed.length > keysNamed ? null : changed, isChanged: changed.length > 0, unreadable: page.unreadable.slice(0, unreadableNamed),
  };
}

/** What cannot be read once this page is stored: a pass over everything counts anew, a delta puts right what it names. */
function unreadableAfter(before: Progress, page: DocumentPage): string[] {
  const { kind, cursor } = begin(before, 0).pass;
  const settled = new Set([...page.records.map(({ document }) => document.number), ...page.deleted.map(({ number }) => number), ...page.unreadable.filter(({ deleted }) => deleted).map(({ number }) => number ?? '')]);
  const known = kind !== 'delta' && cursor === null ? [] : before.unreadable.filter((number) => !settled.has(number));
  return [...new Set([...known, ...page.unreadable.filter(({ deleted }) => !deleted).map(({ number }) => number ?? '')])].slice(0, mostUnreadable);
}

/** How many documents of the server this client cannot read, and the first of them. */
export function unreadableOf(reader: Reader, named = 5): SyncState['unreadable'] {
  const all = documentTypes.flatMap((type) => readProgress(reader, type).unreadable.map((number) => ({ type, number })));
  return { count: all.length, first: all.slice(0, named) };
}

function factsOf({ records, deleted, unreadable, total, nextCursor }: DocumentPage, { newest: known }: Progress, left: ReadonlySet<string>): PageFacts {
  let newest: PageFacts['newest'] = null;
  let heldBack: PageFacts['newest'] = null;
  let hasKnown = false;
  const look = (number: string, at: number | null): void => {
    if (at === null) return;
    if (newest === null || at > newest.at) newest = { number, at };
    if (left.has(number) && (heldBack === null || at < heldBack.at)) heldBack = { number, at };
    if (known !== null && number === known.number && at >= known.at) hasKnown = true;
  };
  for (const { document, changedAt } of records) look(document.number, changedAt);
  for (const { number, changedAt } of deleted) look(number, changedAt);
  return { newest, heldBack, hasKnown, rows: records.length + deleted.length + unreadable.length, total, nextCursor };
}

/** What the tombstones of a page really end: not a document that was made again under the same number since. */
function outdated(reader: Reader, { deleted }: DocumentPage, left: ReadonlySet<string>, startedAt: number): DocumentKey[] {
  return deleted.filter(({ type, number, changedAt }) => {
    if (left.has(number)) return false;
    const stored = reader.one<{ changed_at: number | null; fetched_at: number }>('SELECT changed_at, fetched_at FROM documents WHERE number = ? AND type = ?', number, typeCodes[type]);
    // Only a time that came with this very pass is the server's for sure.
    const isAgain = changedAt !== null && (stored?.changed_at ?? 0) > changedAt && (stored?.fetched_at ?? 0) >= startedAt;
    return stored !== undefined && !isAgain;
  }).map(({ type, number }) => ({ type, number }));
}

const unseen = (reader: Reader, type: DocumentType, before: number): DocumentKey[] =>
  reader.values<string>('SELECT number FROM documents WHERE type = ? AND fetched_at < ?', typeCodes[type], Math.round(before)).map((number) => ({ type, number }));
