import type { FastifyInstance } from 'fastify';
import { clientOf, type Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import { callerOf, mayRead, requireAny } from './auth.ts';
import { isDomain } from './catalogue.ts';
import { checkLines, decodeCursor, encodeCursor, objectBody, wholeNumber } from './document-input.ts';
import { partnerIdOf, type Documents } from './documents.ts';
import type { Query } from './document-routes.ts';
import { HttpError, invalid, refuse } from './errors.ts';
import { isAction, totalOf } from './guards.ts';
import type { Once } from './idempotency.ts';
import type { Attempt, Workflow, WorkflowRow } from './workflow.ts';

type Params = { domain: string; number: string };

export function knownDomain(domain: string): void {
  if (!isDomain(domain)) throw refuse(404, `Unknown domain: ${domain}`);
}

/** @throws HttpError 422 in FastAPI's words */
export function actionOf(query: Query): Attempt['action'] {
  const action = query['action'];
  if (!isAction(action)) throw invalid(['query', 'action'], `Input should be 'submit', 'approve', 'reject' or 'post'`, action, 'literal_error');
  return action;
}

/** Workflow routes of the security profile; ERP-API section 4. */
export function workflowRoutes(app: FastifyInstance, db: Db, parts: { workflow: Workflow; audit: Audit; documents: Documents; once: Once; transitions: (domain: string, action: string, status: string) => void }): void {
  const { workflow, audit, documents, once } = parts;
  const inbox = db.prepare<[Record<string, unknown>], WorkflowRow>(`SELECT * FROM workflow WHERE state = @state AND domain IN (@first, @second)
    AND (@afterAt IS NULL OR (coalesce(submitted_at, 0), number) > (@afterAt, @afterNumber)) ORDER BY coalesce(submitted_at, 0), number LIMIT @limit`);

  app.get<{ Querystring: Query }>('/api/workflow', (request) => {
    const caller = callerOf(request);
    const wanted = request.query['domain'];
    if (wanted !== undefined && wanted !== '') {
      knownDomain(wanted);
      requireAny(caller, `${wanted}:read`, 'docs:read');
    }
    const domains = (wanted ? [wanted] : ['sales', 'purchase']).filter((domain) => mayRead(caller, domain));
    if (domains.length === 0) requireAny(caller, 'sales:read', 'purchase:read', 'docs:read');
    const limit = wholeNumber(request.query, 'limit', 100, 1, 1000);
    const cursor = decodeCursor(request.query, 2);
    const rows = inbox.all({
      state: request.query['state'] || 'pending', first: domains[0], second: domains[1] ?? domains[0], limit,
      afterAt: cursor ? Number(cursor[0]) : null, afterNumber: cursor?.[1] ?? null,
    });
    const last = rows.at(-1);
    return {
      ok: true,
      items: rows.map((row) => {
        const document = documents.findInDomain(row.domain, row.number);
        return {
          domain: row.domain, number: row.number, type: document?.type ?? null, state: row.state, version: String(row.version), submittedBy: row.submitted_by,
          submittedAt: row.submitted_at === null ? null : Math.floor(row.submitted_at / 1000),
          total: document ? totalOf(document.body) : null, partner: document ? documents.partnerName(partnerIdOf(document.body)) : null,
        };
      }),
      cursor: last && rows.length === limit ? encodeCursor(last.submitted_at ?? 0, last.number) : null,
    };
  });

  app.get<{ Params: Params }>('/api/workflow/:domain/:number', (request, reply) => {
    const { domain, number } = request.params;
    knownDomain(domain);
    requireAny(callerOf(request), `${domain}:read`, 'docs:read');
    const row = workflow.state(domain, number);
    void reply.header('etag', `"${row.version}"`);
    return { ok: true, state: row.state, version: String(row.version), submittedBy: row.submitted_by, submittedAt: row.submitted_at === null ? null : Math.floor(row.submitted_at / 1000) };
  });

  app.get<{ Params: Params }>('/api/workflow/:domain/:number/audit', (request) => {
    const { domain, number } = request.params;
    knownDomain(domain);
    requireAny(callerOf(request), `${domain}:read`, 'docs:read');
    return { ok: true, items: audit.trail(domain, number) };
  });

  app.post<{ Params: Params; Querystring: Query }>('/api/workflow/:domain/:number/transition', (request, reply) => {
    const { domain, number } = request.params;
    knownDomain(domain);
    const body = objectBody(request.body);
    const reason = typeof body['reason'] === 'string' && body['reason'].trim() !== '' ? body['reason'].trim().slice(0, 2000) : null;
    const ifMatch = request.headers['if-match'];
    const attempt: Attempt = {
      domain, number, reason, action: actionOf(request.query), caller: callerOf(request), total: body['total'],
      lines: checkLines(body['lines'] ?? []),
      ifMatch: typeof ifMatch === 'string' && ifMatch !== '' ? ifMatch.replace(/^W\//, '').replaceAll('"', '') : null,
      correlationId: request.id, client: clientOf(request),
    };
    // The workflow writes its own entries, refused attempts included.
    request.audited = true;
    try {
      return once(request, reply, () => {
        const next = workflow.transition(attempt);
        parts.transitions(domain, attempt.action, next.state);
        return { status: 200, body: { ok: true, state: next.state, version: String(next.version) }, etag: `"${next.version}"` };
      });
    } catch (error) {
      // Only now: inside the transaction the entry would have been rolled back with everything else.
      if (error instanceof HttpError && error.status !== 422) workflow.recordRefusal(attempt, error);
      throw error;
    }
  });
}
