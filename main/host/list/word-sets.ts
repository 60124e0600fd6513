import type { Reader } from '../db/connection.ts';
import { matchExpression } from '../db/repos/list-sql.ts';
import type { RowChange } from '../db/repos/documents-write.ts';
import { clearBit, emptyBits, growBits, setBit, type Bits } from './bits.ts';
import { commonStarts, longestStart } from './common-starts.ts';

export type WordSetLimits = {
  /** Below this many rows the full-text index alone is quick enough. */
  manyRows: number;
  /** A start of this many rows is common; rarer ones cost the full-text index some 10 ms at most. */
  commonRows: number;
  /** Common starts kept at most; at a million documents each takes 125 KB. */
  keptStarts: number;
  /** After more changed rows than this at once the sets are built again instead of corrected. */
  worthCorrecting: number;
};

const usualLimits: WordSetLimits = { manyRows: 50_000, commonRows: 40_000, keptStarts: 512, worthCorrecting: 5000 };

/**
 * The rows in which some word begins with the typed letters. Sets of common starts stay in memory and follow every change,
 * because a full-text index reads its rows one by one: a word of every document would take a third of a second.
 */
export class WordSets {
  readonly #reader: Reader;
  readonly #limits: WordSetLimits;
  #common = new Map<string, Bits>();
  /** Words of rows that changed while the sets are being built; null for removed rows. */
  #changedMeanwhile: Map<number, readonly string[] | null> | null = null;
  /** Rows when the sets were last built. */
  #builtFor = 0;

  constructor(reader: Reader, limits: WordSetLimits = usualLimits) {
    this.#reader = reader;
    this.#limits = limits;
  }

  /** A set that the caller must not change; it may be shorter than the capacity when the last rows have no such word. */
  rowsWith(start: string, capacity: number): Bits {
    const common = this.#common.get(start);
    if (common !== undefined) return common;
    const bits = emptyBits(capacity);
    for (const id of this.#reader.values<number>('SELECT rowid FROM document_words WHERE document_words MATCH ?', matchExpression([start]))) setBit(bits, id);
    return bits;
  }

  /** True when so much has changed since the last build that common starts may be missing. */
  wantsBuild(rows: number): boolean {
    return rows >= this.#limits.manyRows && rows > this.#builtFor * 2 && this.#changedMeanwhile === null;
  }

  /** Follows changed and removed rows. */
  apply(changes: readonly RowChange[], removed: readonly number[], capacity: number): void {
    if (this.#changedMeanwhile !== null) {
      for (const { row, words } of changes) if (words !== null) this.#changedMeanwhile.set(row.id, words);
      for (const id of removed) this.#changedMeanwhile.set(id, null);
    }
    if (this.#common.size === 0) return;
    if (changes.length + removed.length > this.#limits.worthCorrecting) {
      this.clear();
      return;
    }
    for (const { row, words } of changes) if (words !== null) correct(this.#common, row.id, words, capacity);
    for (const id of removed) correct(this.#common, id, null, capacity);
  }

  clear(): void {
    this.#common.clear();
    this.#builtFor = 0;
  }

  /** Reads the whole word index once, in slices of some 10 ms. */
  *build(rows: number, capacity: () => number): Generator<void> {
    this.#changedMeanwhile = new Map();
    try {
      const found = yield* commonStarts(this.#reader, { capacity, atLeast: this.#limits.commonRows, atMost: this.#limits.keptStarts });
      for (const [id, words] of this.#changedMeanwhile) correct(found, id, words, capacity());
      this.#common = found;
      this.#builtFor = rows;
    } finally {
      this.#changedMeanwhile = null;
    }
  }
}

/** Puts one row into the sets of the starts of its words, and out of all others. */
function correct(sets: Map<string, Bits>, id: number, words: readonly string[] | null, capacity: number): void {
  for (const [start, bits] of sets) {
    if (bits.length * 32 <= id) sets.set(start, growBits(bits, capacity));
    else clearBit(bits, id);
  }
  if (words === null) return;
  for (const word of words) {
    for (let length = 1; length <= word.length && length <= longestStart; length++) {
      const bits = sets.get(word.slice(0, length));
      if (bits !== undefined) setBit(bits, id);
    }
  }
}
