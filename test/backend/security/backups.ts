import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import { metaValue, type Db } from '../db.ts';
import { callerOf, requireAll } from '../erp/auth.ts';
import { invalid, refuse } from '../erp/errors.ts';
import { requireReader } from './readers.ts';

export type BackupKind = 'daily' | 'monthly';
type Row = { id: string; kind: BackupKind; created_at: number; size: number; sha256: string; offsite_at: number | null; manifest: string };
/** What each table held: how many rows, and a digest over all of them. */
type Manifest = Record<string, { rows: number; sha256: string }>;

export type Backups = {
  create(kind: BackupKind, at?: number): Row;
  list(): Row[];
  /** For tests: a dying disk flips a byte (`byte`, default), the file ends in the middle (`cut`), or it opens well and rows of it are missing (`rows`). */
  damage(id: string, how?: 'byte' | 'cut' | 'rows'): void;
  /** For tests: the copy outside of the house is gone. */
  loseOffsite(id: string): void;
  /** For tests: the next answers claim more rows than were compared, are signed with another key, or are those of an earlier drill. */
  forge(how: 'rows' | 'key' | 'replay' | null): void;
  /** For tests: the daily job does not run any more. */
  stopDaily(): void;
};

const day = 86_400_000;
/** PRODUCT, row S9: thirty days of daily backups, twelve months of monthly ones. */
const keptMs: Readonly<Record<BackupKind, number>> = { daily: 30 * day, monthly: 365 * day };
/** Rows that change with every request: what is compared is what people wrote. */
const restless = new Set(['idempotency', 'idp', 'events', 'sqlite_sequence', 'backups']);

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

function manifestOf(db: Db): Manifest {
  const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all().filter(({ name }) => !restless.has(name) && !name.startsWith('sqlite_'));
  return Object.fromEntries(tables.map(({ name }) => [name, tableDigest(db, name) ?? { rows: 0, sha256: '' }]));
}

/** @returns null for a table that is not there or cannot be read to its end */
function tableDigest(db: Db, name: string): Manifest[string] | null {
  const hash = createHash('sha256');
  let rows = 0;
  try {
    for (const row of db.prepare(`SELECT * FROM "${name}"`).raw().iterate() as Iterable<unknown[]>) {
      hash.update(JSON.stringify(row.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))));
      rows += 1;
    }
  } catch {
    return null;
  }
  return { rows, sha256: hash.digest('hex') };
}

/** Backups of the server's own database: files beside it, a copy in another place, and drills that really restore. */
export function createBackups(db: Db, now: () => number): Backups & { drill(id: string): Record<string, unknown>; key: string } {
  db.exec('CREATE TABLE IF NOT EXISTS backups (id TEXT PRIMARY KEY, kind TEXT NOT NULL, created_at INTEGER NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, offsite_at INTEGER, manifest TEXT NOT NULL) WITHOUT ROWID');
  const folders = { local: join(dirname(db.name), 'backups'), offsite: join(dirname(db.name), 'offsite') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const file = (place: keyof typeof folders, id: string): string => join(folders[place], `${id}.sqlite`);
  const all = db.prepare<[], Row>('SELECT * FROM backups ORDER BY created_at DESC, id DESC');
  const find = db.prepare<[string], Row>('SELECT * FROM backups WHERE id = ?');
  const insert = db.prepare('INSERT INTO backups (id, kind, created_at, size, sha256, offsite_at, manifest) VALUES (@id, @kind, @created_at, @size, @sha256, @offsite_at, @manifest)');
  const privateKey = createPrivateKey(metaValue(db, 'evidence_key', () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string));
  const publicBytes = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-32);
  const name = 'neuroerp.example/evidence';
  const typed = Buffer.concat([Buffer.of(0x01), publicBytes]);
  const keyId = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4).toString('hex');
  let forging: 'rows' | 'key' | 'replay' | null = null;
  let isDaily = true;
  let earlier: Record<string, unknown> | null = null;

  const prune = (): void => {
    for (const { id, kind, created_at: at } of all.all()) {
      if (now() - at <= keptMs[kind]) continue;
      for (const place of ['local', 'offsite'] as const) rmSync(file(place, id), { force: true });
      db.prepare('DELETE FROM backups WHERE id = ?').run(id);
    }
  };
  const create = (kind: BackupKind, at = now()): Row => {
    const id = `${kind}-${new Date(at).toISOString().replace(/[:.]/g, '-')}-${randomBytes(2).toString('hex')}`;
    const target = file('local', id);
    db.prepare('VACUUM INTO ?').run(target);
    const content = readFileSync(target);
    copyFileSync(target, file('offsite', id));
    // A copy counts once it was read back and is the same.
    const isCopied = digest(readFileSync(file('offsite', id))) === digest(content);
    const copy = new Database(target, { readonly: true });
    const manifest = manifestOf(copy);
    copy.close();
    const row: Row = { id, kind, created_at: at, size: content.length, sha256: digest(content), offsite_at: isCopied ? at : null, manifest: JSON.stringify(manifest) };
    insert.run(row);
    prune();
    return row;
  };

  return {
    create, key: `${name}+${keyId}+${typed.toString('base64')}`,
    list: () => {
      prune();
      const newest = all.all().find(({ kind }) => kind === 'daily');
      // The server's daily job; it runs when somebody looks, so that servers of tests that never look need not make any.
      if (isDaily && (newest === undefined || now() - newest.created_at >= day)) create('daily');
      return all.all().map((row) => (existsSync(file('offsite', row.id)) ? row : { ...row, offsite_at: null }));
    },
    damage: (id, how = 'byte') => damageFile(file('local', id), how),
    loseOffsite: (id) => {
      rmSync(file('offsite', id), { force: true });
      db.prepare('UPDATE backups SET offsite_at = NULL WHERE id = ?').run(id);
    },
    forge: (how) => { forging = how; },
    stopDaily: () => { isDaily = false; },
    drill: (id) => {
      const backup = find.get(id);
      if (backup === undefined || !existsSync(file('local', id))) throw refuse(404, 'Backup not found');
      const startedAt = now();
      const begun = performance.now();
      const content = readFileSync(file('local', id));
      const sha256 = digest(content);
      const compared = restoreAndCompare(content, JSON.parse(backup.manifest) as Manifest, join(folders.local, `drill-${randomBytes(4).toString('hex')}.sqlite`));
      const problems = [...(sha256 === backup.sha256 ? [] : ['checksum']), ...compared.problems];
      if (existsSync(file('offsite', id)) && digest(readFileSync(file('offsite', id))) !== backup.sha256) problems.push('offsite');
      const rtoSeconds = Math.max(1, Math.ceil((performance.now() - begun) / 1000));
      const evidence = {
        backup: id, startedAt: new Date(startedAt).toISOString(), finishedAt: new Date(startedAt + rtoSeconds * 1000).toISOString(), rowsCompared: compared.rows,
        // Whatever is wrong counts, also where no row could be read.
        mismatches: Math.max(compared.mismatches, problems.length), rpoSeconds: Math.max(0, Math.round((startedAt - backup.created_at) / 1000)), rtoSeconds, sha256,
      };
      // One spelling for what is signed: a name for the kind of text, and an array in a fixed order. The key stands in the list
      // of the backups (`key`, C2SP signed-note verifier key), a key of its own beside that of the audit log.
      const text = `valeo-restore-drill/1\n${JSON.stringify([...Object.values(evidence), ...problems])}\n`;
      const signer = forging === 'key' ? generateKeyPairSync('ed25519').privateKey : privateKey;
      const answer = { ...evidence, problems, signature: sign(null, Buffer.from(text, 'utf8'), signer).toString('base64') };
      if (forging === 'replay' && earlier !== null) return earlier;
      earlier = answer;
      return forging === 'rows' ? { ...answer, rowsCompared: answer.rowsCompared * 2, mismatches: 0, problems: [] } : answer;
    },
  };
}

