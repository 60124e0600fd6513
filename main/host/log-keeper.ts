import type { Writer } from './db/connection.ts';

/** Milliseconds after the last precious write until the log is emptied: long enough for a burst of them to share it. */
const idleMs = 400;

/**
 * Empties SQLite's write-ahead log soon after what people typed was written to it. A log that is damaged ends for SQLite at
 * the damage, silently, with the newest transactions behind it; a damaged page of the database itself is noticed by the
 * cipher and rescued around. So acknowledged work stays in the log for a moment only. The log is truncated rather than only
 * copied: pages left in it would count again after a crash, the old ones before a flipped bit against newer ones in the file.
 */
export class LogKeeper {
  readonly #writer: Writer;
  #timer: NodeJS.Timeout | null = null;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  written(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#empty();
    }, idleMs);
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #empty(): void {
    try {
      // A large pull is under way: its end is the next chance.
      if (this.#writer.inTransaction || this.#writer.value<number>('PRAGMA wal_checkpoint(TRUNCATE)') !== 0) this.written();
    } catch {
      // What is committed is safe in the log as before; the next write tries again and reports what is wrong.
    }
  }
}
