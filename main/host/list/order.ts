import { emptyBits, hasBit, setBit } from './bits.ts';
import type { Columns, SortColumn } from './columns.ts';
import { sortByKey } from './radix.ts';

/** Up to this many moved rows are looked for one by one, which memory does faster than a pass that tests every row. */
const searchedOneByOne = 12;

/**
 * All rows in the order of one column. Changes are only noted; the order is brought up to date when it is next asked for,
 * so that a bulk write pays once and only for the columns in use.
 */
export class Order {
  readonly column: SortColumn;
  readonly #columns: Columns;
  #ids: Uint32Array<ArrayBuffer>;
  readonly #moved = new Set<number>();

  /** @param sorted all live rows in this order, as far as known: rows noted by {@link moved} since are put right. */
  constructor(columns: Columns, column: SortColumn, sorted: Uint32Array<ArrayBuffer>) {
    this.#columns = columns;
    this.column = column;
    this.#ids = sorted;
  }

  /** Sorts all live rows by one column of numbers or dictionary texts. */
  static build(columns: Columns, column: Exclude<SortColumn, 'number'>): Order {
    const ids = new Uint32Array(columns.liveCount);
    let count = 0;
    for (let id = 1; id < columns.end; id++) if (hasBit(columns.live, id)) ids[count++] = id;
    const values = columns.values(column);
    const ranks = column === 'status' ? columns.statuses.ranks() : column === 'partner' ? columns.partnerKeys.ranks() : null;
    sortByKey(ids, ranks === null ? (id) => values[id] ?? 0 : (id) => ranks[values[id] ?? 0] ?? 0);
    return new Order(columns, column, ids);
  }

  /** Notes that a row is new, gone or has another value in this column. */
  moved(id: number): void {
    this.#moved.add(id);
  }

  /** The ids in ascending order. Valid until the next change. */
  ids(): Uint32Array<ArrayBuffer> {
    if (this.#moved.size > 0) this.#settle();
    return this.#ids;
  }

  /** Takes all moved rows out and puts the live ones where they belong: block copies, and some comparisons per moved row. */
  #settle(): void {
    const { live } = this.#columns;
    const compare = this.#columns.comparator(this.column);
    const incoming = Uint32Array.from([...this.#moved].filter((id) => hasBit(live, id))).toSorted(compare);
    const kept = this.#moved.size <= searchedOneByOne ? this.#withoutFew() : this.#withoutMany();
    const merged = new Uint32Array(kept.length + incoming.length);
    let taken = 0;
    incoming.forEach((id, place) => {
      const at = firstAfter(kept, id, taken, compare);
      merged.set(kept.subarray(taken, at), taken + place);
      merged[at + place] = id;
      taken = at;
    });
    merged.set(kept.subarray(taken), taken + incoming.length);
    this.#ids = merged;
    this.#moved.clear();
  }

  #withoutFew(): Uint32Array<ArrayBuffer> {
    const ids = this.#ids;
    const places = [...this.#moved].map((id) => ids.indexOf(id)).filter((place) => place >= 0).toSorted((a, b) => a - b);
    const kept = new Uint32Array(ids.length - places.length);
    let from = 0;
    places.forEach((place, before) => {
      kept.set(ids.subarray(from, place), from - before);
      from = place + 1;
    });
    kept.set(ids.subarray(from), from - places.length);
    return kept;
  }

  #withoutMany(): Uint32Array<ArrayBuffer> {
    const moved = emptyBits(this.#columns.capacity);
    for (const id of this.#moved) setBit(moved, id);
    const kept = new Uint32Array(this.#ids.length);
    let count = 0;
    for (let place = 0; place < this.#ids.length; place++) {
      const id = this.#ids[place] ?? 0;
      if (!hasBit(moved, id)) kept[count++] = id;
    }
    return kept.subarray(0, count);
  }
}

/** The place of the first of `ids`, from `low` on, that comes after `id`. */
function firstAfter(ids: Uint32Array, id: number, low: number, compare: (a: number, b: number) => number): number {
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(ids[middle] ?? 0, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
