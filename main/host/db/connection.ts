import type Database from 'better-sqlite3';

/** SQL parameters; SQLite has no booleans. */
export type Value = string | number | Uint8Array | null;

/**
 * What code that only reads gets. Its connection runs under `query_only`, so a write fails in SQLite too, not only in the
 * type checker. Statements are prepared once per text.
 */
export interface Reader {
  one<T>(sql: string, ...values: Value[]): T | undefined;
  all<T>(sql: string, ...values: Value[]): T[];
  /** Rows as arrays, the cheapest form for scans. */
  rows<T extends unknown[]>(sql: string, ...values: Value[]): T[];
  /** The first column of the first row. */
  value<T>(sql: string, ...values: Value[]): T | undefined;
  /** The first column of every row. */
  values<T>(sql: string, ...values: Value[]): T[];
}

/** The one writer of the database. */
export interface Writer extends Reader {
  /** @returns the number of changed rows. */
  run(sql: string, ...values: Value[]): number;
  /** @returns the rowid of the new row. */
  insert(sql: string, ...values: Value[]): number;
  /** Runs a script. Never with values inside the text. */
  script(sql: string): void;
  /** All or nothing; nests into an open transaction as a part of it. */
  transaction<T>(work: () => T): T;
  begin(): void;
  commit(): void;
  /** Does nothing when no transaction is open, because SQLite ends it by itself on some errors (a full disk). */
  rollback(): void;
  readonly inTransaction: boolean;
}

const statementLimit = 256;

/** Both roles over one better-sqlite3 handle. Hand it out as {@link Reader} or {@link Writer}, never as itself. */
export class Connection implements Writer {
  readonly handle: Database.Database;
  readonly #statements = new Map<string, Database.Statement<Value[]>>();

  constructor(handle: Database.Database) {
    this.handle = handle;
  }

  one<T>(sql: string, ...values: Value[]): T | undefined {
    return this.#statement(sql, 'objects').get(...values) as T | undefined;
  }

  all<T>(sql: string, ...values: Value[]): T[] {
    return this.#statement(sql, 'objects').all(...values) as T[];
  }

  rows<T extends unknown[]>(sql: string, ...values: Value[]): T[] {
    return this.#statement(sql, 'arrays').all(...values) as T[];
  }

  value<T>(sql: string, ...values: Value[]): T | undefined {
    return this.#statement(sql, 'values').get(...values) as T | undefined;
  }

  values<T>(sql: string, ...values: Value[]): T[] {
    return this.#statement(sql, 'values').all(...values) as T[];
  }

  run(sql: string, ...values: Value[]): number {
    return this.#statement(sql, 'none').run(...values).changes;
  }

  insert(sql: string, ...values: Value[]): number {
    return Number(this.#statement(sql, 'none').run(...values).lastInsertRowid);
  }

  script(sql: string): void {
    this.handle.exec(sql);
  }

  transaction<T>(work: () => T): T {
    if (this.inTransaction) return work();
    this.begin();
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  begin(): void {
    this.handle.exec('BEGIN IMMEDIATE');
  }

  commit(): void {
    this.handle.exec('COMMIT');
  }

  rollback(): void {
    if (this.handle.inTransaction) this.handle.exec('ROLLBACK');
  }

  get inTransaction(): boolean {
    return this.handle.inTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.handle.close();
  }

  #statement(sql: string, form: 'objects' | 'arrays' | 'values' | 'none'): Database.Statement<Value[]> {
    const id = `${form}:${sql}`;
    let statement = this.#statements.get(id);
    if (statement === undefined) {
      statement = this.handle.prepare<Value[]>(sql);
      if (form === 'arrays') statement.raw(true);
      if (form === 'values') statement.pluck(true);
    } else {
      this.#statements.delete(id);
    }
    // Re-inserted last: the oldest entry of a Map is then the least recently used one.
    this.#statements.set(id, statement);
    if (this.#statements.size > statementLimit) this.#statements.delete(this.#statements.keys().next().value as string);
    return statement;
  }
}
