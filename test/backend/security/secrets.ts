import { createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import { callerOf, requireAll, requireFresh } from '../erp/auth.ts';
import { invalid, refuse } from '../erp/errors.ts';
import { addCookieSecret, cookieSecrets, dropNewSigningKey, dropOldSigningKeys, keepCookieSecrets, rotateSigningKeys, signingKeys } from '../idp/keys.ts';
import { requireReader } from './readers.ts';

export const rotatePhases = ['begin', 'confirm', 'abort'] as const;
export type RotatePhase = (typeof rotatePhases)[number];

type Row = { name: string; kind: string; provider: string | null; owner: string | null; created_at: number; rotated_at: number; overlap_since: number | null };
/** What a secret really is, behind its name. `mark` is a digest that tells two values apart and nothing of either. */
type Store = { begin(): void; confirm(): void; abort(): void; mark(): string };

const day = 86_400_000;
/** Days after which each kind is due: monthly, per provider, quarterly. */
const periods: Readonly<Record<string, number>> = { jwt: 30, oidc: 90, database: 92 };
const firstRows = [
  { name: 'jwt-signing-key', kind: 'jwt', provider: 'NeuroERP', owner: 'IT-Betrieb', age: 12 },
  { name: 'oidc-cookie-key', kind: 'oidc', provider: 'oidc-provider', owner: null, age: 97 },
  { name: 'database-password', kind: 'database', provider: 'SQLite', owner: null, age: 40 },
] as const;

/** The database's password in a file of its own, and salted hashes of the accepted ones in the database. */
function passwordStore(db: Db, folder: string): Store & { accepts(password: string): boolean } {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  const hashOf = (password: string, salt: string): string => scryptSync(password, salt, 32, { N: 1024 }).toString('hex');
  db.exec('CREATE TABLE IF NOT EXISTS secret_hashes (position INTEGER PRIMARY KEY AUTOINCREMENT, salt TEXT NOT NULL, hash TEXT NOT NULL)');
  const all = db.prepare<[], { position: number; salt: string; hash: string }>('SELECT * FROM secret_hashes ORDER BY position DESC');
  const make = (): void => {
    const password = randomBytes(24).toString('base64url');
    const salt = randomBytes(16).toString('hex');
    writeFileSync(file('database-password.new'), password, { mode: 0o600 });
    renameSync(file('database-password.new'), file('database-password'));
    db.prepare('INSERT INTO secret_hashes (salt, hash) VALUES (?, ?)').run(salt, hashOf(password, salt));
  };
  if (all.get() === undefined) make();
  return {
    begin: () => {
      writeFileSync(file('database-password.old'), readFileSync(file('database-password')), { mode: 0o600 });
      make();
    },
    confirm: () => {
      writeFileSync(file('database-password.old'), '');
      db.exec('DELETE FROM secret_hashes WHERE position < (SELECT max(position) FROM secret_hashes)');
    },
    abort: () => {
      renameSync(file('database-password.old'), file('database-password'));
      db.exec('DELETE FROM secret_hashes WHERE position = (SELECT max(position) FROM secret_hashes)');
    },
    mark: () => all.get()?.hash ?? '',
    accepts: (password) => all.all().some(({ salt, hash }) => timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(hashOf(password, salt), 'hex'))),
  };
}

export type Secrets = {
  list(): Row[];
  rotate(name: string, phase: RotatePhase): Row;
  /** For tests: a digest of the value in use, so that a change can be seen. */
  mark(name: string): string;
  /** For tests: whether the database takes this password. */
  acceptsPassword(password: string): boolean;
  /** For tests: so long ago was it last rotated. */
  age(name: string, days: number): void;
};

