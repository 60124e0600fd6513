import Database from 'better-sqlite3';
import { failure } from '../../../shared/ipc/errors.ts';
import { Connection } from './connection.ts';

/** What the cipher build adds to better-sqlite3 and its public types do not know. */
type KeyedDatabase = Database.Database & { key(key: Buffer): number };

export const keyBytes = 32;
const hexDigits = '0123456789abcdef';

/**
 * The key in the form that SQLite3 Multiple Ciphers takes without deriving it again: `x'…'`. Built in a buffer, byte by
 * byte, because a string could not be wiped afterwards.
 */
function rawKey(key: Uint8Array): Buffer {
  const text = Buffer.alloc(keyBytes * 2 + 3);
  text.write("x'", 0, 'latin1');
  for (let index = 0; index < keyBytes; index++) {
    const byte = key[index] ?? 0;
    text[2 + index * 2] = hexDigits.charCodeAt(byte >> 4);
    text[3 + index * 2] = hexDigits.charCodeAt(byte & 15);
  }
  text.write("'", keyBytes * 2 + 2, 'latin1');
  return text;
}

/**
 * Opens a connection that encrypts every page with AEGIS-256. SQLite opens lazily: a wrong key or a damaged first page
 * shows at the first statement.
 * @throws AppFailure `database.failed` when the library has no such cipher: it never falls back to another one.
 */
export function connectEncrypted(path: string, key: Uint8Array, options: { readonly fileMustExist?: boolean } = {}): Connection {
  if (key.length !== keyBytes) throw failure('database.failed');
  const handle = new Database(path, { fileMustExist: options.fileMustExist ?? false, timeout: 250 });
  try {
    handle.pragma(`cipher = 'aegis'`);
    if (handle.pragma('cipher', { simple: true }) !== 'aegis') throw failure('database.failed');
    const text = rawKey(key);
    try {
      (handle as KeyedDatabase).key(text);
    } finally {
      text.fill(0);
    }
    return new Connection(handle);
  } catch (error) {
    handle.close();
    throw error;
  }
}

/**
 * Settings of every connection. `synchronous = FULL`: a commit that was answered survives a power cut; the price is one
 * fsync per transaction, and the cache writes in batches. Nothing is spilled to a temporary file, which would be plain text.
 */
export function configure(connection: Connection, role: 'reader' | 'writer'): void {
  const { handle } = connection;
  handle.pragma('journal_mode = WAL');
  handle.pragma('synchronous = FULL');
  handle.pragma('temp_store = MEMORY');
  handle.pragma('mmap_size = 0');
  handle.pragma('foreign_keys = ON');
  handle.pragma('secure_delete = ON');
  handle.pragma('trusted_schema = OFF');
  handle.pragma('cache_size = -65536');
  handle.pragma('journal_size_limit = 67108864');
  if (role === 'reader') handle.pragma('query_only = ON');
}
