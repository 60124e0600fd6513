import { equalBytes } from '../../../shared/audit/bytes.ts';
import type { OpenedCheckpoint } from '../../../shared/audit/checkpoint.ts';
import type { CompactRange } from '../../../shared/audit/merkle.ts';
import type { Finding } from '../../../shared/audit/verdict.ts';
import type { Reader, Writer } from '../db/connection.ts';
import type { AuditLog } from './log.ts';

export type StoredCheckpoint = { id: number; size: number; root: Uint8Array; note: string; seen_at: number; source: string };

/** Whose checkpoints the log is held against; those of other people are compared with them, never followed. */
export const ownSource = 'server';

/** Every checkpoint that was ever believed, the server's and those that other people were shown. */
export class Checkpoints {
  readonly #writer: Writer;
  readonly #reader: Reader;

  constructor(writer: Writer, reader: Reader) {
    this.#writer = writer;
    this.#reader = reader;
  }

  get count(): number {
    return this.#reader.value<number>('SELECT count(*) FROM audit_checkpoints') ?? 0;
  }

  put({ size, root, note }: OpenedCheckpoint, seenAt: number, source: string): void {
    this.#writer.run('INSERT OR IGNORE INTO audit_checkpoints (size, root, note, seen_at, source) VALUES (?, ?, ?, ?, ?)', size, root, note, Math.round(seenAt), source);
    if (source === ownSource) this.#writer.run('UPDATE audit_checkpoints SET seen_at = ? WHERE source = ? AND size = ?', Math.round(seenAt), source, size);
  }

  /** The newest of the server's. */
  verified(): StoredCheckpoint | undefined {
    return this.#writer.one<StoredCheckpoint>('SELECT * FROM audit_checkpoints WHERE source = ? ORDER BY size DESC, id DESC LIMIT 1', ownSource);
  }

  /** The first of the server's. */
  first(): StoredCheckpoint | undefined {
    return this.#reader.one<StoredCheckpoint>('SELECT * FROM audit_checkpoints WHERE source = ? ORDER BY size, id LIMIT 1', ownSource);
  }

  /** A checkpoint that somebody else was shown. One that is newer than ours cannot be judged yet: it is kept, and held against later. */
  compareForeign({ size, root }: OpenedCheckpoint, log: AuditLog): Finding | null {
    if (size > log.size) return null;
    return equalBytes(log.tree.rootAt(size), root) ? null : { index: this.lastAgreed(size, log), fault: 'splitView' };
  }

  /** Checkpoints of other people that were too new to be judged when they came: now the log reaches them. */
  splitView(before: number, size: number, log: AuditLog): Finding | null {
    const reached = this.#reader.all<StoredCheckpoint>('SELECT * FROM audit_checkpoints WHERE source <> ? AND size > ? AND size <= ? ORDER BY size', ownSource, before, size);
    const other = reached.find((checkpoint) => !equalBytes(log.tree.rootAt(checkpoint.size), checkpoint.root));
    return other === undefined ? null : { index: this.lastAgreed(other.size, log), fault: 'splitView' };
  }

  /** The newest checkpoint of somebody else, by when it came. */
  newestForeign(): number {
    return this.#reader.value<number>('SELECT max(id) FROM audit_checkpoints WHERE source <> ?', ownSource) ?? 0;
  }

  /** Whether somebody was shown more than this. @param until counts what came before, see {@link newestForeign} */
  isBehind(size: number, until: number): boolean {
    return this.#reader.value<number>('SELECT id FROM audit_checkpoints WHERE source <> ? AND id <= ? AND size > ? LIMIT 1', ownSource, until, size) !== undefined;
  }

  /** The largest size below this at which others saw the same. */
  lastAgreed(below: number, log: AuditLog): number {
    const others = this.#reader.all<StoredCheckpoint>('SELECT * FROM audit_checkpoints WHERE source <> ? AND size < ? ORDER BY size DESC', ownSource, below);
    return others.find(({ size, root }) => size <= log.size && equalBytes(log.tree.rootAt(size), root))?.size ?? 0;
  }

  /** The first checkpoint that does not fit a tree that was hashed anew. */
  disagreeing(range: CompactRange, log: AuditLog): Finding | null {
    if (!equalBytes(range.root(), log.tree.rootAt(range.size))) return { index: 0, fault: 'entry' };
    for (const { size, root, source } of this.#reader.all<StoredCheckpoint>('SELECT * FROM audit_checkpoints WHERE size <= ? ORDER BY size', range.size)) {
      if (!equalBytes(log.tree.rootAt(size), root)) return source === ownSource ? { index: 0, fault: 'inconsistent' } : { index: this.lastAgreed(size, log), fault: 'splitView' };
    }
    return null;
  }
}
