import type { FastifyInstance } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf, requireAny } from './auth.ts';
import { types } from './catalogue.ts';
import { objectBody } from './document-input.ts';
import { invalid } from './errors.ts';
import type { Once } from './idempotency.ts';

/** `SO-2026-00042` */
export const formatNumber = (prefix: string, year: number, value: number): string => `${prefix}${year}-${String(value).padStart(5, '0')}`;

/** The workflow domains stand for their main document. */
const aliases: Readonly<Record<string, string>> = { sales: 'sales_order', purchase: 'purchase_order' };

/** Number ranges (Nummernkreise), one counter per prefix and year. */
export function numberingRoutes(app: FastifyInstance, db: Db, now: () => number, once: Once): void {
  const bump = db.prepare<[string, number], { value: number }>('INSERT INTO counters (prefix, year, value) VALUES (?, ?, 1) ON CONFLICT (prefix, year) DO UPDATE SET value = value + 1 RETURNING value');
  const used = db.prepare<[string]>('SELECT 1 FROM documents WHERE number = ?');
  const counters = db.prepare<[], { prefix: string; year: number; value: number }>('SELECT prefix, year, value FROM counters ORDER BY prefix, year');

  app.post('/api/numbering/next', (request, reply) => {
    requireAny(callerOf(request), 'docs:write', 'sales:write', 'purchase:write');
    const body = objectBody(request.body);
    const domain = typeof body['domain'] === 'string' ? body['domain'] : '';
    const info = types[aliases[domain] ?? domain];
    if (!info) throw invalid(['body', 'domain'], 'Unknown number range', body['domain']);
    const year = body['year'] === undefined ? new Date(now()).getUTCFullYear() : Number(body['year']);
    if (!Number.isInteger(year) || year < 2000 || year > 2100) throw invalid(['body', 'year'], 'Input should be a year from 2000 to 2100', body['year']);
    return once(request, reply, () => {
      let number = '';
      // Documents may carry numbers that people chose themselves; those are skipped.
      do number = formatNumber(info.prefix, year, bump.get(info.prefix, year)?.value ?? 1);
      while (used.get(number) !== undefined);
      return { status: 200, body: { ok: true, number } };
    });
  });

  app.get('/api/numbering/status', (request) => {
    requireAny(callerOf(request), 'docs:write', 'sales:write', 'purchase:write');
    return { ok: true, items: counters.all().map(({ prefix, year, value }) => ({ prefix, year, last: value, next: formatNumber(prefix, year, value + 1) })) };
  });
}
