import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../../../shared/ipc/errors.ts';
import { isDamage } from '../errors.ts';
import { pullFactPrefix } from '../facts.ts';
import { configure, connectEncrypted } from './cipher.ts';
import type { Connection, Reader, Writer } from './connection.ts';
import { acquireLock, clearDamageMark, hasContent, isMarkedDamaged, isPlainSqlite, keepAside } from './files.ts';
import { checkKey, writeKeyCheck } from './key-check.ts';
import { migrate, migrations } from './migrations/index.ts';
import { salvage, type SalvageTable } from './salvage.ts';

/**
 * What to save from a damaged file, most precious first. Documents are not in it: they come again with the next pull, and
 * half of them would look like all of them.
 */
export const salvageTables: readonly SalvageTable[] = [
  { name: 'facts', only: `name NOT LIKE '${pullFactPrefix}%'` },
  { name: 'trails' },
];

export type OpenResult = {
  created: boolean;
  /** The schema version it was brought up from; null when it was current. */
  migratedFrom: number | null;
  salvage: { keptAs: string; recovered: number } | null;
};

export type OpenDatabase = { path: string; reader: Reader; writer: Writer; result: OpenResult; close(): void };

export type OpenOptions = { path: string; key: Uint8Array; steps?: readonly string[]; salvageTables?: readonly SalvageTable[]; now?: () => Date };

/**
 * Opens the encrypted database, creating, migrating or rescuing it as needed.
 * @throws AppFailure `database.locked` (param `cause`: `key` for a wrong key, `inUse` for another process; nothing is
 * touched), `database.newer` for a file of a later version, `database.diskFull`, `database.unavailable`.
 */
export function openDatabase(options: OpenOptions): OpenDatabase {
  const { path, key, steps = migrations } = options;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = acquireLock(path);
  try {
    const opened = openOrRescue({ ...options, steps });
    return {
      path, reader: opened.reader, writer: opened.writer, result: opened.result,
      close: () => {
        opened.reader.close();
        opened.writer.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  } finally {
    key.fill(0);
  }
}

type Opened = { reader: Connection; writer: Connection; result: OpenResult };

function openOrRescue({ path, key, steps = migrations, salvageTables: tables = salvageTables, now = () => new Date() }: OpenOptions): Opened {
  const existed = hasContent(path);
  const check = checkKey(path, key);
  if (existed && check === 'wrong') throw failure('database.locked', { params: { cause: 'key' } });
  if (!existed) {
    if (check !== 'right') writeKeyCheck(path, key);
    return openFile(path, key, steps, true);
  }
  if (!isMarkedDamaged(path)) {
    try {
      const opened = openFile(path, key, steps, false);
      // Only a file that opened proves the key; then a lost check is written again.
      if (check === 'unknown') writeKeyCheck(path, key);
      return opened;
    } catch (error) {
      if (!isDamage(error)) throw error;
      // Without a check this may as well be a wrong key, and a wrong key never costs data.
      if (check === 'unknown') throw failure('database.locked', { params: { cause: 'key' } }, error);
    }
  }
  return rescue(path, key, steps, tables, now());
}

function openFile(path: string, key: Uint8Array, steps: readonly string[], created: boolean): Opened {
  const writer = connectEncrypted(path, key);
  let reader: Connection | null = null;
  try {
    // The first statement that touches the file: a wrong key or a damaged first page shows here.
    writer.value('SELECT count(*) FROM sqlite_schema');
    configure(writer, 'writer');
    const from = migrate(writer, steps);
    if (isPlainSqlite(path)) throw failure('database.failed');
    reader = connectEncrypted(path, key, { fileMustExist: true });
    configure(reader, 'reader');
    reader.value('SELECT count(*) FROM sqlite_schema');
    return { reader, writer, result: { created, migratedFrom: created || from === steps.length ? null : from, salvage: null } };
  } catch (error) {
    reader?.close();
    writer.close();
    throw error;
  }
}

/** Keeps the damaged file, starts a fresh one and carries over what can still be read. */
function rescue(path: string, key: Uint8Array, steps: readonly string[], tables: readonly SalvageTable[], now: Date): Opened {
  const keptAs = keepAside(path, now);
  const opened = openFile(path, key, steps, true);
  let recovered = 0;
  let damaged: Connection | null = null;
  try {
    damaged = connectEncrypted(keptAs, key, { fileMustExist: true });
    recovered = salvage(damaged, opened.writer, tables);
  } catch (error) {
    // An unreadable first page leaves nothing to save; anything else (a full disk) must be told.
    if (!isDamage(error)) {
      opened.reader.close();
      opened.writer.close();
      throw error;
    }
  } finally {
    damaged?.close();
  }
  clearDamageMark(path);
  return { ...opened, result: { created: true, migratedFrom: null, salvage: { keptAs, recovered } } };
}
