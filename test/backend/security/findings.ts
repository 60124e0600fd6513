import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import { requireReader } from './readers.ts';

/** What the last scans of the server's own parts have found; `scans` says when and of what kind. */
const schema = `
CREATE TABLE IF NOT EXISTS vulnerabilities (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, aliases TEXT NOT NULL, kind TEXT NOT NULL, ecosystem TEXT NOT NULL, package TEXT NOT NULL, version TEXT NOT NULL, fixed_in TEXT, severity TEXT NOT NULL, cvss REAL, title TEXT NOT NULL,
  location TEXT NOT NULL, status TEXT NOT NULL, UNIQUE (id, ecosystem, package));
CREATE TABLE IF NOT EXISTS vulnerability_scans (kind TEXT PRIMARY KEY, ts INTEGER NOT NULL) WITHOUT ROWID;
`;

type Row = { seq: number; id: string; aliases: string; kind: string; ecosystem: string; package: string; version: string; fixed_in: string | null; severity: string; cvss: number | null; title: string; location: string; status: string };

const seed: readonly Omit<Row, 'seq'>[] = [
  { id: 'CVE-2023-32681', aliases: '["GHSA-j8r2-6x86-q33q"]', kind: 'dependencies', ecosystem: 'pypi', package: 'requests', version: '2.28.1', fixed_in: '2.31.0', severity: 'medium', cvss: 6.1, title: 'Unintended leak of Proxy-Authorization header', location: 'requirements.txt', status: 'open' },
  { id: 'CVE-2024-24762', aliases: '["GHSA-2jv5-9r88-3w3p"]', kind: 'dependencies', ecosystem: 'pypi', package: 'python-multipart', version: '0.0.6', fixed_in: '0.0.7', severity: 'high', cvss: 7.5, title: 'Content-Type header ReDoS', location: 'requirements.txt', status: 'open' },
  { id: 'CVE-2022-37434', aliases: '[]', kind: 'images', ecosystem: 'deb', package: 'zlib1g', version: '1:1.2.11.dfsg-2+deb11u1', fixed_in: '1:1.2.11.dfsg-2+deb11u2', severity: 'critical', cvss: 9.8, title: 'zlib: heap-based buffer over-read in inflate', location: 'erp/api', status: 'open' },
];

/** `GET /security/vulnerabilities`, ERP-API section 7: the server's own list, in pages. */
export function findingsRoutes(app: FastifyInstance, { db, audit, now }: { db: Db; audit: Audit; now: () => number }): void {
  db.exec(schema);
  if (db.prepare('SELECT 1 FROM vulnerability_scans').get() === undefined) {
    const insert = db.prepare('INSERT INTO vulnerabilities (id, aliases, kind, ecosystem, package, version, fixed_in, severity, cvss, title, location, status) VALUES (@id, @aliases, @kind, @ecosystem, @package, @version, @fixed_in, @severity, @cvss, @title, @location, @status)');
    db.transaction(() => {
      for (const row of seed) insert.run(row);
      for (const kind of ['dependencies', 'images']) db.prepare('INSERT INTO vulnerability_scans (kind, ts) VALUES (?, ?)').run(kind, now());
    })();
  }
  app.get<{ Querystring: { limit?: string; cursor?: string } }>('/security/vulnerabilities', (request) => {
    requireReader(request);
    const limit = Math.min(500, Math.max(1, Number(request.query.limit ?? 100) || 100));
    const after = Number(request.query.cursor ?? 0) || 0;
    const rows = db.prepare<[number, number], Row>('SELECT * FROM vulnerabilities WHERE seq > ? ORDER BY seq LIMIT ?').all(after, limit + 1);
    const scans = db.prepare<[], { kind: string; ts: number }>('SELECT kind, ts FROM vulnerability_scans').all();
    audit.record(request, { action: 'vulnerabilities.read', resource: 'security/vulnerabilities' });
    return {
      total: db.prepare('SELECT count(*) FROM vulnerabilities').pluck().get(), kinds: scans.map(({ kind }) => kind), scannedAt: new Date(Math.min(...scans.map(({ ts }) => ts))).toISOString(),
      vulnerabilities: rows.slice(0, limit).map(({ aliases, fixed_in, seq: _seq, ...row }) => ({ ...row, aliases: JSON.parse(aliases) as string[], fixedIn: fixed_in })),
      nextCursor: rows.length > limit ? String(rows[limit - 1]?.seq) : null,
    };
  });
}
