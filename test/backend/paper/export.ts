import type { FastifyInstance } from 'fastify';
import writeXlsxFile from 'write-excel-file/node';
import { callerOf, requireAll } from '../erp/auth.ts';
import { types } from '../erp/catalogue.ts';
import { knownType } from '../erp/document-input.ts';
import type { Query } from '../erp/document-routes.ts';
import { partnerIdOf, type Documents, type Stored } from '../erp/documents.ts';
import { invalid } from '../erp/errors.ts';
import { totals } from '../erp/money.ts';

/** Exports in any minute, ERP-API section 1. */
export const exportsPerMinute = 10;

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

function dayOf(query: Query, name: string): string | undefined {
  const text = query[name];
  if (text === undefined || text === '') return undefined;
  if (!dayPattern.test(text) || Number.isNaN(Date.parse(text))) throw invalid(['query', name], 'Input should be a valid date', text, 'date_from_datetime_parsing');
  return text;
}

const dateOf = ({ date }: Record<string, unknown>): string => (typeof date === 'string' ? date : '');
const head = ['Nummer', 'Datum', 'Partner', 'Status', 'Netto', 'Steuer', 'Brutto'];

/** A whole type between two days; ERP-API section 5. The file is the server's: English numbers, commas, no byte order mark. */
export function exportRoutes(app: FastifyInstance, documents: Documents): void {
  const rowOf = ({ body, number, status }: Stored): (string | number)[] => {
    const sum = totals(Array.isArray(body.lines) ? body.lines : []);
    return [number, dateOf(body), documents.partnerName(partnerIdOf(body)), status, Number(sum.net), Number(sum.tax), Number(sum.gross)];
  };
  const cell = (value: string | number): string => (typeof value === 'number' ? value.toFixed(2) : /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

  app.get<{ Params: { type: string }; Querystring: Query }>('/api/export/:type', { config: { rateLimit: { max: exportsPerMinute, timeWindow: 60_000 } } }, async (request, reply) => {
    requireAll(callerOf(request), 'docs:export');
    const { type } = request.params;
    knownType(type);
    const [from, to] = [dayOf(request.query, 'from_date'), dayOf(request.query, 'to_date')];
    const fmt = request.query['fmt'] ?? 'csv';
    if (fmt !== 'csv' && fmt !== 'xlsx') throw invalid(['query', 'fmt'], 'Input should be csv or xlsx', fmt, 'enum');
    const { rows } = documents.list({ type, domain: types[type]?.domain ?? '', skip: 0, limit: 1_000_000 });
    const chosen = rows.filter(({ body }) => {
      const date = dateOf(body);
      return (from === undefined || date >= from) && (to === undefined || date <= to);
    }).map(rowOf);
    void reply.header('content-disposition', `attachment; filename="${type}.${fmt}"`);
    if (fmt === 'csv') return reply.type('text/csv; charset=utf-8').send(`${[head, ...chosen].map((row) => row.map(cell).join(',')).join('\n')}\n`);
    const sheet = [head.map((value) => ({ value, fontWeight: 'bold' as const })), ...chosen.map((row) => row.map((value) => ({ value })))];
    return reply.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').send(await writeXlsxFile([{ data: sheet, sheet: type }]).toBuffer());
  });
}
