import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export type Db = Database.Database;

/** Every time column is epoch milliseconds; the wire format is made where it is sent. */
const schema = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS partners (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, hint TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (id TEXT PRIMARY KEY, name TEXT NOT NULL, hint TEXT NOT NULL, cost TEXT NOT NULL, price TEXT NOT NULL, vat_rate TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
  id INTEGER PRIMARY KEY, type TEXT NOT NULL, number TEXT NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL, search TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS workflow (
  domain TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, submitted_by TEXT, submitted_at INTEGER,
  PRIMARY KEY (domain, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit_log (
  position INTEGER PRIMARY KEY, seq INTEGER NOT NULL, ts INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, resource TEXT NOT NULL,
  canonical TEXT NOT NULL, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS audit (
  seq INTEGER PRIMARY KEY, ts INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, domain TEXT NOT NULL, number TEXT NOT NULL,
  from_state TEXT, to_state TEXT, reason TEXT, policy TEXT, correlation_id TEXT NOT NULL, outcome TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS archives (
  seq INTEGER PRIMARY KEY, domain TEXT NOT NULL, type TEXT NOT NULL, number TEXT NOT NULL, path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
  user TEXT NOT NULL, ts INTEGER NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY AUTOINCREMENT, ts INTEGER NOT NULL, payload TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (prefix TEXT NOT NULL, year INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (prefix, year)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS idempotency (
  actor TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, etag TEXT, body TEXT NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS idp (
  model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, grant_id TEXT, uid TEXT, user_code TEXT, expires_at INTEGER, PRIMARY KEY (model, id)) WITHOUT ROWID;
`;

/** Made after the seed, because building them once over a million rows is far cheaper than keeping them up to date. */
const indexes = `
CREATE UNIQUE INDEX IF NOT EXISTS documents_number ON documents (number, type);
CREATE INDEX IF NOT EXISTS documents_changed ON documents (type, updated_at);
CREATE INDEX IF NOT EXISTS documents_present ON documents (type) WHERE deleted = 0;
CREATE INDEX IF NOT EXISTS workflow_state ON workflow (state, domain, submitted_at);
CREATE INDEX IF NOT EXISTS audit_resource ON audit_log (resource, position);
CREATE INDEX IF NOT EXISTS audit_document ON audit (domain, number, seq);
CREATE INDEX IF NOT EXISTS archives_document ON archives (number, type);
CREATE INDEX IF NOT EXISTS idempotency_age ON idempotency (created_at);
CREATE INDEX IF NOT EXISTS idp_grant ON idp (grant_id);
`;

export type OpenedDatabase = { db: Db; createIndexes(): void; close(): void };

/**
 * Opens the server's database.
 * @param dir folder that survives a restart; without it a temporary one that is removed on close.
 */
export function openDatabase(dir: string | undefined): OpenedDatabase {
  const folder = dir ?? mkdtempSync(join(tmpdir(), 'valeo-backend-'));
  mkdirSync(folder, { recursive: true });
  const db = new Database(join(folder, 'erp.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('cache_size = -65536');
  db.exec(schema);
  return {
    db,
    createIndexes: () => { db.exec(indexes); },
    close: () => {
      db.close();
      if (dir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A value of the meta table, made by `create` and stored when it is not there yet. */
export function metaValue(db: Db, key: string, create: () => string): string {
  const row = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(key);
  if (row) return row.value;
  const value = create();
  setMeta(db, key, value);
  return value;
}

export function setMeta(db: Db, key: string, value: string): void {
  db.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
}
