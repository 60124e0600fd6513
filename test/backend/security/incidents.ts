import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import { callerOf, requireAll } from '../erp/auth.ts';
import { objectBody } from '../erp/document-input.ts';
import { HttpError, invalid, refuse } from '../erp/errors.ts';
import type { Once } from '../erp/idempotency.ts';
import { requireReader } from './readers.ts';

type Row = { id: string; version: number; body: string };
type Tree = { [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const severities = ['critical', 'high', 'medium', 'low'];
const phases = ['preparation', 'identification', 'containment', 'eradication', 'recovery', 'lessons'];
/** Bytes of one incident with everything in it. */
const largest = 4 * 1024 * 1024;

/** RFC 7396. */
function patched(target: unknown, patch: Tree): Tree {
  const result = new Map(isTree(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, isTree(value) ? patched(result.get(key), value) : value);
  }
  return Object.fromEntries(result);
}

/** The time line is append-only, and nobody writes into it in the name of somebody else. @throws HttpError 409, 422 */
function checkTimeline(before: Tree, after: Tree, author: string): void {
  const [old, next] = [before['timeline'] ?? {}, after['timeline'] ?? {}];
  if (!isTree(old) || !isTree(next)) throw invalid(['body', 'timeline'], 'an object of entries', null);
  for (const [id, entry] of Object.entries(old)) if (JSON.stringify(next[id]) !== JSON.stringify(entry)) throw refuse(409, `Time line entry ${id} cannot be changed`);
  for (const [id, entry] of Object.entries(next)) {
    if (Object.hasOwn(old, id)) continue;
    if (!isTree(entry) || typeof entry['at'] !== 'number' || typeof entry['kind'] !== 'string') throw invalid(['body', 'timeline', id], 'an entry with a time and a kind', null);
    if (entry['by'] !== author) throw invalid(['body', 'timeline', id, 'by'], 'the author of an entry is who sends it', entry['by']);
  }
}

function check(body: Tree): void {
  const { title, severity, phase, isExercise } = body;
  if (typeof title !== 'string' || title.trim() === '') throw invalid(['body', 'title'], 'a text', title);
  if (typeof severity !== 'string' || !severities.includes(severity)) throw invalid(['body', 'severity'], `one of ${severities.join(', ')}`, severity);
  if (typeof phase !== 'string' || !phases.includes(phase)) throw invalid(['body', 'phase'], `one of ${phases.join(', ')}`, phase);
  if (typeof isExercise !== 'boolean') throw invalid(['body', 'isExercise'], 'true or false', isExercise);
  if (JSON.stringify(body).length > largest) throw refuse(413, 'Incident too large');
}

/** What the last new entries of the time line say, as the reason in the audit log. */
const told = (before: Tree, after: Tree): string => {
  const [old, next] = [before['timeline'], after['timeline']] as [Tree | undefined, Tree | undefined];
  return Object.entries(next ?? {}).filter(([id]) => !Object.hasOwn(old ?? {}, id)).map(([, entry]) => String((entry as Tree)['kind'])).slice(0, 20).join(', ');
};

/** `/security/incidents`, ERP-API section 7: read by auditors and administrators, changed by administrators on top of the version that they have seen. */
export function incidentRoutes(app: FastifyInstance, { db, audit, once }: { db: Db; audit: Audit; once: Once }): void {
  db.exec('CREATE TABLE IF NOT EXISTS incidents (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL, changed INTEGER NOT NULL) WITHOUT ROWID');
  const all = db.prepare<[], Row>('SELECT id, version, body FROM incidents ORDER BY changed DESC, id');
  const find = db.prepare<[string], Row>('SELECT id, version, body FROM incidents WHERE id = ?');
  const insert = db.prepare('INSERT INTO incidents (id, version, body, changed) VALUES (?, 1, ?, (SELECT coalesce(max(changed), 0) + 1 FROM incidents))');
  const update = db.prepare('UPDATE incidents SET version = ?, body = ?, changed = (SELECT max(changed) + 1 FROM incidents) WHERE id = ?');
  const wire = (row: Row): object => ({ ...(JSON.parse(row.body) as Tree), id: row.id, version: row.version });
  const get = (id: string): Row => {
    const row = find.get(id);
    if (row === undefined) throw refuse(404, 'Incident not found');
    return row;
  };
  const versionOf = (request: FastifyRequest): number => {
    const match = /^"?(\d+)"?$/.exec(request.headers['if-match'] ?? '');
    if (match === null) throw refuse(428, 'If-Match is required');
    return Number(match[1]);
  };

  app.get('/security/incidents', (request) => {
    requireReader(request);
    const items = all.all().map(wire);
    return { total: items.length, items };
  });

  app.get<{ Params: { id: string } }>('/security/incidents/:id', (request, reply) => {
    requireReader(request);
    const row = get(request.params.id);
    void reply.header('etag', `"${row.version}"`);
    return wire(row);
  });

  app.post('/security/incidents', { bodyLimit: largest }, (request, reply) => {
    requireAll(callerOf(request), 'admin:all');
    const { version: _version, ...body } = objectBody(request.body) as Tree;
    const { id } = body;
    if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) throw invalid(['body', 'id'], 'a UUID', id);
    check(body);
    checkTimeline({}, body, callerOf(request).name);
    return once(request, reply, () => {
      if (find.get(id) !== undefined) throw refuse(409, 'Incident exists');
      insert.run(id, JSON.stringify(patched({}, body)));
      audit.record(request, { action: body['isExercise'] === true ? 'incident.exercise' : 'incident.create', resource: `incident/${id}`, reason: String(body['title']).slice(0, 300) });
      return { status: 201, body: wire(get(id)), etag: '"1"' };
    });
  });

  app.patch<{ Params: { id: string } }>('/security/incidents/:id', { bodyLimit: largest }, (request, reply) => {
    requireAll(callerOf(request), 'admin:all');
    const { id: _id, version: _version, ...patch } = objectBody(request.body) as Tree;
    const asked = versionOf(request);
    return once(request, reply, () => {
      const row = get(request.params.id);
      if (row.version !== asked) throw new HttpError(412, { detail: 'Incident has changed', version: row.version });
      const before = JSON.parse(row.body) as Tree;
      const after = patched(before, patch);
      if (after['isExercise'] !== before['isExercise']) throw invalid(['body', 'isExercise'], 'cannot be changed', after['isExercise']);
      check(after);
      checkTimeline(before, after, callerOf(request).name);
      update.run(row.version + 1, JSON.stringify(after), row.id);
      audit.record(request, { action: 'incident.change', resource: `incident/${row.id}`, from: String(before['phase']), to: String(after['phase']), reason: told(before, after) || null });
      const stored = get(row.id);
      return { status: 200, body: wire(stored), etag: `"${stored.version}"` };
    });
  });
}
