import type { Writer } from '../db/connection.ts';

/** Small things that are remembered of a log, by name. */
export class AuditState {
  readonly #writer: Writer;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** @returns null when nothing is kept under this name */
  get<T>(name: string): T | null {
    const text = this.#writer.value<string>('SELECT value FROM audit_state WHERE name = ?', name);
    return text === undefined ? null : JSON.parse(text) as T;
  }

  set(name: string, value: unknown): void {
    this.#writer.run('INSERT OR REPLACE INTO audit_state (name, value) VALUES (?, ?)', name, JSON.stringify(value));
  }

  remove(name: string): void {
    this.#writer.run('DELETE FROM audit_state WHERE name = ?', name);
  }
}
