import type { FastifyInstance } from 'fastify';
import type { Db } from '../db.ts';
import { follows, types } from '../erp/catalogue.ts';
import { checkBody, knownType, objectBody } from '../erp/document-input.ts';
import { found, type Documents } from '../erp/documents.ts';
import type { Query } from '../erp/document-routes.ts';
import { HttpError, refuse } from '../erp/errors.ts';
import { followUp } from '../erp/follow.ts';
import { formSpec } from '../erp/form-specs.ts';
import { lookup } from '../erp/lookups.ts';

type Params = { type: string; number: string };

const crash = (): HttpError => new HttpError(500, 'Internal Server Error');

/** The names that the shipped server's follow-up endpoint has for two types. */
const followNames: Readonly<Record<string, string>> = { delivery: 'sales_delivery', invoice: 'sales_invoice' };

/** Documents, numbering, forms and lookups as version 3.0 ships them: ERP-API section 3, right column. */
export function shippedDocumentRoutes(app: FastifyInstance, db: Db, documents: Documents): void {
  const base = '/api/mcp/documents';

  app.get(`${base}/:type`, () => { throw crash(); });
  app.post('/api/numbering/next', () => { throw crash(); });
  app.get('/api/numbering/status', () => { throw crash(); });

  app.get<{ Params: Params }>(`${base}/:type/:number`, (request) => ({ ok: true, data: found(documents.find(null, request.params.number)).body }));

  app.post(`${base}/follow`, (request) => {
    const body = objectBody(request.body);
    const fromType = String(body['fromType']);
    const toName = String(body['toType']);
    // Its own names only: the document types `sales_delivery` and `sales_invoice` are unknown here.
    const toType = followNames[toName] ?? (Object.values(followNames).includes(toName) ? '' : toName);
    if (!follows[followNames[fromType] ?? fromType]?.includes(toType)) throw new HttpError(400, { ok: false, error: `No flow from ${fromType} to ${toName}` });
    return followUp(followNames[fromType] ?? fromType, toType, objectBody(body['payload'] ?? {}));
  });

  app.post<{ Params: Params }>(`${base}/:type`, (request) => {
    const { type } = request.params;
    knownType(type);
    if (type === 'sales_delivery') throw crash();
    const body = checkBody(type, objectBody(request.body));
    const old = documents.find(type, body.number);
    if (old && old.status === body.status) throw refuse(400, `Invalid status transition: ${old.status} -> ${body.status}`);
    documents.put(type, body);
    return { ok: true, number: body.number };
  });

  app.put<{ Params: Params }>(`${base}/:type/:number`, (request) => {
    const { type, number } = request.params;
    knownType(type);
    const stored = found(documents.find(type, number));
    documents.put(type, { ...stored.body, ...objectBody(request.body), number });
    return { ok: true, number };
  });

  app.delete<{ Params: Params }>(`${base}/:type/:number`, (request) => {
    const { type, number } = request.params;
    knownType(type);
    const stored = found(documents.find(type, number));
    if (types[type]?.final.includes(stored.status.toUpperCase())) throw refuse(400, `Document in final status ${stored.status} cannot be deleted`);
    documents.remove(stored);
    return { ok: true, number };
  });

  app.get<{ Params: { type: string } }>('/api/mcp/form-specs/:type', (request) => {
    const spec = ['sales_offer', 'sales_order', 'sales_invoice'].includes(request.params.type) ? formSpec(request.params.type) : undefined;
    if (!spec) throw refuse(404, 'Form spec not found');
    return { ok: true, data: spec };
  });

  for (const kind of ['customers', 'articles']) {
    app.get<{ Querystring: Query }>(`/api/mcp/lookup/${kind}`, (request) => {
      const q = (request.query['q'] ?? '').toLowerCase();
      const fixed = lookup(db, kind, '', 5).map(({ vatRate: _unknownHere, ...row }) => row);
      return { ok: true, data: fixed.filter((row) => row.label.toLowerCase().includes(q) || row.id.toLowerCase().includes(q)) };
    });
  }
}
