import { z } from 'zod';

/** ERP-API section 6. */
export const severities = ['ok', 'warn', 'crit'] as const;
export type Severity = (typeof severities)[number];
export const policyActions = ['pricing.adjust', 'inventory.reorder', 'sales.notify'] as const;
export type PolicyAction = (typeof policyActions)[number];
/** The roles that a rule may ask for an approval of. */
export const approverRoles = ['admin', 'manager', 'operator'] as const;
export type ApproverRole = (typeof approverRoles)[number];

/** Ids name rules in addresses and file names of the server; the longest that every place shows whole. */
export const ruleIdSchema = z.string().min(1).max(100);

/** A JSON value: what `params` and `limits` may hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const json: z.ZodType<Json> = z.json();
const bag = z.record(z.string(), json);

/** Deep enough for any real parameter and shallow enough that no file of brackets costs the stack. */
export const deepestParams = 20;

/** Local time of the server. `days`: 0 = Sunday … 6 = Saturday. Times are compared as text `HH:MM`, both ends belong to it. */
export const windowSchema = z.looseObject({ days: z.array(z.number().int().min(0).max(6)), start: z.string().max(10), end: z.string().max(10) });
export type Window = z.infer<typeof windowSchema>;

export const approvalSchema = z.looseObject({
  required: z.boolean(),
  roles: z.array(z.enum(approverRoles)).optional(),
  bypassIfSeverity: z.enum(severities).optional(),
});
export type Approval = z.infer<typeof approvalSchema>;

/** One rule, in the client's normal form: parts that the server sends as null are absent. Fields we do not know are kept: a newer server may mean something by them. */
export const ruleSchema = z.looseObject({
  id: ruleIdSchema,
  when: z.looseObject({ kpiId: z.string().min(1).max(200), severity: z.array(z.enum(severities)) }),
  action: z.enum(policyActions),
  params: bag.optional(),
  limits: bag.optional(),
  window: windowSchema.optional(),
  approval: approvalSchema.optional(),
  autoExecute: z.boolean().default(false),
  autoSuggest: z.boolean().default(true),
});
export type Rule = z.infer<typeof ruleSchema>;

export const alertSchema = z.object({
  id: z.string().max(200),
  kpiId: z.string().max(200),
  title: z.string().max(1000),
  message: z.string().max(4000),
  severity: z.enum(severities),
  delta: z.number().optional(),
});
export type Alert = z.infer<typeof alertSchema>;

/** The order in which rules are tried: by id, by code point, as a database and most languages sort text; not by locale, not by UTF-16 unit. */
export function compareIds(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    if (a.charCodeAt(at) === b.charCodeAt(at)) continue;
    // The first differing unit may be the second half of a pair; the whole code point starts one before.
    const start = at > 0 && (a.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
    return (a.codePointAt(start) ?? 0) - (b.codePointAt(start) ?? 0);
  }
  return a.length - b.length;
}

/** The rules in the order of their evaluation. */
export const inOrder = (rules: readonly Rule[]): Rule[] => rules.toSorted((a, b) => compareIds(a.id, b.id));

/** The first two neighbours in a server's own list that stand there in another order than the client tries them; null where there are none. */
export function orderDiffers(rules: readonly Rule[]): [string, string] | null {
  for (const [at, { id }] of rules.entries()) {
    const next = rules[at + 1];
    if (next !== undefined && compareIds(id, next.id) > 0) return [id, next.id];
  }
  return null;
}

/** Takes away what is null at any depth of objects: servers send absent parts as null, and the two mean the same. */
export function dropNulls(value: unknown, depth = 0): unknown {
  if (depth > deepestParams) return value;
  if (Array.isArray(value)) return value.map((one) => dropNulls(one, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null).map(([name, one]) => [name, dropNulls(one, depth + 1)]));
}

/** The same value with the keys of its objects in one order, so that equal values make equal texts. */
export const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]));
};

/** Rules are never changed in place, so a text once made holds as long as its rule: at each key only the edited rule is new. */
const texts = new WeakMap<Rule, string>();

/** One text for each meaning: what two rules are compared by. Key order, nulls and the order of days, roles and severities do not count. */
export function canonicalRule(rule: Rule): string {
  const known = texts.get(rule);
  if (known !== undefined) return known;
  const text = canonicalText(rule);
  texts.set(rule, text);
  return text;
}

function canonicalText(rule: Rule): string {
  const { when, window, approval } = rule;
  const unique = <T extends string | number>(list: readonly T[]): T[] => [...new Set(list)].toSorted((a, b) => (a < b ? -1 : 1));
  return JSON.stringify(sorted(dropNulls({
    ...rule,
    when: { ...when, severity: unique(when.severity) },
    ...(window !== undefined && { window: { ...window, days: unique(window.days) } }),
    ...(approval !== undefined && { approval: { ...approval, ...(approval.roles !== undefined && { roles: unique(approval.roles) }) } }),
  })));
}

export const isSameRule = (a: Rule, b: Rule): boolean => a === b || canonicalRule(a) === canonicalRule(b);
