import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';

/** What reading a settings file came to: `reset` means it was unreadable, was kept aside, and defaults took its place. */
export type ReadOutcome<T> = { value: T; reset: boolean };

/** What makes sense of a file's content; a zod schema, or a function of one's own. @throws when it makes none */
type Reading<T> = { parse(content: unknown): T };

/**
 * A small JSON file that survives a crash at any moment: written beside, flushed, then renamed. Writes are queued, the
 * last one wins.
 */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: Reading<T>;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, schema: Reading<T>) {
    this.#path = file;
    this.#schema = schema;
  }

  /** Reads and validates; a missing file gives `fallback`, a damaged one is renamed to `*.damaged` and reported. */
  read(fallback: T): ReadOutcome<T> {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch {
      return { value: fallback, reset: false };
    }
    try {
      return { value: this.#schema.parse(JSON.parse(text)), reset: false };
    } catch {
      try {
        renameSync(this.#path, `${this.#path}.damaged`);
      } catch {
        // The next write replaces it anyway.
      }
      return { value: fallback, reset: true };
    }
  }

  /** @throws the file system's error, for example when the disk is full; the old content then still stands. */
  write(value: T): Promise<void> {
    const next = this.#writing.then(() => this.#replace(JSON.stringify(value, null, 2)));
    this.#writing = next.catch(() => undefined);
    return next;
  }

  async #replace(text: string): Promise<void> {
    mkdirSync(path.dirname(this.#path), { recursive: true, mode: 0o700 });
    const beside = `${this.#path}.new`;
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    renameSync(beside, this.#path);
  }
}