/** Restores into a second file, opens it, lets SQLite check it, and holds each table against what was written down when the backup was made. */
function restoreAndCompare(content: Buffer, promised: Manifest, target: string): { rows: number; mismatches: number; problems: string[] } {
  const problems: string[] = [];
  let rows = 0;
  let mismatches = 0;
  writeFileSync(target, content);
  let second: Db | null = null;
  try {
    second = new Database(target);
    if (second.pragma('integrity_check', { simple: true }) !== 'ok') problems.push('integrity');
    for (const [table, expected] of Object.entries(promised)) {
      const found = tableDigest(second, table);
      rows += found?.rows ?? 0;
      if (found?.sha256 === expected.sha256) continue;
      problems.push(`table:${table}`);
      mismatches += Math.max(1, Math.abs(expected.rows - (found?.rows ?? 0)));
    }
  } catch {
    problems.push('unreadable');
  } finally {
    second?.close();
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(target + suffix, { force: true });
  }
  return { rows, mismatches, problems };
}

function damageFile(path: string, how: 'byte' | 'cut' | 'rows'): void {
  if (how === 'rows') {
    const inside = new Database(path);
    inside.prepare('DELETE FROM documents WHERE id IN (SELECT id FROM documents LIMIT 3)').run();
    inside.close();
    return;
  }
  const content = readFileSync(path);
  // A page's header says what is on it, so that SQLite itself notices the flipped byte too.
  const at = Math.floor(content.length / 8192) * 4096;
  content[at] = (content[at] ?? 0) ^ 0x55;
  writeFileSync(path, how === 'cut' ? content.subarray(0, content.length >> 1) : content);
}

type Query = { kind?: string };
const restoresPerMinute = 5;

/** `/security/backups`, ERP-API section 7. */
export function backupRoutes(app: FastifyInstance, backups: ReturnType<typeof createBackups>, audit: Audit): void {
  const iso = (at: number): string => new Date(at).toISOString();
  const wire = (row: Row): Record<string, unknown> => ({
    id: row.id, kind: row.kind, createdAt: iso(row.created_at), size: row.size, sha256: row.sha256, keptUntil: iso(row.created_at + keptMs[row.kind]),
    offsite: { copied: row.offsite_at !== null, copiedAt: row.offsite_at === null ? null : iso(row.offsite_at), location: 'offsite' },
  });

  app.get('/security/backups', (request) => {
    requireReader(request);
    const items = backups.list().map(wire);
    return { total: items.length, items, key: backups.key };
  });

  app.post<{ Body: Query | null }>('/security/backups', (request) => {
    requireAll(callerOf(request), 'admin:all');
    const kind = request.body?.kind ?? 'daily';
    if (kind !== 'daily' && kind !== 'monthly') throw invalid(['body', 'kind'], 'Input should be daily or monthly', kind);
    const row = backups.create(kind);
    audit.record(request, { action: 'backup.create', resource: `backup/${row.id}` });
    return { ok: true, backup: wire(row) };
  });

  // A drill is a restore, and has its limit.
  app.post<{ Params: { id: string } }>('/security/backups/:id/drill', { config: { rateLimit: { max: restoresPerMinute, timeWindow: 60_000 } } }, (request) => {
    requireAll(callerOf(request), 'admin:all');
    const evidence = backups.drill(request.params.id);
    audit.record(request, { action: 'backup.drill', resource: `backup/${request.params.id}`, reason: `${String(evidence['rowsCompared'])} rows, ${String(evidence['mismatches'])} mismatches` });
    return { ok: true, evidence };
  });
}
