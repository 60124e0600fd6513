import type { Reader } from '../db/connection.ts';
import { countBits, emptyBits, growBits, setBit, type Bits } from './bits.ts';

/** Starts longer than this are left to the full-text index. */
export const longestStart = 24;

const rowsPerSlice = 10_000;

export type CommonStartsOptions = {
  /** One more than the highest row id, now: it grows while this runs. */
  capacity: () => number;
  /** Rows from which on a start counts as common. */
  atLeast: number;
  /** How many starts to keep; the most common ones win. */
  atMost: number;
};

/** The rows of one start: a short list until it is long enough to be worth a bit set. */
class Level {
  start = '';
  #ids: number[] = [];
  #bits: Bits | null = null;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  reset(start: string): void {
    this.start = start;
    this.#ids.length = 0;
    this.#bits = null;
  }

  add(id: number, capacity: number): void {
    if (this.#bits === null) {
      this.#ids.push(id);
      if (this.#ids.length >= this.#limit) this.#toBits(capacity);
    } else {
      if (id >= this.#bits.length * 32) this.#bits = growBits(this.#bits, capacity);
      setBit(this.#bits, id);
    }
  }

  /** Adds everything to the level one letter shorter. @returns the set when it is common. */
  close(parent: Level | null, capacity: number): Bits | null {
    const bits = this.#bits;
    if (bits === null) {
      if (parent !== null) for (const id of this.#ids) parent.add(id, capacity);
      return null;
    }
    if (parent !== null) parent.#unite(bits, capacity);
    return bits;
  }

  #toBits(capacity: number): void {
    const bits = emptyBits(capacity);
    for (const id of this.#ids) setBit(bits, id);
    this.#ids.length = 0;
    this.#bits = bits;
  }

  #unite(other: Bits, capacity: number): void {
    if (this.#bits === null) this.#toBits(capacity);
    let bits = this.#bits as unknown as Bits;
    if (bits.length < other.length) bits = growBits(bits, other.length * 32);
    for (let word = 0; word < other.length; word++) bits[word] = (bits[word] ?? 0) | (other[word] ?? 0);
    this.#bits = bits;
  }
}

/**
 * Walks the word index in the order of its terms and collects the rows of every start of a word, from the longest to the
 * shortest: when the walk leaves a start, its rows belong to the start that is one letter shorter.
 */
export function* commonStarts(reader: Reader, { capacity, atLeast, atMost }: CommonStartsOptions): Generator<void, Map<string, Bits>> {
  const found: { start: string; bits: Bits; count: number }[] = [];
  const levels: Level[] = [];
  let depth = 0;

  const leaveTo = (length: number): void => {
    while (depth > length) {
      depth--;
      const level = levels[depth] as Level;
      const bits = level.close(depth === 0 ? null : (levels[depth - 1] as Level), capacity());
      if (bits === null) continue;
      const count = countBits(bits);
      if (count >= atLeast) found.push({ start: level.start, bits, count });
    }
  };

  let current = '';
  const enter = (term: string): Level => {
    const length = Math.min(term.length, longestStart);
    if (term !== current || depth === 0) {
      let common = 0;
      while (common < depth && common < length && term[common] === current[common]) common++;
      leaveTo(common);
      for (; depth < length; depth++) (levels[depth] ??= new Level(atLeast)).reset(term.slice(0, depth + 1));
      current = term;
    }
    return levels[length - 1] as Level;
  };

  for (const slice of termSlices(reader)) {
    for (const [term, id] of slice) enter(term).add(id, capacity());
    yield;
  }
  leaveTo(0);
  const kept = found.toSorted((a, b) => b.count - a.count).slice(0, atMost);
  return new Map(kept.map(({ start, bits }) => [start, bits]));
}

/**
 * Terms with their rows, in order, in slices that each start anew: no statement stays open between them. A term of more
 * rows than a slice is read by row id, which the full-text index can seek to.
 */
function* termSlices(reader: Reader): Generator<[string, number][]> {
  let from = '';
  for (;;) {
    const rows = reader.rows<[string, number]>('SELECT term, doc FROM document_terms WHERE term >= ? LIMIT ?', from, rowsPerSlice);
    const last = rows.at(-1)?.[0];
    if (last === undefined) return;
    if (rows.length < rowsPerSlice) {
      yield rows;
      return;
    }
    if (rows[0]?.[0] !== last) {
      // The last term may go on: it is read again, from its beginning, in the next slice.
      yield rows.filter(([term]) => term !== last);
      from = last;
      continue;
    }
    let after = 0;
    for (;;) {
      const ids = reader.values<number>(
        'SELECT rowid FROM document_words WHERE document_words MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?', `"${last}"`, after, rowsPerSlice,
      );
      yield ids.map((id) => [last, id]);
      if (ids.length < rowsPerSlice) break;
      after = ids.at(-1) ?? after;
    }
    // Words hold letters and digits only, so nothing lies between a word and the word followed by a space.
    from = `${last} `;
  }
}
