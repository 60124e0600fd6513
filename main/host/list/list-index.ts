import { sortColumns, type ListQuery } from '../../../shared/domain/document-list.ts';
import type { Reader } from '../db/connection.ts';
import type { RowChange } from '../db/repos/documents-write.ts';
import { rowsById } from '../db/repos/documents-read.ts';
import { pageBySql } from '../db/repos/list-sql.ts';
import { countBits, hasBit } from './bits.ts';
import { Columns, type IndexedRow, type SortColumn } from './columns.ts';
import { matchingRows } from './filter.ts';
import { Order } from './order.ts';
import { WordSets, type WordSetLimits } from './word-sets.ts';

type LoadedRow = [number, number, string, number | null, string | null, string, number, number, string, number | null, number | null, number | null];

const rowsPerSlice = 4000;
const numbersPerSlice = 20_000;
/** Results kept for scrolling through the same list; each costs 4 bytes per matching row. */
const keptResults = 4;
/** From this size on the orders are built in slices too. */
const manyRows = 20_000;

export type ListIndexOptions = {
  limits?: WordSetLimits;
  /** Milliseconds before loading begins: SQL answers the first lists of a start quicker than a host that is busy loading. */
  loadAfterMs?: number;
};

const firstPage: ListQuery = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 100 };

/**
 * Answers list queries from memory: filters over typed arrays, one order per sort column, word sets from the full-text
 * index. Everything follows from the database, which stays the truth: until the index is loaded (some seconds for a million
 * documents, at once for thousands) SQL answers, with the same result.
 */
export class ListIndex {
  readonly #reader: Reader;
  readonly #onError: (error: unknown) => void;
  /** Background work that is under way; null when there is none. */
  #work: Promise<void> | null = null;
  readonly #columns = new Columns();
  readonly #words: WordSets;
  readonly #orders = new Map<SortColumn, Order>();
  /** Rows that changed while the order by number was being read. */
  #movedWhileLoading: Set<number> | null = null;
  #isLoaded = false;
  #isDisposed = false;
  #results = new Map<string, Uint32Array>();

  /**
   * Reads the first page at once, so that damage where every list begins is noticed while opening.
   * @param onError told when background reading fails: loading reads every row, so other damage of the file shows there first.
   */
  constructor(reader: Reader, onError: (error: unknown) => void, { limits, loadAfterMs = 0 }: ListIndexOptions = {}) {
    this.#reader = reader;
    this.#onError = onError;
    this.#words = new WordSets(reader, limits);
    rowsById(reader, pageBySql(reader, firstPage).ids);
    this.#runInBackground(this.#load(), loadAfterMs);
  }

