import { isDamage } from '../errors.ts';
import type { Connection, Value, Writer } from './connection.ts';

/** A table worth saving from a damaged file. Every one has an integer primary key or a rowid. */
export type SalvageTable = {
  name: string;
  /** SQL condition on the rows to keep; all when left out. */
  only?: string;
};

type Row = Record<string, Value>;

const chunk = 64;

/**
 * Copies what is readable of these tables, in this order, into a fresh database. A damaged page costs the rows on it and
 * nothing else: the walk goes up from the first row, jumps over unreadable stretches in growing steps, and comes back down
 * to the edge of the damage.
 * @returns the number of rows saved.
 */
export function salvage(damaged: Connection, fresh: Writer, tables: readonly SalvageTable[]): number {
  let saved = 0;
  for (const table of tables) {
    const known = new Set(fresh.values<string>(`SELECT name FROM pragma_table_info(?)`, table.name));
    if (known.size === 0) continue;
    fresh.transaction(() => {
      for (const row of readableRows(damaged, table)) {
        const names = Object.keys(row).filter((name) => known.has(name));
        try {
          saved += fresh.run(
            `INSERT OR IGNORE INTO ${table.name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, ...names.map((name) => row[name] ?? null),
          );
        } catch (error) {
          // A row that no longer fits the schema is lost, the others are not; a full disk ends the rescue.
          if (!isConstraint(error)) throw error;
        }
      }
    });
  }
  return saved;
}

function* readableRows(damaged: Connection, { name, only }: SalvageTable): Generator<Row> {
  const condition = only === undefined ? '' : `AND (${only})`;
  const up = `SELECT rowid AS salvage_rowid, * FROM ${name} WHERE rowid > ? ${condition} ORDER BY rowid LIMIT ?`;
  const down = `SELECT rowid AS salvage_rowid, * FROM ${name} WHERE rowid < ? AND rowid > ? ${condition} ORDER BY rowid DESC LIMIT 1`;
  let cursor = Number.MIN_SAFE_INTEGER;
  let last = cursor;
  let step = 1;
  for (;;) {
    const rows = attempt(() => damaged.all<Row>(up, cursor, step === 1 ? chunk : 1)) ?? attempt(() => damaged.all<Row>(up, cursor, 1));
    if (rows === null) {
      const next = Math.max(cursor, 0) + step;
      if (next > 2 ** 48) return;
      cursor = next;
      step *= 2;
      continue;
    }
    if (step > 1) {
      // Behind the damage: what the growing steps jumped over is read backwards, up to the damaged page.
      let edge = Number(rows[0]?.salvage_rowid ?? cursor + 1);
      for (;;) {
        const row = attempt(() => damaged.all<Row>(down, edge, last))?.[0];
        if (row === undefined) break;
        edge = Number(row.salvage_rowid);
        yield strip(row);
      }
      step = 1;
    }
    if (rows.length === 0) return;
    for (const row of rows) {
      last = Number(row.salvage_rowid);
      yield strip(row);
    }
    cursor = last;
  }
}

function strip(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'salvage_rowid'));
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) return null;
    // "no such table": the schema page itself is gone or older. Nothing to save there.
    if (error instanceof Error && /no such (table|column)/.test(error.message)) return [] as T;
    throw error;
  }
}

const isConstraint = (error: unknown): boolean => error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
