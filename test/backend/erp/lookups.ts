import type { FastifyInstance } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf, requireAny } from './auth.ts';
import { wholeNumber } from './document-input.ts';
import type { Query } from './document-routes.ts';

export type LookupRow = { id: string; label: string; hint: string; cost?: number; price?: number; vatRate?: number };

/** The first matching partners or articles, by name. `q` looks at id, name and hint. */
export function lookup(db: Db, kind: string, q: string, limit: number): LookupRow[] {
  const like = `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  const match = `(lower(id) LIKE @like ESCAPE '\\' OR lower(name) LIKE @like ESCAPE '\\' OR lower(hint) LIKE @like ESCAPE '\\') ORDER BY name LIMIT @limit`;
  if (kind !== 'articles') {
    return db.prepare<[object], LookupRow>(`SELECT id, name AS label, hint FROM partners WHERE kind = @kind AND ${match}`).all({ kind: kind.slice(0, -1), like, limit });
  }
  return db.prepare<[object], { id: string; label: string; hint: string; cost: string; price: string; vatRate: string }>(`SELECT id, name AS label, hint, cost, price, vat_rate AS vatRate FROM articles WHERE ${match}`)
    .all({ like, limit }).map((row) => ({ ...row, cost: Number(row.cost), price: Number(row.price), vatRate: Number(row.vatRate) }));
}

/** Lookups of the security profile: up to 50 rows, or `limit` up to 1000. */
export function lookupRoutes(app: FastifyInstance, db: Db): void {
  for (const kind of ['customers', 'suppliers', 'articles']) {
    app.get<{ Querystring: Query }>(`/api/mcp/lookup/${kind}`, (request) => {
      requireAny(callerOf(request), 'sales:read', 'purchase:read', 'docs:read');
      return { ok: true, data: lookup(db, kind, request.query['q'] ?? '', wholeNumber(request.query, 'limit', 50, 1, 1000)) };
    });
  }
}
