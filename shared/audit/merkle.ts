import { concat, equalBytes } from './bytes.ts';
import { hashNodeInto, sha256 } from './sha256.ts';

/** The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1): a hash is 32 bytes. */
export type Hash = Uint8Array;
export const hashLength = 32;

/** SHA-256 of nothing: the root of an empty tree. */
export const emptyRoot: Hash = sha256(new Uint8Array(0));

const leafPrefix = Uint8Array.of(0);

/** SHA-256(0x00 ‖ bytes). */
export const hashLeaf = (bytes: Uint8Array): Hash => sha256(concat(leafPrefix, bytes));

/** SHA-256(0x01 ‖ left ‖ right). */
export function hashNode(left: Hash, right: Hash): Hash {
  const both = concat(left, right);
  const hash = new Uint8Array(hashLength);
  hashNodeInto(both, 0, hashLength, hash, 0);
  return hash;
}

/** Largest power of two that divides `n`, as an exponent. n > 0. */
function trailingZeros(n: number): number {
  let zeros = 0;
  for (let rest = n; rest % 2 === 0; rest /= 2) zeros++;
  return zeros;
}

/**
 * The roots of the complete subtrees that a tree falls into from left to right: all that is needed to go on appending and to
 * know the root. As many hashes as the size has binary ones.
 */
export class CompactRange {
  #size: number;
  readonly #peaks: Hash[];

  constructor(size = 0, peaks: readonly Hash[] = []) {
    if (peaks.length !== size.toString(2).replaceAll('0', '').length) throw new RangeError('a compact range has one hash for each binary one of its size');
    this.#size = size;
    this.#peaks = [...peaks];
  }

  get size(): number {
    return this.#size;
  }

  get peaks(): readonly Hash[] {
    return this.#peaks;
  }

  append(leaf: Hash): void {
    this.appendSubtree(0, leaf);
  }

  /**
   * Appends a complete subtree of 2^level leaves by its root.
   * @throws RangeError when the tree does not end on a multiple of that.
   */
  appendSubtree(level: number, root: Hash): void {
    const count = 2 ** level;
    if (this.#size % count !== 0) throw new RangeError('a subtree is appended at a multiple of its size');
    let hash = root;
    for (let rest = this.#size / count; rest % 2 === 1; rest = (rest - 1) / 2) hash = hashNode(this.#peaks.pop() as Hash, hash);
    this.#peaks.push(hash);
    this.#size += count;
  }

  root(): Hash {
    if (this.#peaks.length === 0) return emptyRoot;
    return this.#peaks.reduceRight((right, left) => hashNode(left, right));
  }

  copy(): CompactRange {
    return new CompactRange(this.#size, this.#peaks);
  }
}

/** Gives the root of the complete subtree number `index` of 2^level leaves. */
export type NodeSource = (level: number, index: number) => Hash;

/** Largest power of two smaller than `n`. n > 1. */
function splitOf(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/** MTH(D[start:end]) for a range that begins on a multiple of the next power of two, as all ranges inside a tree do. */
export function rangeRoot(node: NodeSource, start: number, end: number): Hash {
  const count = end - start;
  if (count === 0) return emptyRoot;
  const level = trailingZeros(count);
  if (2 ** level === count) return node(level, start / count);
  const middle = start + splitOf(count);
  return hashNode(rangeRoot(node, start, middle), rangeRoot(node, middle, end));
}

/** The compact range of the first `size` leaves. */
export function compactRange(node: NodeSource, size: number): CompactRange {
  const peaks: Hash[] = [];
  for (let start = 0; start < size;) {
    let level = 0;
    while (start + 2 ** (level + 1) <= size && start % 2 ** (level + 1) === 0) level++;
    peaks.push(node(level, start / 2 ** level));
    start += 2 ** level;
  }
  return new CompactRange(size, peaks);
}

/** PATH(index, D[size]) of RFC 6962 section 2.1.1. @throws RangeError when the tree has no such leaf. */
export function inclusionProof(node: NodeSource, index: number, size: number): Hash[] {
  if (index < 0 || index >= size) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const path: Hash[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push(rangeRoot(node, middle, end));
      end = middle;
    } else {
      path.push(rangeRoot(node, start, middle));
      start = middle;
    }
  }
  return path.toReversed();
}

/** PROOF(from, D[to]) of RFC 6962 section 2.1.2; empty from an empty tree. @throws RangeError when `from` is larger. */
export function consistencyProof(node: NodeSource, from: number, to: number): Hash[] {
  if (from < 0 || from > to) throw new RangeError(`no proof from ${from} to ${to}`);
  if (from === 0) return [];
  const proof: Hash[] = [];
  let [start, end, isWhole] = [0, to, true];
  while (from < end) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      proof.push(rangeRoot(node, middle, end));
      end = middle;
    } else {
      proof.push(rangeRoot(node, start, middle));
      start = middle;
      isWhole = false;
    }
  }
  if (!isWhole) proof.push(rangeRoot(node, start, end));
  return proof.toReversed();
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isHash = (hash: Hash): boolean => hash.length === hashLength;

/** The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2). @returns null for a proof of the wrong shape. */
export function rootFromInclusion(index: number, size: number, leaf: Hash, proof: readonly Hash[]): Hash | null {
  if (!isSize(index) || !isSize(size) || index >= size || !isHash(leaf) || !proof.every(isHash)) return null;
  let [fn, sn] = [index, size - 1];
  let root = leaf;
  for (const hash of proof) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = hashNode(hash, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      root = hashNode(root, hash);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? root : null;
}

/** Whether the leaf is at this place in the tree with this root. */
export function verifyInclusion(index: number, size: number, leaf: Hash, proof: readonly Hash[], root: Hash): boolean {
  const reached = rootFromInclusion(index, size, leaf, proof);
  return reached !== null && equalBytes(reached, root);
}

/** Whether the tree of `to` leaves begins with the tree of `from` leaves (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(from: number, to: number, proof: readonly Hash[], fromRoot: Hash, toRoot: Hash): boolean {
  if (!isSize(from) || !isSize(to) || from > to || !isHash(fromRoot) || !isHash(toRoot) || !proof.every(isHash)) return false;
  if (from === to) return proof.length === 0 && equalBytes(fromRoot, toRoot);
  if (from === 0) return proof.length === 0 && equalBytes(fromRoot, emptyRoot);
  const isPower = 2 ** trailingZeros(from) === from;
  const path = isPower ? [fromRoot, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let [fn, sn] = [from - 1, to - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  let [fr, sr] = [first, first];
  for (const hash of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = hashNode(hash, fr);
      sr = hashNode(hash, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else {
      sr = hashNode(sr, hash);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && equalBytes(fr, fromRoot) && equalBytes(sr, toRoot);
}
