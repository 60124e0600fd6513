import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf, requireAll, requireAny } from './auth.ts';
import { types } from './catalogue.ts';
import { checkBody, decodeCursor, encodeCursor, instant, knownType, objectBody, wholeNumber } from './document-input.ts';
import { found, partnerIdOf, type Body, type Documents, type Listed, type Stored } from './documents.ts';
import { refuse } from './errors.ts';
import { followUp } from './follow.ts';
import type { Once } from './idempotency.ts';

type Params = { type: string; number: string };
export type Query = Record<string, string | undefined>;

export const etagOf = (version: number): string => `"${version}"`;

/** @throws HttpError 412 when the request names another version than the stored one, or wants none and there is one. */
function checkIfMatch(request: FastifyRequest, stored: Stored | undefined): void {
  if (request.headers['if-none-match'] === '*' && stored) throw refuse(412, 'Document exists already');
  const wanted = request.headers['if-match'];
  if (typeof wanted !== 'string' || wanted === '') return;
  const versions = wanted.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  if (stored && (versions.includes('*') || versions.includes(String(stored.version)))) return;
  throw refuse(412, 'Document was changed by someone else');
}

function domainOf(type: string): string {
  knownType(type);
  return types[type]?.domain ?? '';
}

const readable = (request: FastifyRequest, type: string): void => requireAny(callerOf(request), `${domainOf(type)}:read`, 'docs:read');
const writable = (request: FastifyRequest, type: string): void => requireAll(callerOf(request), `${domainOf(type)}:write`);

/** Document routes of the security profile; ERP-API section 3. */
export function documentRoutes(app: FastifyInstance, documents: Documents, once: Once): void {
  const base = '/api/mcp/documents';

  const extras = (stored: Stored): Record<string, unknown> => ({
    partnerName: documents.partnerName(partnerIdOf(stored.body)), updated_at: new Date(stored.updatedAt).toISOString(), version: String(stored.version),
  });

  // What a list shows comes in the row, so that a client fills its list without asking for each document's workflow.
  const row = (listed: Listed): Record<string, unknown> => {
    if (listed.deleted) return { number: listed.number, deleted: true, updated_at: new Date(listed.updatedAt).toISOString() };
    const { state, version, submittedBy, submittedAt } = listed.workflow;
    return {
      ...listed.body, ...extras(listed),
      workflow: { state, version: String(version), submittedBy, submittedAt: submittedAt === null ? null : Math.floor(submittedAt / 1000) },
    };
  };

  app.get<{ Params: Params; Querystring: Query }>(`${base}/:type`, (request) => {
    const { type } = request.params;
    readable(request, type);
    const cursor = decodeCursor(request.query, 2);
    const skip = wholeNumber(request.query, 'skip', 0, 0, 10_000_000);
    const limit = wholeNumber(request.query, 'limit', 100, 1, 1000);
    const { rows, total } = documents.list({
      type, domain: domainOf(type), skip: cursor ? 0 : skip, limit, status: request.query['status'], q: request.query['q'],
      updatedSince: instant(request.query, 'updated_since'),
      after: cursor ? { updatedAt: Number(cursor[0]), id: Number(cursor[1]) } : undefined,
    });
    const last = rows.at(-1);
    return { ok: true, data: rows.map(row), total, skip, limit, cursor: last && rows.length === limit ? encodeCursor(last.updatedAt, last.id) : null };
  });

  app.get<{ Params: Params }>(`${base}/:type/:number`, (request, reply) => {
    readable(request, request.params.type);
    const stored = found(documents.find(request.params.type, request.params.number));
    const tag = etagOf(stored.version);
    void reply.header('etag', tag);
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
    return { ok: true, data: { ...stored.body, ...extras(stored) } };
  });

  app.post<{ Body: unknown }>(`${base}/follow`, (request) => {
    const body = objectBody(request.body);
    const toType = String(body['toType']);
    knownType(String(body['fromType']));
    writable(request, toType);
    return followUp(String(body['fromType']), toType, objectBody(body['payload'] ?? {}));
  });

  app.post<{ Params: Params }>(`${base}/:type`, (request, reply) => {
    const { type } = request.params;
    writable(request, type);
    const body = checkBody(type, objectBody(request.body));
    return once(request, reply, () => {
      checkIfMatch(request, documents.find(type, body.number));
      const stored = documents.put(type, body);
      return { status: 200, body: { ok: true, number: stored.number }, etag: etagOf(stored.version) };
    });
  });

  app.put<{ Params: Params }>(`${base}/:type/:number`, (request, reply) => {
    const { type, number } = request.params;
    writable(request, type);
    const patch = objectBody(request.body);
    return once(request, reply, () => {
      const stored = found(documents.find(type, number));
      checkIfMatch(request, stored);
      // The number is the key: a merge never renames a document.
      const merged: Body = checkBody(type, { ...stored.body, ...patch, number });
      const changed = documents.put(type, merged);
      return { status: 200, body: { ok: true, number }, etag: etagOf(changed.version) };
    });
  });

  app.delete<{ Params: Params }>(`${base}/:type/:number`, (request, reply) => {
    const { type, number } = request.params;
    writable(request, type);
    return once(request, reply, () => {
      const stored = found(documents.find(type, number));
      checkIfMatch(request, stored);
      if (types[type]?.final.includes(stored.status.toUpperCase())) throw refuse(400, `Document in final status ${stored.status} cannot be deleted`);
      documents.remove(stored);
      return { status: 200, body: { ok: true, number } };
    });
  });
}