  /** Resolves when nothing is left to do in the background. */
  async idle(): Promise<void> {
    while (this.#work !== null) await this.#work;
  }

  /** One page: the ids in order and the exact number of matches. */
  page(query: ListQuery): { ids: number[]; total: number } {
    if (!this.#isLoaded) return pageBySql(this.#reader, query);
    const matches = this.#matchesOf(query);
    const total = matches.length;
    const end = Math.min(total, query.offset + query.limit);
    if (query.offset >= total) return { ids: [], total };
    if (query.sort.direction === 'asc') return { ids: [...matches.subarray(query.offset, end)], total };
    return { ids: [...matches.subarray(total - end, total - query.offset)].toReversed(), total };
  }

  /** Follows a committed write. */
  apply(changes: readonly RowChange[], removed: readonly number[]): void {
    if (changes.length + removed.length === 0) return;
    this.#results.clear();
    const move = (id: number, columns: readonly SortColumn[]): void => {
      for (const column of columns) this.#orders.get(column)?.moved(id);
      this.#movedWhileLoading?.add(id);
    };
    for (const { row } of changes) move(row.id, this.#columns.set(row));
    const gone = removed.filter((id) => this.#columns.remove(id));
    for (const id of gone) move(id, sortColumns);
    this.#words.apply(changes, gone, this.#columns.capacity);
    this.#refreshWords();
  }

  /** Forgets everything, after the tables were emptied. */
  clear(): void {
    const all: number[] = [];
    for (let id = 1; id < this.#columns.end; id++) if (hasBit(this.#columns.live, id)) all.push(id);
    this.apply([], all);
    this.#words.clear();
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  /** All matching ids in ascending order of the sort column. */
  #matchesOf(query: ListQuery): Uint32Array {
    const { offset: _offset, limit: _limit, sort, ...filter } = query;
    const key = JSON.stringify([sort.by, filter]);
    const kept = this.#results.get(key);
    if (kept !== undefined) return kept;
    const ids = (this.#orders.get(sort.by) as Order).ids();
    const rows = matchingRows(query, this.#columns, this.#words);
    if (rows === null) return ids;
    const matches = new Uint32Array(countBits(rows));
    let count = 0;
    for (let index = 0; count < matches.length; index++) {
      const id = ids[index] ?? 0;
      if (hasBit(rows, id)) matches[count++] = id;
    }
    this.#results.set(key, matches);
    if (this.#results.size > keptResults) this.#results.delete(this.#results.keys().next().value as string);
    return matches;
  }

  #refreshWords(): void {
    if (this.#isLoaded && this.#work === null && this.#words.wantsBuild(this.#columns.liveCount)) this.#runInBackground(this.#buildWords());
  }

  *#buildWords(): Generator<void> {
    yield* this.#words.build(this.#columns.liveCount, () => this.#columns.capacity);
  }

  #runInBackground(slices: Generator<void>, afterMs = 0): void {
    this.#work = this.#runSlices(slices, afterMs).catch((error: unknown) => { if (!this.#isDisposed) this.#onError(error); }).finally(() => {
      this.#work = null;
      // A bulk write may have outdated the word sets while they were built.
      if (!this.#isDisposed) this.#refreshWords();
    });
  }

  async #runSlices(slices: Generator<void>, afterMs: number): Promise<void> {
    if (afterMs > 0) await new Promise((resolve) => { setTimeout(resolve, afterMs); });
    do {
      // setImmediate lets the messages in that have arrived meanwhile.
      await new Promise((resolve) => { setImmediate(resolve); });
    } while (!this.#isDisposed && slices.next().done !== true);
    if (this.#isDisposed) slices.return(undefined);
  }

  *#load(): Generator<void> {
    let last = 0;
    for (;;) {
      const rows = this.#reader.rows<LoadedRow>(
        `SELECT id, type, number, date, partner_id, partner_key, net_cents, gross_cents, status_key, workflow, changed_at, submitted_at
         FROM documents WHERE id > ? ORDER BY id LIMIT ?`, last, rowsPerSlice,
      );
      for (const row of rows) this.#columns.set(indexedRow(row));
      last = rows.at(-1)?.[0] ?? last;
      if (rows.length < rowsPerSlice) break;
      yield;
    }
    const isLarge = this.#columns.liveCount > manyRows;
    for (const column of sortColumns) {
      if (column === 'number') yield* this.#loadNumbers();
      else this.#orders.set(column, Order.build(this.#columns, column));
      if (isLarge) yield;
    }
    this.#isLoaded = true;
  }

  /** The index on number is read in its order, because sorting a million texts would hold up everything else. */
  *#loadNumbers(): Generator<void> {
    const moved = new Set<number>();
    this.#movedWhileLoading = moved;
    const ids: number[] = [];
    let [lastNumber, lastType] = ['', 0];
    for (;;) {
      const rows = this.#reader.rows<[number, string, number]>(
        'SELECT id, number, type FROM documents WHERE (number, type) > (?, ?) ORDER BY number, type LIMIT ?', lastNumber, lastType, numbersPerSlice,
      );
      for (const [id] of rows) ids.push(id);
      [, lastNumber, lastType] = rows.at(-1) ?? [0, lastNumber, lastType];
      if (rows.length < numbersPerSlice) break;
      yield;
    }
    this.#movedWhileLoading = null;
    this.#orders.set('number', new Order(this.#columns, 'number', this.#byId(ids)));
    for (const id of moved) this.#orders.get('number')?.moved(id);
  }

  /** Equal numbers of different types come in the order of their type; lists break ties by id. */
  #byId(ids: readonly number[]): Uint32Array<ArrayBuffer> {
    const { number } = this.#columns;
    const sorted = Uint32Array.from(ids);
    for (let start = 0; start < sorted.length;) {
      let end = start + 1;
      while (end < sorted.length && number[sorted[end] ?? 0] === number[sorted[start] ?? 0]) end++;
      if (end - start > 1) sorted.set(sorted.subarray(start, end).toSorted(), start);
      start = end;
    }
    return sorted;
  }
}

function indexedRow([id, type, number, date, partner_id, partner_key, net_cents, gross_cents, status_key, workflow, changed_at, submitted_at]: LoadedRow): IndexedRow {
  return { id, type, number, date, partner_id, partner_key, net_cents, gross_cents, status_key, workflow, changed_at, submitted_at };
}
