import { mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../../../shared/ipc/errors.ts';
import { isDamage } from '../errors.ts';
import { pullFactPrefix } from '../facts.ts';
import { configure, connectEncrypted } from './cipher.ts';
import type { Connection, Reader, Writer } from './connection.ts';
import { acquireLock, clearDamageMark, hasContent, isMarkedDamaged, isPlainSqlite, keepAside, removeFiles, type Lock } from './files.ts';
import { checkKey, writeKeyCheck } from './key-check.ts';
import { migrate, migrations } from './migrations/index.ts';
import { salvage, type SalvageTable } from './salvage.ts';

/**
 * What to save from a damaged file, most precious first: what people wrote is nowhere else. Documents are not in it: they
 * come again with the next pull, and half of them would look like all of them.
 */
export const salvageTables: readonly SalvageTable[] = [
  { name: 'drafts' },
  { name: 'outbox' },
  { name: 'draft_versions' },
  { name: 'decisions' },
  { name: 'records' },
  // What people accepted, and how the findings went over time; the findings themselves are needed to tell what is known.
  { name: 'finding_acceptances' },
  { name: 'finding_imports' },
  { name: 'findings' },
  { name: 'finding_keys' },
  { name: 'finding_aliases' },
  { name: 'finding_scopes' },
  { name: 'finding_sources' },
  { name: 'finding_events' },
  { name: 'facts', only: `name NOT LIKE '${pullFactPrefix}%'` },
  { name: 'trails' },
  // What proves that a log was rewritten, and what this client did. The log itself comes again.
  { name: 'audit_journal' },
  { name: 'audit_checkpoints' },
  { name: 'audit_alarms' },
  { name: 'audit_sections' },
  { name: 'audit_sealed_checkpoints' },
  // What was sealed is on no server any more.
  { name: 'audit_sealed_tiles' },
  { name: 'audit_state', only: `name IN ('identity', 'device', 'cosigned', 'visited')` },
];

export type OpenResult = {
  created: boolean;
  /** The schema version it was brought up from; null when it was current. */
  migratedFrom: number | null;
  salvage: { keptAs: string; recovered: number } | null;
};

export type OpenDatabase = { path: string; reader: Reader; writer: Writer; result: OpenResult; close(): void };

export type OpenOptions = {
  path: string;
  /** 32 bytes, overwritten with zeros before this returns or throws. */
  key: Uint8Array;
  /** First reads of the caller: damage that they meet is rescued like damage met by opening. May be called twice. */
  inspect?: (reader: Reader) => void;
  steps?: readonly string[];
  salvageTables?: readonly SalvageTable[];
  now?: () => Date;
};

/**
 * Opens the encrypted database, creating, migrating or rescuing it as needed.
 * @throws AppFailure `database.locked` (param `cause`: `key` for a wrong key, `inUse` for another process; nothing is
 * touched), `database.newer` for a file of a later version, `database.diskFull`, `database.unavailable`.
 */
export function openDatabase(options: OpenOptions): OpenDatabase {
  const { path, key, steps = migrations } = options;
  let lock: Lock | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    lock = acquireLock(path);
    const { reader, writer, result } = openOrRescue({ ...options, steps });
    const held = lock;
    const close = (): void => {
      reader.close();
      writer.close();
      held.release();
    };
    return { path, reader, writer, result, close };
  } catch (error) {
    lock?.release();
    throw error;
  } finally {
    key.fill(0);
  }
}

type Opened = { reader: Connection; writer: Connection; result: OpenResult };

function openOrRescue({ path, key, inspect, steps = migrations, salvageTables: tables = salvageTables, now = () => new Date() }: OpenOptions): Opened {
  if (!hasContent(path)) finishRescue(path);
  const existed = hasContent(path);
  const check = checkKey(path, key);
  if (existed && check === 'wrong') throw failure('database.locked', { params: { cause: 'key' } });
  if (!existed) {
    if (check !== 'right') writeKeyCheck(path, key);
    return openFile(path, key, steps, true, inspect);
  }
  if (!isMarkedDamaged(path)) {
    try {
      const opened = openFile(path, key, steps, false, inspect);
      // Only a file that opened proves the key; then a lost check is written again.
      if (check === 'unknown') writeKeyCheck(path, key);
      return opened;
    } catch (error) {
      if (!isDamage(error)) throw error;
      // Without a check this may as well be a wrong key, and a wrong key never costs data.
      if (check === 'unknown') throw failure('database.locked', { params: { cause: 'key' } }, error);
    }
  }
  const saved = rescue(path, key, steps, tables, now());
  return { ...openFile(path, key, steps, true, inspect), result: { created: true, migratedFrom: null, salvage: saved } };
}

function openFile(path: string, key: Uint8Array, steps: readonly string[], created: boolean, inspect?: (reader: Reader) => void): Opened {
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
    inspect?.(reader);
    return { reader, writer, result: { created, migratedFrom: created || from === steps.length ? null : from, salvage: null } };
  } catch (error) {
    reader?.close();
    writer.close();
    throw error;
  }
}

const rescuePath = (path: string): string => `${path}.rescue`;

/**
 * Saves what can be read into a new file, then keeps the damaged one under another name and puts the new one in its place.
 * Until then nothing is moved, so a rescue that fails or is killed starts again with the next opening.
 */
function rescue(path: string, key: Uint8Array, steps: readonly string[], tables: readonly SalvageTable[], now: Date): { keptAs: string; recovered: number } {
  const fresh = rescuePath(path);
  removeFiles(fresh);
  const { reader, writer } = openFile(fresh, key, steps, true);
  let recovered: number;
  try {
    recovered = salvage(() => connectEncrypted(path, key, { fileMustExist: true }), writer, tables);
  } finally {
    reader.close();
    writer.close();
  }
  const keptAs = keepAside(path, now);
  finishRescue(path);
  return { keptAs, recovered };
}

/** The last step of a rescue, also of one that was killed before it. */
function finishRescue(path: string): void {
  if (hasContent(rescuePath(path))) renameSync(rescuePath(path), path);
  clearDamageMark(path);
}
