import { z } from 'zod';
import { decisionSchema, pastAlertSchema, type Backup, type Proposal, type RuleChange, type RuleRecord, type RuleVersion } from '../../../shared/policy/records.ts';
import { readRule } from '../../../shared/policy/parse.ts';
import { approverRoles, dropNulls, type Alert, type Rule } from '../../../shared/policy/rule.ts';
import { AppFailure, failure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import { instantOf } from '../time.ts';
import type { CallOptions, PolicyApi } from '../types.ts';

const base = '/api/mcp/policy';
const accepted = z.looseObject({});
const time = z.union([z.number(), z.string()]);
const optionalText = z.string().nullish();

/** The server's words for who may approve may hold roles we do not know; those cannot be held by anybody here. */
const wireDecision = z.preprocess((value) => {
  // An alert that nothing was decided on comes with null.
  if (typeof value !== 'object' || value === null) return value;
  const decision = dropNulls(value) as Record<string, unknown>;
  const roles = Array.isArray(decision['approverRoles']) ? decision['approverRoles'].filter((role) => (approverRoles as readonly unknown[]).includes(role)) : [];
  return { ruleId: null, resolvedParams: {}, ...decision, approverRoles: roles };
}, decisionSchema);

/** A rule from the wire. @throws AppFailure server.unexpected naming the place. */
function ruleFrom(value: unknown, at: string): RuleRecord {
  const { version, ...rest } = (typeof value === 'object' && value !== null ? value : {}) as { version?: unknown };
  const { rule, problems } = readRule(rest, at);
  if (rule === null) throw failure('server.unexpected', { params: { field: problems[0]?.path ?? at } });
  return { rule, version: typeof version === 'number' || typeof version === 'string' ? String(version) : null };
}

const quoted = (version: string | null): string | null => (version === null ? null : `"${version}"`);

/** Policies, ERP-API section 6. */
export function createPolicyApi(http: ErpHttp): PolicyApi {
  /** Routes that only some servers have. */
  const optional = async <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => {
    if (error instanceof AppFailure && error.error.code === 'server.notFound') throw failure('server.unsupported', { correlationId: error.error.correlationId }, error);
    throw error;
  });
  const send = async (path: string, body: unknown, key: string, options: CallOptions & { ifMatch?: string | null } = {}) =>
    http.request({ method: 'POST', path: `${base}${path}`, body, schema: accepted, idempotencyKey: key, retries: 0, ...options });
  const wireChange = (change: RuleChange): object => {
    const baseVersion = change.base?.version === undefined || change.base.version === null ? null : Number(change.base.version);
    return change.op === 'delete' ? { op: 'delete', id: change.base.rule.id, baseVersion } : { op: 'upsert', rule: change.rule, baseVersion };
  };

  return {
    async list(call = {}) {
      const { value } = await http.request({ method: 'GET', path: `${base}/list`, schema: z.looseObject({ data: z.array(z.unknown()) }), ...call });
      return value.data.map((one, index) => ruleFrom(one, `data.${index}`));
    },
    async put(rule, { version, isNew, reason, idempotencyKey, ...call }) {
      await send(isNew ? '/create' : '/update', { ...rule, ...(reason !== null && { reason }) }, idempotencyKey, { ...call, ifMatch: quoted(version) });
    },
    async putAll(rules, { idempotencyKey, ...call }) {
      await send('/upsert', { rules }, idempotencyKey, call);
    },
    async remove(id, { version, reason, idempotencyKey, ...call }) {
      await send('/delete', { id, ...(reason !== null && { reason }) }, idempotencyKey, { ...call, ifMatch: quoted(version) });
    },
    async test(alert: Alert, roles, call = {}) {
      const { value } = await http.request({ method: 'POST', path: `${base}/test`, body: { alert, roles }, schema: z.looseObject({ decision: wireDecision }), ...call });
      return value.decision;
    },
    async versions(call = {}) {
      const row = z.looseObject({ ruleId: z.string(), version: z.union([z.number(), z.string()]).transform(String), author: optionalText, at: time, reason: optionalText, rule: z.unknown() });
      const { value } = await optional(http.request({ method: 'GET', path: `${base}/versions`, schema: z.looseObject({ items: z.array(row) }), ...call }));
      return value.items.map((item, index): RuleVersion => ({
        ruleId: item.ruleId, version: item.version, author: item.author ?? '', at: instantOf(item.at) ?? 0, reason: item.reason ?? null,
        rule: item.rule === null || item.rule === undefined ? null : ruleFrom(item.rule, `items.${index}.rule`).rule,
      }));
    },
    async alerts({ cursor, from, ...call }) {
      const row = z.looseObject({ at: time, alert: z.unknown(), roles: z.array(z.string()).nullish(), decision: z.unknown() });
      const query = { limit: 5000, cursor, ...(from === undefined ? {} : { from: Math.floor(from / 1000) }) };
      const { value } = await optional(http.request({ method: 'GET', path: `${base}/alerts`, query, schema: z.looseObject({ items: z.array(row), cursor: optionalText }), ...call }));
      const items = value.items.flatMap((item) => {
        const decided = wireDecision.safeParse(item.decision);
        // An alert that cannot be read is left out: it cannot be replayed either.
        const parsed = pastAlertSchema.safeParse({ alert: dropNulls(item.alert), at: instantOf(item.at) ?? 0, roles: item.roles ?? [], decided: decided.success ? decided.data : null });
        return parsed.success ? [parsed.data] : [];
      });
      return { items, unreadable: value.items.length - items.length, nextCursor: value.cursor ?? null };
    },
    async propose(changes, { reason, activateAt, idempotencyKey, ...call }) {
      const body = { changes: changes.map(wireChange), reason, activateAt: activateAt === null ? null : Math.floor(activateAt / 1000) };
      const { value } = await optional(http.request({ method: 'POST', path: `${base}/drafts`, body, schema: z.looseObject({ id: z.string() }), idempotencyKey, retries: 0, ...call }));
      return { id: value.id };
    },
    async proposals(call = {}) {
      const change = z.union([z.looseObject({ op: z.literal('upsert'), rule: z.unknown() }), z.looseObject({ op: z.literal('delete'), id: z.string() })]);
      const row = z.looseObject({
        id: z.string(), author: z.string(), at: time, reason: optionalText, state: z.enum(['open', 'scheduled', 'approved', 'rejected', 'stale']), changes: z.array(change),
        activateAt: time.nullish(), decidedBy: optionalText, decidedAt: time.nullish(), decisionReason: optionalText,
      });
      const { value } = await optional(http.request({ method: 'GET', path: `${base}/drafts`, schema: z.looseObject({ items: z.array(row) }), ...call }));
      return value.items.map((item, index): Proposal => ({
        id: item.id, author: item.author, at: instantOf(item.at) ?? 0, reason: item.reason ?? null, state: item.state, activateAt: item.activateAt === null || item.activateAt === undefined ? null : instantOf(item.activateAt),
        decidedBy: item.decidedBy ?? null, decidedAt: item.decidedAt === null || item.decidedAt === undefined ? null : instantOf(item.decidedAt), decisionReason: item.decisionReason ?? null,
        changes: item.changes.map((one, place) => (one.op === 'delete' ? { op: 'delete', id: one.id } : { op: 'upsert', rule: ruleFrom(one.rule, `items.${index}.changes.${place}`).rule })),
      }));
    },
    async decide(id, verdict, { reason, idempotencyKey, ...call }) {
      const { value } = await http.request({
        method: 'POST', path: `${base}/drafts/${encodeURIComponent(id)}/${verdict}`, body: { reason: reason ?? null }, schema: z.looseObject({ state: z.enum(['open', 'scheduled', 'approved', 'rejected', 'stale']) }), idempotencyKey, retries: 0, ...call,
      });
      return { state: value.state };
    },
    async backups(call = {}) {
      const row = z.looseObject({ file: z.string(), at: time.nullish(), rules: z.number().int().nullish() });
      const { value } = await optional(http.request({ method: 'GET', path: `${base}/backups`, schema: z.looseObject({ files: z.array(z.string()), backups: z.array(row).optional() }), ...call }));
      return value.files.map((file): Backup => {
        const known = value.backups?.find((one) => one.file === file);
        return { file, at: known?.at === undefined || known.at === null ? null : instantOf(known.at), rules: known?.rules ?? null };
      });
    },
    async createBackup(call = {}) {
      const { value } = await http.request({ method: 'GET', path: `${base}/backup`, schema: z.looseObject({ file: z.string() }), retries: 0, ...call });
      return value.file;
    },
    async restore(from: { file: string } | { rules: readonly Rule[] }, { idempotencyKey, ...call }) {
      const body = 'file' in from ? from : { json: JSON.stringify({ rules: from.rules }) };
      const { value } = await http.request({ method: 'POST', path: `${base}/restore`, body, schema: z.looseObject({ safetyBackup: optionalText }), limit: 'restore', idempotencyKey, retries: 0, timeoutMs: 60_000, ...call });
      return { safetyBackup: value.safetyBackup ?? null };
    },
  };
}
