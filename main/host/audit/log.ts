import { hash } from 'node:crypto';
import { equalBytes } from '../../../shared/audit/bytes.ts';
import { parseEntry, type AuditEntry } from '../../../shared/audit/entry.ts';
import { hashLength, inclusionProof, type CompactRange, type Hash } from '../../../shared/audit/merkle.ts';
import { appendTile, subtreeOfTile, tileHeight, tileWidth } from '../../../shared/audit/tiles.ts';
import { clockTolerance } from '../../../shared/audit/verify-evidence.ts';
import type { Fault, Finding } from '../../../shared/audit/verdict.ts';
import type { AuditFilter, AuditPage, AuditRow, AuditTimeline } from '../../../shared/domain/audit.ts';
import type { Reader, Writer } from '../db/connection.ts';
import { AuditColumns } from './columns.ts';
import { analyse, type ReviewAnalysis } from './review.ts';
import { bufferOf, entryText, hashEntries, packEntries } from './tile-rows.ts';
import { TileTree } from './tree.ts';

export type IncomingEntry = { canonical: string; /** Hex, as the server says; null where it says nothing. */ hash: string | null };

/**
 * From which place on times are judged, and the moment (as `ts`, empty for none) that no entry from there on may be older than.
 * What stands before it was judged when it was first read; a cache that was lost and is read again accuses nobody a second time.
 */
export type ExpectedTimes = { from: number; notBefore: string };

/** Servers with several processes write entries some milliseconds out of order; so much is no backdating. */
const isOlder = (ts: string, last: string): boolean => ts < last && Date.parse(last) - Date.parse(ts) > clockTolerance;

/** Tiles whose bytes stay decoded for scrolling. */
const keptTiles = 16;

const leafOf = (canonical: string): Hash => Uint8Array.from(hash('sha256', Buffer.concat([Buffer.of(0), Buffer.from(canonical, 'utf8')]), 'buffer'));

/** The log as this client has read it: append-only, one row of the database for 256 entries, its tree beside it. */
export class AuditLog {
  readonly #writer: Writer;
  readonly #reader: Reader;
  readonly #columns = new AuditColumns();
  readonly #recent = new Map<number, Buffer>();
  #tree: TileTree;
  /** The last, partial tile. */
  #tail: { entries: Uint8Array[]; leaves: Uint8Array };
  #lastTs: string;

  constructor(writer: Writer, reader: Reader) {
    this.#writer = writer;
    this.#reader = reader;
    for (const [id, text] of reader.rows<[number, string]>('SELECT id, text FROM audit_values ORDER BY id')) this.#columns.learn(id, text);
    for (const data of reader.values<Uint8Array>('SELECT data FROM audit_columns ORDER BY tile')) this.#columns.unpack(data);
    const size = this.#columns.size;
    const roots = reader.values<Uint8Array>('SELECT root FROM audit_tiles WHERE root IS NOT NULL ORDER BY tile').map((root) => Uint8Array.from(root));
    this.#tree = new TileTree(size, roots, (tile) => this.#leaves(tile));
    this.#tail = this.#readTail();
    this.#lastTs = size === 0 ? '' : this.entry(size - 1)?.ts ?? '';
  }

  get size(): number {
    return this.#tree.size;
  }

  get tree(): TileTree {
    return this.#tree;
  }

