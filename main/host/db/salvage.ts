import { errorCodeOf, isDamage } from '../errors.ts';
import type { Connection, Value, Writer } from './connection.ts';

/** A table worth saving from a damaged file. Every one has an integer primary key or a rowid. */
export type SalvageTable = {
  name: string;
  /** SQL condition on the rows to keep; all when left out. */
  only?: string;
};

type Row = Record<string, Value>;

const chunk = 64;
/** Where the walk over an unreadable rest of a table gives up. */
const highestRowid = 2 ** 48;

/**
 * Copies what is readable of these tables, in this order, into a fresh database. A damaged page costs the rows on it and
 * nothing else: the walk goes up from the first row, jumps over unreadable stretches in growing steps, and comes back down
 * to the edge of the damage.
 * @param connect opens the damaged file. Called again after every damaged page, because the cipher refuses all further
 * reads of a connection that has met one.
 * @returns the number of rows saved.
 */
export function salvage(connect: () => Connection, fresh: Writer, tables: readonly SalvageTable[]): number {
  const source = new DamagedSource(connect);
  let saved = 0;
  try {
    for (const table of tables) {
      const known = new Set(fresh.values<string>('SELECT name FROM pragma_table_info(?)', table.name));
      if (known.size === 0) continue;
      fresh.transaction(() => {
        for (const row of readableRows(source, table)) saved += insert(fresh, table.name, row, known);
      });
    }
  } finally {
    source.close();
  }
  return saved;
}

/** A row that no longer fits the schema is lost, the others are not; a full disk ends the rescue. */
function insert(fresh: Writer, table: string, row: Row, known: ReadonlySet<string>): number {
  const names = Object.keys(row).filter((name) => known.has(name));
  const sql = `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  try {
    return fresh.run(sql, ...names.map((name) => row[name] ?? null));
  } catch (error) {
    if (errorCodeOf(error)?.startsWith('SQLITE_CONSTRAINT') === true) return 0;
    throw error;
  }
}

/** Reads from a damaged file; null stands for a damaged page. */
class DamagedSource {
  readonly #connect: () => Connection;
  #connection: Connection | null = null;

  constructor(connect: () => Connection) {
    this.#connect = connect;
  }

  rows(sql: string, ...values: Value[]): Row[] | null {
    try {
      this.#connection ??= this.#connect();
      return this.#connection.all<Row>(sql, ...values);
    } catch (error) {
      this.close();
      if (isDamage(error)) return null;
      // The table is younger than the file: nothing to save there.
      if (error instanceof Error && /no such (table|column)/.test(error.message)) return [];
      throw error;
    }
  }

  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}

function* readableRows(source: DamagedSource, { name, only }: SalvageTable): Generator<Row> {
  const condition = only === undefined ? '' : `AND (${only})`;
  const up = `SELECT rowid AS salvage_rowid, * FROM ${name} WHERE rowid > ? ${condition} ORDER BY rowid LIMIT ?`;
  const down = `SELECT rowid AS salvage_rowid, * FROM ${name} WHERE rowid < ? AND rowid > ? ${condition} ORDER BY rowid DESC LIMIT 1`;
  /** The last row that was read; all up to `cursor` is read or jumped over. */
  let last = 0;
  let cursor = 0;
  let step = 0;
  while (cursor <= highestRowid) {
    const rows = (step === 0 ? source.rows(up, cursor, chunk) : null) ?? source.rows(up, cursor, 1);
    if (rows === null) {
      step = Math.max(1, step * 2);
      cursor += step;
      continue;
    }
    const next = rows[0] === undefined ? cursor + 1 : rowidOf(rows[0]);
    if (step > 0) {
      // Behind the damage: what the growing steps jumped over is read backwards, up to the damaged page.
      let edge = next;
      for (let row = source.rows(down, edge, last)?.[0]; row !== undefined; row = source.rows(down, edge, last)?.[0]) {
        edge = rowidOf(row);
        yield row;
      }
      step = 0;
    }
    if (rows.length === 0) return;
    yield* rows;
    last = rowidOf(rows.at(-1) ?? {});
    cursor = last;
  }
}

const rowidOf = (row: Row): number => Number(row['salvage_rowid']);
