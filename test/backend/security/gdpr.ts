import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { parseCanonical } from '../audit/entry.ts';
import type { Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import { callerOf, requireAll, requireFresh } from '../erp/auth.ts';
import type { Body, Documents } from '../erp/documents.ts';
import { refuse, type HttpError } from '../erp/errors.ts';

type DocumentRow = { type: string; number: string; body: string };
type ArchiveRow = { type: string; number: string; path: string; sha256: string; user: string; ts: number };

/** What a document says about a person, as fields that the books do not need. */
const personalFields = ['contactPerson', 'notes'] as const;

export type PersonalData = { audit_trail: Record<string, unknown>[]; documents: Body[]; archives: Record<string, unknown>[] };

/**
 * Everything that is stored about a person: a business partner by its number, or somebody who works with the ERP by their
 * account. Erasing takes name and contact away and leaves the books: § 147 AO keeps the documents themselves.
 */
export function createPersons(db: Db, documents: Documents) {
  const partner = db.prepare<[string], { id: string; name: string }>('SELECT id, name FROM partners WHERE id = ?');
  const acted = db.prepare<[string], { canonical: string }>('SELECT canonical FROM audit_log WHERE actor = ? ORDER BY position');
  const about = db.prepare<[string], { canonical: string }>('SELECT canonical FROM audit_log WHERE resource = ? ORDER BY position');
  const ofPartner = db.prepare<[string, string], DocumentRow>(`SELECT type, number, body FROM documents WHERE deleted = 0 AND (json_extract(body, '$.customerId') = ? OR json_extract(body, '$.supplierId') = ?) ORDER BY type, number`);
  const printed = db.prepare<[string], ArchiveRow>('SELECT type, number, path, sha256, user, ts FROM archives WHERE user = ? ORDER BY seq');
  const archived = db.prepare<[string, string], ArchiveRow>('SELECT type, number, path, sha256, user, ts FROM archives WHERE type = ? AND number = ? ORDER BY seq');
  const submitted = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM workflow WHERE submitted_by = ?');

  const isKnown = (id: string): boolean => partner.get(id) !== undefined || acted.get(id) !== undefined || (submitted.get(id)?.n ?? 0) > 0;
  const domainOf = (type: string): string => (type.startsWith('purchase_') ? 'purchase' : 'sales');

  return {
    /** Null for somebody who is not known here. */
    read(id: string): PersonalData | null {
      if (!isKnown(id)) return null;
      const rows = ofPartner.all(id, id);
      const entries = [...acted.all(id), ...rows.flatMap(({ type, number }) => about.all(`${domainOf(type)}/${number}`))].map(({ canonical }) => parseCanonical(canonical));
      const copies = [...printed.all(id), ...rows.flatMap(({ type, number }) => archived.all(type, number))];
      return {
        audit_trail: [...new Map(entries.map((entry) => [entry.seq, entry])).values()].toSorted((a, b) => a.seq - b.seq).map(({ seq, ts, actor, action, resource, from, to, reason, correlationId }) => ({ seq, ts: Math.floor(ts / 1000), user: actor, action, resource, from, to, reason, correlationId })),
        documents: rows.map(({ type, body }) => ({ ...(JSON.parse(body) as Body), type })),
        archives: [...new Map(copies.map((copy) => [copy.path, copy])).values()].map(({ type, number, path, sha256, user, ts }) => ({ type, number, path, sha256, user, timestamp: new Date(ts).toISOString() })),
      };
    },
    /** @returns how many records no longer name the person; null for somebody who is not known here. */
    erase(id: string): number | null {
      if (!isKnown(id)) return null;
      const alias = `geloescht-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
      return db.transaction(() => {
        let anonymized = db.prepare('UPDATE partners SET name = ?, hint = ? WHERE id = ? AND name <> ?').run(alias, '', id, alias).changes;
        for (const { type, body } of ofPartner.all(id, id)) {
          const before = JSON.parse(body) as Body;
          if (personalFields.every((field) => before[field] === undefined || before[field] === '' || before[field] === alias)) continue;
          const after: Body = { ...before };
          for (const field of personalFields) if (after[field] !== undefined) after[field] = field === 'contactPerson' ? alias : '';
          documents.put(type, after);
          anonymized += 1;
        }
        anonymized += db.prepare('UPDATE workflow SET submitted_by = ? WHERE submitted_by = ?').run(alias, id).changes;
        return anonymized + db.prepare('UPDATE archives SET user = ? WHERE user = ?').run(alias, id).changes;
      })();
    },
  };
}

type Params = { id: string };
const unknown = (): HttpError => refuse(404, 'User not found');

/** `/api/gdpr`, ERP-API section 8: erasing is the administrator's, with a fresh sign-in. */
export function gdprRoutes(app: FastifyInstance, options: { db: Db; audit: Audit; documents: Documents; freshSeconds: number; now: () => number }): void {
  const { db, audit, documents, freshSeconds, now } = options;
  const persons = createPersons(db, documents);

  app.get<{ Params: Params }>('/api/gdpr/export/:id', (request) => {
    requireAll(callerOf(request), 'gdpr:export');
    const { id } = request.params;
    const data = persons.read(id);
    if (data === null) throw unknown();
    audit.record(request, { action: 'gdpr.export', resource: `gdpr/export/${id}` });
    return { ok: true, user_id: id, data };
  });

  app.delete<{ Params: Params }>('/api/gdpr/erase/:id', (request, reply) => {
    requireAll(callerOf(request), 'admin:all');
    requireFresh(request, reply, freshSeconds, now);
    const { id } = request.params;
    const anonymized = persons.erase(id);
    if (anonymized === null) throw unknown();
    audit.record(request, { action: 'gdpr.erase', resource: `gdpr/erase/${id}`, reason: `${anonymized} records` });
    return { ok: true, message: 'Personal data anonymized', anonymized };
  });
}

/** What version 3.0 ships instead: other paths, no right asked, nothing audited, and 500 for somebody unknown. */
export function shippedGdprRoutes(app: FastifyInstance, db: Db, documents: Documents): void {
  const persons = createPersons(db, documents);
  const crash = (): HttpError => refuse(500, '404: User not found');
  for (const path of ['data-export', 'export-portable']) {
    app.get<{ Params: Params }>(`/api/v1/gdpr/${path}/:id`, (request) => {
      const data = persons.read(request.params.id);
      if (data === null) throw crash();
      return { user_id: request.params.id, export_date: new Date().toISOString(), ...data };
    });
  }
  app.delete<{ Params: Params }>('/api/v1/gdpr/delete-user/:id', async (request, reply) => {
    if (persons.erase(request.params.id) === null) throw crash();
    return reply.code(204).send();
  });
}