  /**
   * Takes entries from the place `first` on. What is known already is compared, what is new is checked and appended; the first
   * fault ends it. A time that cannot be is no reason to turn an entry away: it is in the signed tree all the same, and what comes
   * after it could never be read otherwise. Call it inside a transaction.
   * @returns what ended it, and the place of the first entry whose time cannot be
   */
  append(first: number, incoming: readonly IncomingEntry[], expected: ExpectedTimes): { findings: Finding[]; backdated: number | null } {
    const fresh: { entry: AuditEntry; bytes: Buffer; leaf: Hash }[] = [];
    let last = this.#lastTs;
    let backdated: number | null = null;
    const stop = (index: number, fault: Fault) => ({ findings: this.#stop(fresh, index, fault), backdated });
    for (const [at, { canonical, hash: claimed }] of incoming.entries()) {
      const index = first + at;
      const leaf = leafOf(canonical);
      if (claimed !== null && claimed !== Buffer.from(leaf).toString('hex')) return stop(index, 'entry');
      if (index < this.size) {
        if (!equalBytes(leaf, this.#tree.node(0, index))) return stop(index, 'rewritten');
        continue;
      }
      if (index !== this.size + fresh.length) return stop(this.size + fresh.length, 'missing');
      const entry = parseEntry(canonical);
      if (entry === null) return stop(index, 'encoding');
      if (entry.seq !== index + 1) return stop(index, 'sequence');
      if (index >= expected.from && (isOlder(entry.ts, last) || entry.ts < expected.notBefore)) backdated ??= index;
      last = entry.ts;
      fresh.push({ entry, bytes: Buffer.from(canonical, 'utf8'), leaf });
    }
    this.#store(fresh);
    return { findings: [], backdated };
  }

  /** Forgets everything from this size on: what a log said that turned out to be another one. Call it inside a transaction. */
  truncate(size: number): void {
    if (size >= this.size) return;
    const tile = Math.floor(size / tileWidth);
    const packed = this.#packed(tile);
    const kept = Array.from({ length: size % tileWidth }, (_, at) => Buffer.from(entryText(packed, at), 'utf8'));
    const leaves = this.#leaves(tile).slice(0, kept.length * hashLength);
    for (const table of ['audit_tiles', 'audit_columns']) this.#writer.run(`DELETE FROM ${table} WHERE tile >= ?`, tile);
    this.#columns.truncate(size);
    this.#recent.clear();
    const roots = this.#writer.values<Uint8Array>('SELECT root FROM audit_tiles WHERE root IS NOT NULL ORDER BY tile').map((root) => Uint8Array.from(root));
    this.#tree = new TileTree(size, roots, (one) => this.#leaves(one));
    this.#tail = { entries: kept, leaves };
    if (kept.length > 0) this.#writeTile(tile, kept, leaves, null);
    this.#lastTs = size === 0 ? '' : this.entry(size - 1)?.ts ?? '';
  }

  entry(index: number): AuditEntry | null {
    const text = this.canonical(index);
    return text === null ? null : parseEntry(text);
  }

  canonical(index: number): string | null {
    return index < 0 || index >= this.size ? null : entryText(this.#packed(Math.floor(index / tileWidth)), index % tileWidth);
  }

  leaf(index: number): Hash {
    return this.#tree.node(0, index);
  }

  proof(index: number, size: number): Hash[] {
    return inclusionProof(this.#tree.node, index, size);
  }

  page(filter: AuditFilter, offset: number, limit: number): AuditPage {
    const matches = this.#columns.matches(filter, (index) => this.entry(index));
    const rows: AuditRow[] = [];
    for (let at = matches.length - 1 - offset; at >= 0 && rows.length < limit; at--) {
      const row = this.row(matches[at] as number);
      if (row !== null) rows.push(row);
    }
    return { rows, offset, total: matches.length };
  }

  row(index: number): AuditRow | null {
    const entry = this.entry(index);
    if (entry === null) return null;
    const { seq: _seq, ts, ...rest } = entry;
    return { index, at: Date.parse(ts), ...rest };
  }

  indexes(filter: AuditFilter): Uint32Array {
    return this.#columns.matches(filter, (index) => this.entry(index));
  }

  /** Places of the entries with one of these correlation ids, by id. */
  correlated(ids: readonly string[]): Map<string, number[]> {
    return this.#columns.correlated(ids, (index) => this.entry(index));
  }

  /** What stands out in a period, epoch milliseconds, both included. */
  review(from: number, to: number, readAt: number | null = null): ReviewAnalysis {
    return analyse(this.#columns.facts(), from, to, readAt);
  }

  timeline(filter: AuditFilter, buckets: number): AuditTimeline {
    return this.#columns.timeline(this.indexes(filter), buckets, 12);
  }

  /** The first hash of a tile of the server that differs from ours, compared as far as both go; null when none does. */
  differing(level: number, index: number, hashes: Uint8Array): number | null {
    const here = Math.floor(this.size / tileWidth ** level) - index * tileWidth;
    const count = Math.min(hashes.length / hashLength, Math.max(0, here));
    for (let at = 0; at < count; at++) {
      if (!equalBytes(hashes.subarray(at * hashLength, (at + 1) * hashLength), this.#tree.node(level * tileHeight, index * tileWidth + at))) return at;
    }
    return null;
  }

  /**
   * Hashes the entries of some tiles again and compares them with what the tree was built from.
   * @param range the tree over everything before; it grows by what was read
   */
  verifyTiles(from: number, count: number, range: CompactRange): Finding[] {
    for (const [tile, entries, leaves, root] of this.#reader.rows<[number, Uint8Array, Uint8Array, Uint8Array | null]>('SELECT tile, entries, leaves, root FROM audit_tiles WHERE tile >= ? AND tile < ? ORDER BY tile', from, from + count)) {
      const found = hashEntries(bufferOf(entries));
      if (!found.equals(leaves)) {
        let at = 0;
        while (found.subarray(at * hashLength, (at + 1) * hashLength).equals(leaves.subarray(at * hashLength, (at + 1) * hashLength))) at++;
        return [{ index: tile * tileWidth + at, fault: 'entry' }];
      }
      appendTile(range, found);
      if (root !== null && !equalBytes(root, this.#tree.node(tileHeight, tile))) return [{ index: tile * tileWidth, fault: 'entry' }];
    }
    return [];
  }

  #stop(fresh: readonly { entry: AuditEntry; bytes: Buffer; leaf: Hash }[], index: number, fault: Fault): Finding[] {
    this.#store(fresh);
    return [{ index, fault }];
  }

  #store(fresh: readonly { entry: AuditEntry; bytes: Buffer; leaf: Hash }[]): void {
    if (fresh.length === 0) return;
    const before = this.size;
    for (const { code, text } of this.#columns.append(fresh.map(({ entry }) => entry))) this.#writer.run('INSERT OR REPLACE INTO audit_values (id, text) VALUES (?, ?)', code, text);
    const firstTile = Math.floor(before / tileWidth);
    let { entries, leaves } = this.#tail;
    const roots: Hash[] = [];
    for (let at = 0; at < fresh.length;) {
      const part = fresh.slice(at, at + tileWidth - entries.length);
      entries = [...entries, ...part.map(({ bytes }) => bytes)];
      leaves = Buffer.concat([leaves, ...part.map(({ leaf }) => leaf)]);
      at += part.length;
      const root = entries.length === tileWidth ? subtreeOfTile(leaves, tileHeight, 0) : null;
      const tile = firstTile + roots.length;
      this.#writeTile(tile, entries, leaves, root);
      this.#recent.delete(tile);
      if (root === null) break;
      roots.push(root);
      [entries, leaves] = [[], new Uint8Array(0)];
    }
    this.#tail = { entries, leaves };
    this.#tree.grow(before + fresh.length, roots);
    this.#lastTs = fresh.at(-1)?.entry.ts ?? this.#lastTs;
  }

  #writeTile(tile: number, entries: readonly Uint8Array[], leaves: Uint8Array, root: Hash | null): void {
    this.#writer.run('INSERT OR REPLACE INTO audit_tiles (tile, entries, leaves, root) VALUES (?, ?, ?, ?)', tile, packEntries(entries), leaves, root);
    this.#writer.run('INSERT OR REPLACE INTO audit_columns (tile, data) VALUES (?, ?)', tile, this.#columns.pack(tile));
  }

  #readTail(): { entries: Uint8Array[]; leaves: Uint8Array } {
    const count = this.size % tileWidth;
    if (count === 0) return { entries: [], leaves: new Uint8Array(0) };
    const tile = Math.floor(this.size / tileWidth);
    const packed = this.#packed(tile);
    return { entries: Array.from({ length: count }, (_, at) => Buffer.from(entryText(packed, at), 'utf8')), leaves: Uint8Array.from(this.#leaves(tile)) };
  }

  #packed(tile: number): Buffer {
    const known = this.#recent.get(tile);
    if (known !== undefined) return known;
    const packed = bufferOf(this.#writer.value<Uint8Array>('SELECT entries FROM audit_tiles WHERE tile = ?', tile) ?? packEntries([]));
    this.#recent.set(tile, packed);
    if (this.#recent.size > keptTiles) this.#recent.delete(this.#recent.keys().next().value as number);
    return packed;
  }

  #leaves(tile: number): Uint8Array {
    return this.#writer.value<Uint8Array>('SELECT leaves FROM audit_tiles WHERE tile = ?', tile) ?? new Uint8Array(0);
  }
}
