import type { Db } from '../db.ts';
import { refuse } from './errors.ts';
import type { WireLine } from './money.ts';

export type Body = Record<string, unknown> & { number: string; status: string; lines?: WireLine[] };

export type Stored = { type: string; number: string; status: string; version: number; updatedAt: number; deleted: boolean; body: Body };

type Row = { id: number; type: string; number: string; status: string; version: number; updated_at: number; deleted: number; body: string };
type ListedRow = Row & { state: string | null; wf_version: number | null; submitted_by: string | null; submitted_at: number | null };
export type Listed = Stored & { id: number; workflow: { state: string; version: number; submittedBy: string | null; submittedAt: number | null } };

export type ListQuery = {
  type: string;
  domain: string;
  skip: number;
  limit: number;
  status?: string | undefined;
  q?: string | undefined;
  /** Epoch milliseconds, inclusive; tombstones come along. */
  updatedSince?: number | undefined;
  /** Position after which the page starts. */
  after?: { updatedAt: number; id: number } | undefined;
};

const fromRow = (row: Row): Stored => ({
  type: row.type, number: row.number, status: row.status, version: row.version, updatedAt: row.updated_at, deleted: row.deleted === 1,
  body: JSON.parse(row.body) as Body,
});

/** What the server adds to a row it sends; never taken from a client that sends the row back. */
const serverFields = ['updated_at', 'version', 'workflow', 'deleted', 'partnerName'];

/** Everything that `q` looks at, in lower case. */
export function searchText(body: Body, partnerName: string): string {
  const lines = Array.isArray(body.lines) ? body.lines.map((line) => line.article) : [];
  const parts = [body.number, partnerName, body['contactPerson'], body['notes'], body['description'], ...lines];
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' ').toLowerCase();
}

export const partnerIdOf = (body: Body): string => {
  const id = body['customerId'] ?? body['supplierId'];
  return typeof id === 'string' ? id : '';
};

export type Documents = {
  /** @param type null looks through all types, as the shipped server does. */
  find(type: string | null, number: string): Stored | undefined;
  /** Any document with this number in the domain, for the workflow. */
  findInDomain(domain: string, number: string): Stored | undefined;
  list(query: ListQuery): { rows: Listed[]; total: number };
  /** Stores a body; the version goes up, also over a deletion in between. */
  put(type: string, body: Body): Stored;
  /** Leaves a tombstone. */
  remove(document: Stored): void;
  /** Moves a document to the top of the changes, because what a list row shows has changed outside its body. */
  touch(document: Stored): void;
  partnerName(id: string): string;
};

export function createDocuments(db: Db, now: () => number): Documents {
  const columns = 'd.id, d.type, d.number, d.status, d.version, d.updated_at, d.deleted, d.body';
  const byKey = db.prepare<[string, string], Row>(`SELECT ${columns} FROM documents d WHERE number = ? AND type = ?`);
  const byNumber = db.prepare<[string], Row>(`SELECT ${columns} FROM documents d WHERE number = ? AND deleted = 0`);
  const partner = db.prepare<[string], { name: string }>('SELECT name FROM partners WHERE id = ?');
  const latest = db.prepare<[], { at: number | null }>('SELECT max(updated_at) AS at FROM (SELECT max(updated_at) AS updated_at FROM documents GROUP BY type)');
  const upsert = db.prepare(`INSERT INTO documents (type, number, status, version, updated_at, deleted, body, search) VALUES (@type, @number, @status, @version, @updatedAt, 0, @body, @search)
    ON CONFLICT (number, type) DO UPDATE SET status = excluded.status, version = excluded.version, updated_at = excluded.updated_at, deleted = 0, body = excluded.body, search = excluded.search`);
  const bury = db.prepare(`UPDATE documents SET deleted = 1, version = version + 1, updated_at = ?, body = '{}', search = '' WHERE type = ? AND number = ?`);
  const stamp = db.prepare('UPDATE documents SET updated_at = ? WHERE type = ? AND number = ?');

  let last = latest.get()?.at ?? 0;
  /** Strictly increasing, so that "newest change first" has one order and a cursor never skips a change. */
  const nextChange = (): number => {
    last = Math.max(now(), last + 1);
    return last;
  };
  const partnerName = (id: string): string => (id === '' ? '' : (partner.get(id)?.name ?? ''));

  return {
    partnerName,
    find: (type, number) => {
      const row = type === null ? byNumber.get(number) : byKey.get(number, type);
      return row && row.deleted === 0 ? fromRow(row) : undefined;
    },
    findInDomain: (domain, number) => {
      const rows = byNumber.all(number).map(fromRow);
      return rows.find((row) => (row.type.startsWith('purchase_') ? 'purchase' : 'sales') === domain);
    },
    list: (query) => {
      const where = ['d.type = @type'];
      if (query.status !== undefined) where.push('upper(d.status) = upper(@status)');
      if (query.q !== undefined) where.push(`d.search LIKE @like ESCAPE '\\'`);
      if (query.updatedSince === undefined) where.push('d.deleted = 0');
      else where.push('d.updated_at >= @since');
      const filter = where.join(' AND ');
      const parameters = {
        type: query.type, domain: query.domain, status: query.status ?? null, since: query.updatedSince ?? null, limit: query.limit, skip: query.skip,
        like: `%${(query.q ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`, afterAt: query.after?.updatedAt ?? null, afterId: query.after?.id ?? null,
      };
      const total = db.prepare<[typeof parameters], { n: number }>(`SELECT count(*) AS n FROM documents d WHERE ${filter}`).get(parameters)?.n ?? 0;
      const page = query.after === undefined ? '' : 'AND (d.updated_at, d.id) < (@afterAt, @afterId)';
      const rows = db.prepare<[typeof parameters], ListedRow>(`SELECT ${columns}, w.state, w.version AS wf_version, w.submitted_by, w.submitted_at FROM documents d
        LEFT JOIN workflow w ON w.domain = @domain AND w.number = d.number WHERE ${filter} ${page} ORDER BY d.updated_at DESC, d.id DESC LIMIT @limit OFFSET @skip`).all(parameters);
      return {
        total,
        rows: rows.map((row) => ({
          ...fromRow(row), id: row.id,
          workflow: { state: row.state ?? 'draft', version: row.wf_version ?? 0, submittedBy: row.submitted_by, submittedAt: row.submitted_at },
        })),
      };
    },
    put: (type, body) => {
      const clean = Object.fromEntries(Object.entries(body).filter(([name]) => !serverFields.includes(name))) as Body;
      const old = byKey.get(body.number, type);
      const updatedAt = nextChange();
      const version = (old?.version ?? 0) + 1;
      upsert.run({ type, number: clean.number, status: clean.status, version, updatedAt, body: JSON.stringify(clean), search: searchText(clean, partnerName(partnerIdOf(clean))) });
      return { type, number: clean.number, status: clean.status, version, updatedAt, deleted: false, body: clean };
    },
    remove: (document) => { bury.run(nextChange(), document.type, document.number); },
    touch: (document) => { stamp.run(nextChange(), document.type, document.number); },
  };
}

/** @throws HttpError 404 */
export function found(document: Stored | undefined): Stored {
  if (!document) throw refuse(404, 'Document not found');
  return document;
}
