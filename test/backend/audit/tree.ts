import { createHash } from 'node:crypto';
import { nodeHash } from './entry.ts';

/** Largest power of two below n; RFC 6962 section 2.1. */
const split = (n: number): number => 2 ** (Math.ceil(Math.log2(n)) - 1);

/** An append-only Merkle tree over leaf hashes (RFC 6962), all in memory. */
export class Tree {
  /** `levels[k]` holds the hashes of the complete subtrees of 2^k leaves, in order. */
  readonly #levels: Buffer[][] = [[]];

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    for (let level = 0; ; level += 1) {
      const row = this.#levels[level] ?? (this.#levels[level] = []);
      row.push(hash);
      if (row.length % 2 === 1) return;
      hash = nodeHash(row[row.length - 2] as Buffer, hash);
    }
  }

  /** Hash of the complete subtree number `index` of 2^level leaves. @throws RangeError when the tree does not hold it. */
  node(level: number, index: number): Buffer {
    const hash = this.#levels[level]?.[index];
    if (!hash) throw new RangeError(`no node ${level}/${index}`);
    return hash;
  }

  /** MTH(D[start:end]). */
  range(start: number, end: number): Buffer {
    const count = end - start;
    if (count === 0) return createHash('sha256').digest();
    const level = Math.log2(count);
    if (Number.isInteger(level) && start % count === 0) return this.node(level, start / count);
    const middle = start + split(count);
    return nodeHash(this.range(start, middle), this.range(middle, end));
  }

  /** PATH(index, D[size]); RFC 6962 section 2.1.1. */
  inclusion(index: number, size: number): Buffer[] {
    const path = (m: number, start: number, end: number): Buffer[] => {
      if (end - start <= 1) return [];
      const middle = start + split(end - start);
      return m < middle ? [...path(m, start, middle), this.range(middle, end)] : [...path(m, middle, end), this.range(start, middle)];
    };
    return path(index, 0, size);
  }

  /** PROOF(from, D[to]); RFC 6962 section 2.1.2. */
  consistency(from: number, to: number): Buffer[] {
    const proof = (m: number, start: number, end: number, whole: boolean): Buffer[] => {
      if (m === end) return whole ? [] : [this.range(start, end)];
      const middle = start + split(end - start);
      return m <= middle ? [...proof(m, start, middle, whole), this.range(middle, end)] : [...proof(m, middle, end, false), this.range(start, middle)];
    };
    return from === 0 ? [] : proof(from, 0, to, true);
  }
}
