import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { failure } from '../../../shared/ipc/errors.ts';
import { codeOfSqlite, errorCodeOf } from '../errors.ts';

/** Writes a file so that it is there whole or not at all. */
export function writeWhole(path: string, data: Uint8Array): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, data);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

export const hasContent = (path: string): boolean => existsSync(path) && statSync(path).size > 0;

const plainHeader = Buffer.from('SQLite format 3\0', 'latin1');

/** True when the file on disk is an unencrypted SQLite database. */
export function isPlainSqlite(path: string): boolean {
  if (!hasContent(path)) return false;
  const head = Buffer.alloc(plainHeader.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  return head.equals(plainHeader);
}

/** The files that make up one database. */
const suffixes = ['', '-wal', '-shm'] as const;

/**
 * Moves a database aside under a new name, with its log, so that nothing readable in it is lost.
 * @returns the new path.
 */
export function keepAside(path: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace(/\..*$/, 'Z');
  let target = `${path}.damaged-${stamp}`;
  for (let copy = 2; existsSync(target); copy++) target = `${path}.damaged-${stamp}-${copy}`;
  for (const suffix of suffixes) if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  return target;
}

/** Removes a database with its log. */
export function removeFiles(path: string): void {
  for (const suffix of suffixes) rmSync(path + suffix, { force: true });
}

const damageMark = (path: string): string => `${path}.damaged`;

/** Remembers across restarts that damage was seen deep in the file, where the next opening would not look. */
export function markDamaged(path: string): void {
  writeWhole(damageMark(path), Buffer.from('1\n'));
}

export const isMarkedDamaged = (path: string): boolean => existsSync(damageMark(path));

export function clearDamageMark(path: string): void {
  rmSync(damageMark(path), { force: true });
}

/** Holds the database for one process. */
export type Lock = { release(): void };

/**
 * Takes the lock of a database: an exclusive SQLite transaction on an empty file beside it. The operating system drops it
 * with the process, however that ends, so no stale lock can lock anyone out.
 * @throws AppFailure `database.locked` at once when another process holds it.
 */
export function acquireLock(path: string): Lock {
  let handle: Database.Database | null = null;
  try {
    handle = new Database(`${path}.lock`, { timeout: 0 });
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle?.close();
    const code = codeOfSqlite(errorCodeOf(error) ?? '');
    if (code === 'database.locked') throw failure('database.locked', { params: { cause: 'inUse' } }, error);
    throw error;
  }
  const held = handle;
  return { release: () => { held.close(); } };
}
