import type { AppError } from '../../shared/ipc/errors.ts';

/** What is asked for beside the query itself. */
export type Part = { offset: number; limit: number };

/** One answer. `asOf`: the age of what the list rests on, where the list knows it. */
export type WindowPage<Row> = { rows: readonly Row[]; total: number; asOf?: number | null };

export type WindowState = {
  /** Rows that match; null before the first answer. */
  total: number | null;
  /** Age of the list: epoch milliseconds of the pull it rests on. */
  asOf: number | null;
  error: AppError | null;
  /** The rows on screen answer an earlier query; the new one is running. */
  isPrevious: boolean;
  /** Grows with every change, so that a subscriber knows to read again. */
  version: number;
};

type Page<Row> = { rows: readonly Row[]; stale: boolean; usedAt: number };

export const pageSize = 100;
/** 6,000 rows: more than anybody scrolls through at once, and a few megabytes at most. */
const maxPages = 60;

/**
 * A window into a list of any length: keeps the pages around what is on screen, reads missing ones, and replaces stale
 * ones in place, so that rows never jump or blink when the data changes. Answers to an earlier query are dropped.
 */
export class ListWindow<Query extends object, Row> {
  #state: WindowState = { total: null, asOf: null, error: null, isPrevious: false, version: 0 };
  #query: Query;
  #pages = new Map<number, Page<Row>>();
  /** Rows of the previous query, shown until the first page of the new one is there. */
  #previous: ReadonlyMap<number, Page<Row>> | null = null;
  #running = new Map<number, number>();
  #range = { first: 0, last: 0 };
  #generation = 0;
  #clock = 0;
  readonly #listeners = new Set<() => void>();
  readonly #fetch: (query: Query & Part) => Promise<WindowPage<Row>>;
  readonly #toError: (thrown: unknown) => AppError;

  constructor(query: Query, fetch: (query: Query & Part) => Promise<WindowPage<Row>>, toError: (thrown: unknown) => AppError) {
    this.#query = query;
    this.#fetch = fetch;
    this.#toError = toError;
  }

  get state(): WindowState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The row at an index, or undefined while it is not there yet. */
  row(index: number): Row | undefined {
    const pages = this.#previous ?? this.#pages;
    return pages.get(Math.floor(index / pageSize))?.rows[index % pageSize];
  }

  /** Index of the first loaded row that fits; -1 when none does. */
  find(matches: (row: Row) => boolean): number {
    for (const [number, page] of [...(this.#previous ?? this.#pages)].toSorted(([a], [b]) => a - b)) {
      const at = page.rows.findIndex(matches);
      if (at >= 0) return number * pageSize + at;
    }
    return -1;
  }

  /** Asks something else. What is on screen stays until the first answer. */
  setQuery(query: Query): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    this.#query = query;
    this.#generation += 1;
    this.#running.clear();
    this.#previous ??= this.#pages.size === 0 ? null : this.#pages;
    this.#pages = new Map<number, Page<Row>>();
    this.#range = { first: 0, last: 0 };
    this.#change({ isPrevious: this.#previous !== null, error: null });
    this.#load(0);
  }

  /** Makes sure that the rows of a range are there or on their way. */
  ensure(first: number, last: number): void {
    this.#range = { first, last };
    if (this.#previous !== null) return;
    for (const number of this.#visible()) {
      const page = this.#pages.get(number);
      if (page !== undefined) page.usedAt = ++this.#clock;
      if (page === undefined || page.stale) this.#load(number);
    }
  }

  /** The data changed: pages on screen are read again at once, the others when they come back on screen. */
  refresh(): void {
    for (const page of this.#pages.values()) page.stale = true;
    for (const number of this.#visible()) this.#load(number, true);
  }

  #visible(): number[] {
    const last = this.#state.total === null || this.#previous !== null ? 0 : Math.max(0, Math.ceil(this.#state.total / pageSize) - 1);
    const from = Math.min(Math.floor(Math.max(0, this.#range.first) / pageSize), last);
    const to = Math.min(Math.floor(Math.max(0, this.#range.last) / pageSize), last);
    return Array.from({ length: to - from + 1 }, (_unused, index) => from + index);
  }

  #load(number: number, again = false): void {
    if (this.#running.has(number) && !again) return;
    const generation = this.#generation;
    const ticket = ++this.#clock;
    this.#running.set(number, ticket);
    const current = (): boolean => this.#generation === generation && this.#running.get(number) === ticket;
    this.#fetch({ ...this.#query, offset: number * pageSize, limit: pageSize }).then(
      (answer) => { if (current()) this.#arrived(number, answer); },
      (thrown: unknown) => {
        if (!current()) return;
        this.#running.delete(number);
        this.#change({ error: this.#toError(thrown), isPrevious: this.#previous !== null });
      },
    );
  }

  #arrived(number: number, answer: WindowPage<Row>): void {
    this.#running.delete(number);
    this.#previous = null;
    this.#pages.set(number, { rows: answer.rows, stale: false, usedAt: ++this.#clock });
    // A shorter list leaves pages behind its end.
    for (const known of this.#pages.keys()) if (known * pageSize >= answer.total && known !== 0) this.#pages.delete(known);
    this.#evict();
    this.#change({ total: answer.total, asOf: answer.asOf ?? null, error: null, isPrevious: false });
    this.ensure(this.#range.first, this.#range.last);
  }

  #evict(): void {
    const surplus = this.#pages.size - maxPages;
    if (surplus <= 0) return;
    const keep = new Set(this.#visible());
    const oldest = [...this.#pages].filter(([number]) => !keep.has(number)).toSorted(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [number] of oldest.slice(0, surplus)) this.#pages.delete(number);
  }

  #change(change: Partial<WindowState>): void {
    this.#state = { ...this.#state, ...change, version: this.#state.version + 1 };
    for (const listener of this.#listeners) listener();
  }
}
