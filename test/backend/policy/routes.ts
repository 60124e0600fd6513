import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf, requireAll, requireFresh } from '../erp/auth.ts';
import { decodeCursor, encodeCursor, instant, objectBody, wholeNumber } from '../erp/document-input.ts';
import type { Query } from '../erp/document-routes.ts';
import { HttpError, invalid, refuse } from '../erp/errors.ts';
import type { Once } from '../erp/idempotency.ts';
import { createAlerts, type Alerts } from './alerts.ts';
import { createBackups } from './backups.ts';
import { checkRule, checkRules, idOf, reasonOf } from './input.ts';
import { draftRoutes } from './drafts.ts';
import { checkVersion, createRuleStore, type RuleStore } from './store.ts';

export const restoresPerMinute = 5;

export const ifMatchOf = (request: FastifyRequest): string | null => {
  const header = request.headers['if-match'];
  return typeof header === 'string' && header !== '' ? header.replace(/^W\//, '').replaceAll('"', '') : null;
};
const wire = ({ rule, version }: { rule: object; version: number }): object => ({ ...rule, version });

export type Policy = { rules: RuleStore; alerts: Alerts };

/** Policy routes of the security profile; ERP-API section 6. */
export function policyRoutes(app: FastifyInstance, db: Db, parts: { now: () => number; once: Once; tenant: string; freshSeconds: number }): Policy {
  const { now, once, freshSeconds } = parts;
  const base = '/api/mcp/policy';
  const rules = createRuleStore(db, now);
  const alerts = createAlerts(db, rules, now);
  const backups = createBackups(db, rules, now, parts.tenant);
  const reads = (request: FastifyRequest): void => requireAll(callerOf(request), 'policy:read');
  const writes = (request: FastifyRequest): string => {
    requireAll(callerOf(request), 'policy:write');
    return callerOf(request).name;
  };
  const seconds = (ms: number): number => Math.floor(ms / 1000);

  app.get(`${base}/list`, (request) => {
    reads(request);
    return { ok: true, data: rules.list().map(wire) };
  });

  const store = (request: FastifyRequest, mustExist: boolean): (() => { status: number; body: unknown; etag: string }) => {
    const author = writes(request);
    const { reason: _reason, version: _version, ...body } = objectBody(request.body);
    const rule = checkRule(body);
    const reason = reasonOf(objectBody(request.body));
    return () => {
      const known = rules.find(rule.id);
      if (mustExist && known === undefined) throw refuse(404, `Rule not found: ${rule.id}`);
      checkVersion(ifMatchOf(request), known);
      const version = rules.put(rule, author, reason);
      return { status: 200, body: { ok: true, id: rule.id, version }, etag: `"${version}"` };
    };
  };
  app.post(`${base}/create`, (request, reply) => once(request, reply, store(request, false)));
  app.post(`${base}/update`, (request, reply) => once(request, reply, store(request, true)));

  app.post(`${base}/upsert`, (request, reply) => {
    const author = writes(request);
    const body = objectBody(request.body);
    const given = checkRules(body['rules'], ['body', 'rules']);
    return once(request, reply, () => {
      for (const rule of given) rules.put(rule, author, reasonOf(body));
      return { status: 200, body: { ok: true, count: given.length } };
    });
  });

  app.post(`${base}/delete`, (request, reply) => {
    const author = writes(request);
    const body = objectBody(request.body);
    const id = idOf(body);
    return once(request, reply, () => {
      const known = rules.find(id);
      if (known === undefined) throw refuse(404, `Rule not found: ${id}`);
      checkVersion(ifMatchOf(request), known);
      rules.remove(id, author, reasonOf(body));
      return { status: 200, body: { ok: true, id } };
    });
  });

  app.post(`${base}/test`, (request) => {
    reads(request);
    const body = objectBody(request.body);
    return { ok: true, decision: alerts.decide(objectBody(body['alert']), Array.isArray(body['roles']) ? body['roles'].map(String) : []) };
  });

  app.get(`${base}/export`, (request) => {
    reads(request);
    return { rules: rules.list().map(({ rule }) => rule) };
  });

  app.get(`${base}/backup`, (request) => ({ ok: true, file: backups.create(writes(request)) }));
  app.get(`${base}/backups`, (request) => {
    reads(request);
    return { ok: true, files: backups.list().map(({ file }) => file), backups: backups.list().map((one) => ({ ...one, at: seconds(one.at) })) };
  });

  app.post(`${base}/restore`, { config: { rateLimit: { max: restoresPerMinute, timeWindow: 60_000 } } }, (request, reply) => {
    const author = writes(request);
    requireFresh(request, reply, freshSeconds, now);
    const body = objectBody(request.body);
    return once(request, reply, () => ({ status: 200, body: { ok: true, ...backups.restore(body, author) } }));
  });

  app.get(`${base}/versions`, (request) => {
    reads(request);
    return { ok: true, items: rules.versions().map((one) => ({ ...one, at: seconds(one.at) })) };
  });

  app.get<{ Querystring: Query }>(`${base}/alerts`, (request) => {
    reads(request);
    const limit = wholeNumber(request.query, 'limit', 1000, 1, 5000);
    const from = instant(request.query, 'from') ?? 0;
    const to = instant(request.query, 'to') ?? Number.MAX_SAFE_INTEGER;
    const [at, seq] = decodeCursor(request.query, 2)?.map(Number) ?? [from, -1];
    const items = alerts.list(at ?? from, seq ?? -1, to, limit);
    const last = items.at(-1);
    return { ok: true, items: items.map(({ seq: _seq, ...one }) => ({ ...one, at: seconds(one.at) })), cursor: last && items.length === limit ? encodeCursor(last.at, last.seq) : null };
  });

  draftRoutes(app, db, { rules, now, once, freshSeconds });

  app.addHook('onReady', async () => { backups.prune(); });
  return { rules, alerts };
}

/** The shipped server: no role check, no version, no backups; what is restored replaces everything, also by nothing. */
export function shippedPolicyRoutes(app: FastifyInstance, db: Db, now: () => number): Policy {
  const base = '/api/mcp/policy';
  const rules = createRuleStore(db, now);
  const alerts = createAlerts(db, rules, now);
  const store = (request: FastifyRequest): object => {
    const rule = checkRule(objectBody(request.body));
    rules.put(rule, 'unknown', null);
    return { ok: true, id: rule.id };
  };
  const crash = (): never => { throw new HttpError(500, 'Internal Server Error'); };
  app.get(`${base}/list`, () => ({ ok: true, data: rules.list().map(({ rule }) => rule) }));
  app.post(`${base}/create`, store);
  app.post(`${base}/update`, store);
  app.post(`${base}/upsert`, (request) => {
    const given = checkRules(objectBody(request.body)['rules'], ['body', 'rules']);
    db.transaction(() => { for (const rule of given) rules.put(rule, 'unknown', null); })();
    return { ok: true, count: given.length };
  });
  app.post(`${base}/delete`, (request) => {
    const id = idOf(objectBody(request.body));
    if (rules.find(id) === undefined) return { ok: false, error: `Rule not found: ${id}` };
    rules.remove(id, 'unknown', null);
    return { ok: true };
  });
  app.post(`${base}/test`, (request) => {
    const body = objectBody(request.body);
    return { ok: true, decision: alerts.decide(objectBody(body['alert']), Array.isArray(body['roles']) ? body['roles'].map(String) : []) };
  });
  app.get(`${base}/export`, () => ({ rules: rules.list().map(({ rule }) => rule) }));
  app.get(`${base}/backup`, crash);
  app.get(`${base}/backups`, crash);
  app.post(`${base}/restore`, (request) => {
    const text = objectBody(request.body)['json'];
    if (typeof text !== 'string') throw invalid(['body', 'json'], 'Input should be a valid string', text, 'string_type');
    const value = JSON.parse(text) as { rules?: unknown };
    const given = Array.isArray(value.rules) ? checkRules(value.rules, ['body', 'json', 'rules']) : [];
    db.transaction(() => {
      for (const { rule } of rules.list()) rules.remove(rule.id, 'unknown', 'restore');
      for (const rule of given) rules.put(rule, 'unknown', 'restore');
    })();
    return { ok: true };
  });
  return { rules, alerts };
}
