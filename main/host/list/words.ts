import type { Reader } from '../db/connection.ts';
import { matchExpression } from '../db/repos/list-sql.ts';
import { clearBit, emptyBits, growBits, setBit, type Bits } from './bits.ts';
import type { RowChange } from '../db/repos/documents-write.ts';

/** Starts with fewer rows than this are looked up again each time: that is quicker than keeping them current. */
const worthKeeping = 2000;
const keptStarts = 96;
/** After a change of more rows than this the kept sets are dropped instead of corrected. */
const worthCorrecting = 2000;

/**
 * The rows in which some word begins with the typed letters. Sets of common starts are kept and corrected as rows change,
 * because a full-text index reads them row by row: one letter may stand for half a million rows.
 */
export class WordSets {
  readonly #reader: Reader;
  /** Least recently used first. */
  readonly #kept = new Map<string, Bits>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** A set that the caller must not change. */
  rowsWith(start: string, capacity: number): Bits {
    const kept = this.#kept.get(start);
    if (kept !== undefined) {
      this.#keep(start, kept.length * 32 < capacity ? growBits(kept, capacity) : kept);
      return this.#kept.get(start) as Bits;
    }
    const bits = emptyBits(capacity);
    const ids = this.#reader.values<number>('SELECT rowid FROM document_words WHERE document_words MATCH ?', matchExpression([start]));
    for (const id of ids) setBit(bits, id);
    if (ids.length >= worthKeeping) this.#keep(start, bits);
    return bits;
  }

  has(start: string): boolean {
    return this.#kept.has(start);
  }

  /** Follows changed and removed rows. */
  apply(changes: readonly RowChange[], removed: readonly number[], capacity: number): void {
    if (changes.length + removed.length > worthCorrecting) {
      this.#kept.clear();
      return;
    }
    for (const [start, before] of this.#kept) {
      const bits = before.length * 32 < capacity ? growBits(before, capacity) : before;
      for (const { row, words } of changes) {
        if (words === null) continue;
        if (words.some((word) => word.startsWith(start))) setBit(bits, row.id);
        else clearBit(bits, row.id);
      }
      for (const id of removed) clearBit(bits, id);
      this.#kept.set(start, bits);
    }
  }

  clear(): void {
    this.#kept.clear();
  }

  #keep(start: string, bits: Bits): void {
    this.#kept.delete(start);
    this.#kept.set(start, bits);
    if (this.#kept.size > keptStarts) this.#kept.delete(this.#kept.keys().next().value as string);
  }
}