/** The server's own secrets, which it really rotates. @param reload the identity provider and the ERP take over changed keys */
export function createSecrets(db: Db, now: () => number, reload: () => void): Secrets {
  db.exec('CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, kind TEXT NOT NULL, provider TEXT, owner TEXT, created_at INTEGER NOT NULL, rotated_at INTEGER NOT NULL, overlap_since INTEGER) WITHOUT ROWID');
  const all = db.prepare<[], Row>('SELECT * FROM secrets ORDER BY name');
  const find = db.prepare<[string], Row>('SELECT * FROM secrets WHERE name = ?');
  const insert = db.prepare('INSERT OR IGNORE INTO secrets (name, kind, provider, owner, created_at, rotated_at) VALUES (@name, @kind, @provider, @owner, @at, @at)');
  for (const { age, ...row } of firstRows) insert.run({ ...row, at: now() - age * day });
  const password = passwordStore(db, join(dirname(db.name), 'secrets'));
  const short = (text: string): string => createHash('sha256').update(text).digest('hex');
  const stores: Readonly<Record<string, Store>> = {
    'jwt-signing-key': { begin: () => rotateSigningKeys(db, true), confirm: () => dropOldSigningKeys(db), abort: () => dropNewSigningKey(db), mark: () => short(signingKeys(db)[0]?.kid ?? '') },
    'oidc-cookie-key': { begin: () => addCookieSecret(db), confirm: () => keepCookieSecrets(db, 'newest'), abort: () => keepCookieSecrets(db, 'oldest'), mark: () => short(cookieSecrets(db)[0] ?? '') },
    'database-password': password,
  };

  return {
    list: () => all.all(),
    mark: (name) => stores[name]?.mark() ?? '',
    acceptsPassword: password.accepts,
    age: (name, days) => { db.prepare('UPDATE secrets SET rotated_at = ? WHERE name = ?').run(now() - days * day, name); },
    rotate(name, phase) {
      const row = find.get(name);
      const store = stores[name];
      if (row === undefined || store === undefined) throw refuse(404, 'Secret not found');
      if ((phase === 'begin') !== (row.overlap_since === null)) throw refuse(409, phase === 'begin' ? 'Rotation is already under way' : 'No rotation is under way');
      store[phase]();
      if (phase === 'begin') db.prepare('UPDATE secrets SET overlap_since = ? WHERE name = ?').run(now(), name);
      // Rotated is what nobody can use the old one of any more.
      if (phase === 'confirm') db.prepare('UPDATE secrets SET overlap_since = NULL, rotated_at = ? WHERE name = ?').run(now(), name);
      if (phase === 'abort') db.prepare('UPDATE secrets SET overlap_since = NULL WHERE name = ?').run(name);
      reload();
      return find.get(name) ?? row;
    },
  };
}

/**
 * `/security/secrets`, ERP-API section 7: the inventory never holds a value. The API names one route for rotating; its body
 * `{phase}` carries the step: `begin` puts a new one beside the old, `confirm` ends the overlap, `abort` goes back.
 */
export function secretRoutes(app: FastifyInstance, secrets: Secrets, audit: Audit, { freshSeconds, now }: { freshSeconds: number; now: () => number }): void {
  const iso = (at: number): string => new Date(at).toISOString();
  const wire = ({ name, kind, provider, owner, created_at: created, rotated_at: rotated, overlap_since: since }: Row): Record<string, unknown> => ({
    name, kind, provider, owner, createdAt: iso(created), rotatedAt: iso(rotated), dueAt: iso(rotated + (periods[kind] ?? 90) * day),
    state: since === null ? 'active' : 'overlap', overlap: since === null ? null : { since: iso(since) },
  });

  app.get('/security/secrets', (request) => {
    requireReader(request);
    const items = secrets.list().map(wire);
    return { total: items.length, items };
  });

  app.post<{ Params: { name: string }; Body: { phase?: unknown; reason?: unknown } | null }>('/security/secrets/:name/rotate', (request, reply) => {
    requireAll(callerOf(request), 'admin:all');
    requireFresh(request, reply, freshSeconds, now);
    const asked = request.body?.phase ?? 'begin';
    const phase = rotatePhases.find((one) => one === asked);
    if (phase === undefined) throw invalid(['body', 'phase'], 'Input should be begin, confirm or abort', asked);
    const { name } = request.params;
    const secret = secrets.rotate(name, phase);
    const reason = request.body?.reason;
    audit.record(request, { action: `secret.${{ begin: 'rotate', confirm: 'confirm', abort: 'abort' }[phase]}`, resource: `secret/${name}`, reason: typeof reason === 'string' && reason !== '' ? reason.slice(0, 500) : null });
    return { ok: true, secret: wire(secret) };
  });
}
