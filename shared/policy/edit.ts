import type { Proposal, RuleChange, RuleRecord } from './records.ts';
import { canonicalRule, inOrder, isSameRule, type Json, type Rule } from './rule.ts';

/** The parts of a rule that are changed, compared and merged one by one. */
export const ruleParts = ['when', 'action', 'params', 'limits', 'window', 'approval', 'autoExecute', 'autoSuggest'] as const;
export type RulePart = (typeof ruleParts)[number];

/** One place where two states of a rule differ. `from` and `to` are undefined where the place is not there. */
export type PartChange = { path: string; from: Json | undefined; to: Json | undefined };

const isBag = (value: unknown): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(normal(a)) === JSON.stringify(normal(b));

/** Lists of days, roles and severities mean the same in any order; keys of objects as well. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') ? value.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)) : value.map(normal);
  return isBag(value) ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, normal(one)])) : value;
}

/** Where two states of a rule differ, down to single values: `window.start`, `params.qty.crit`. */
export function changesOf(from: Rule, to: Rule): PartChange[] {
  const walk = (path: string, a: Json | undefined, b: Json | undefined): PartChange[] => {
    if (same(a, b)) return [];
    if (!isBag(a) || !isBag(b)) return [{ path, from: a, to: b }];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) => walk(path === '' ? name : `${path}.${name}`, a[name], b[name]));
  };
  return walk('', from as unknown as Json, to as unknown as Json);
}

/** What was done to a rule set: the steps that lead from what the server had to what it shall have. */
export function changesBetween(base: readonly RuleRecord[], rules: readonly Rule[]): RuleChange[] {
  const known = new Map(base.map((record) => [record.rule.id, record]));
  const wanted = new Set(rules.map(({ id }) => id));
  return [
    ...base.filter(({ rule }) => !wanted.has(rule.id)).map((record): RuleChange => ({ op: 'delete', base: record })),
    ...inOrder(rules).flatMap((rule): RuleChange[] => {
      const record = known.get(rule.id) ?? null;
      return record !== null && isSameRule(record.rule, rule) ? [] : [{ op: 'upsert', rule, base: record }];
    }),
  ];
}

/** The ids of the changes that were made on another state of their rule than the given one. */
export function staleChanges(changes: readonly RuleChange[], now: readonly RuleRecord[]): string[] {
  const byId = new Map(now.map((one) => [one.rule.id, one]));
  return changes.flatMap((change) => {
    const id = change.op === 'delete' ? change.base.rule.id : change.rule.id;
    const current = byId.get(id);
    const isCurrent = change.base === null ? current === undefined : current !== undefined && current.version === change.base.version && isSameRule(current.rule, change.base.rule);
    return isCurrent ? [] : [id];
  });
}

/** A rule set after the changes. */
export function withChanges(rules: readonly Rule[], changes: readonly RuleChange[]): Rule[] {
  const touched = new Set(changes.map((change) => (change.op === 'delete' ? change.base.rule.id : change.rule.id)));
  return inOrder([...rules.filter(({ id }) => !touched.has(id)), ...changes.flatMap((change) => (change.op === 'upsert' ? [change.rule] : []))]);
}

/** A proposal as changes of what the server has now, so that it is read and judged like an edit of one's own. */
export function proposedChanges({ changes }: Pick<Proposal, 'changes'>, now: readonly RuleRecord[]): RuleChange[] {
  return changes.flatMap((change): RuleChange[] => {
    const base = now.find(({ rule }) => rule.id === (change.op === 'delete' ? change.id : change.rule.id)) ?? null;
    if (change.op === 'upsert') return [{ op: 'upsert', rule: change.rule, base }];
    return base === null ? [] : [{ op: 'delete', base }];
  });
}

/** A rule that both sides changed, and where they differ. */
export type RuleConflict = { id: string; mine: Rule | null; theirs: Rule | null; parts: RulePart[] };
export type MergedRules = { rules: Rule[]; conflicts: RuleConflict[]; /** Ids taken over from the server. */ taken: string[] };

/**
 * Puts an edit on top of what the server has now, rule by rule and part by part. Where both changed the same part, mine
 * stands and the conflict is named; nothing of either side is dropped silently.
 */
export function rebaseRules(base: readonly Rule[], mine: readonly Rule[], theirs: readonly Rule[]): MergedRules {
  const byId = (rules: readonly Rule[]): Map<string, Rule> => new Map(rules.map((rule) => [rule.id, rule]));
  const [was, here, there] = [byId(base), byId(mine), byId(theirs)];
  const result: MergedRules = { rules: [], conflicts: [], taken: [] };
  for (const id of new Set([...was.keys(), ...here.keys(), ...there.keys()])) {
    const [b, m, t] = [was.get(id), here.get(id), there.get(id)];
    const unchanged = (a: Rule | undefined, c: Rule | undefined): boolean => (a === undefined || c === undefined ? a === c : isSameRule(a, c));
    if (unchanged(m, t) || unchanged(b, t)) {
      if (m !== undefined) result.rules.push(m);
    } else if (unchanged(b, m)) {
      if (t !== undefined) result.rules.push(t);
      result.taken.push(id);
    } else if (m === undefined || t === undefined) {
      if (m !== undefined) result.rules.push(m);
      result.conflicts.push({ id, mine: m ?? null, theirs: t ?? null, parts: [] });
    } else {
      const { rule, parts } = mergeRule(b, m, t);
      result.rules.push(rule);
      if (parts.length > 0) result.conflicts.push({ id, mine: m, theirs: t, parts });
      else result.taken.push(id);
    }
  }
  return { ...result, rules: inOrder(result.rules) };
}

function mergeRule(base: Rule | undefined, mine: Rule, theirs: Rule): { rule: Rule; parts: RulePart[] } {
  const parts: RulePart[] = [];
  const merged: Record<string, unknown> = { ...mine };
  const take = (name: string): void => {
    if (theirs[name] === undefined) delete merged[name];
    else merged[name] = theirs[name];
  };
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    if (name === 'id' || same(mine[name], theirs[name])) continue;
    if (base !== undefined && same(base[name], mine[name])) take(name);
    else if (base === undefined || !same(base[name], theirs[name])) parts.push(name as RulePart);
  }
  return { rule: merged as Rule, parts };
}

/** Whether two lists hold the same rules, whatever their order. */
export const isSameSet = (a: readonly Rule[], b: readonly Rule[]): boolean =>
  a.length === b.length && a.map(canonicalRule).toSorted().join('\n') === b.map(canonicalRule).toSorted().join('\n');

/** A free id near a wished one: `regel`, `regel-2`, … */
export function freeId(wish: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wish)) return wish;
  for (let number = 2; ; number++) if (!taken.has(`${wish}-${number}`)) return `${wish}-${number}`;
}
