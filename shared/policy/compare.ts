import { toHex, utf8 } from '../audit/bytes.ts';
import { sha256 } from '../audit/sha256.ts';
import { approverRoles, isSameRule, severities, sorted, type ApproverRole, type Rule, type Severity } from './rule.ts';
import { RuleSet, type Decision } from './engine.ts';
import { minutesPerDay, minutesPerWeek, momentOfWeek, windowMinutes } from './time.ts';

/** How a decision differs from the one before. One decision can differ in several ways. */
export const changeKinds = ['executes', 'executesOtherwise', 'noLongerExecutes', 'needsApproval', 'losesApproval', 'otherParams', 'otherAction', 'nowAllowed', 'nowDenied'] as const;
export type ChangeKind = (typeof changeKinds)[number];
/** The kinds by which something happens without a person that did not before. */
export const newAutomation: ReadonlySet<ChangeKind> = new Set<ChangeKind>(['executes', 'executesOtherwise']);

/** A decision together with the action it would start. */
export type Outcome = Decision & { action: Rule['action'] | null };

export function kindsOf(before: Outcome, after: Outcome): ChangeKind[] {
  const kinds: ChangeKind[] = [];
  const sameParams = JSON.stringify(before.resolvedParams) === JSON.stringify(after.resolvedParams);
  if (after.execute && !before.execute) kinds.push('executes');
  if (after.execute && before.execute && (before.action !== after.action || !sameParams)) kinds.push('executesOtherwise');
  if (before.execute && !after.execute) kinds.push('noLongerExecutes');
  if (before.type === 'deny' && after.type === 'allow') kinds.push('nowAllowed');
  if (before.type === 'allow' && after.type === 'deny') kinds.push('nowDenied');
  if (before.type === 'allow' && after.type === 'allow') {
    if (after.needsApproval && !before.needsApproval) kinds.push('needsApproval');
    if (before.needsApproval && !after.needsApproval) kinds.push('losesApproval');
    if (before.action !== after.action) kinds.push('otherAction');
    else if (!sameParams) kinds.push('otherParams');
  }
  return kinds;
}

/** A stretch of the week, in minutes from Sunday 00:00, both ends included. */
export type Stretch = { from: number; to: number };

/** One place of the finite domain where two rule sets decide differently. */
export type Difference = { kpiId: string; severity: Severity; when: Stretch[]; roles: ApproverRole[]; kinds: ChangeKind[]; before: Outcome; after: Outcome };

const roleSets: readonly ApproverRole[][] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => approverRoles.filter((_, at) => (bits >> at) % 2 === 1));

/**
 * Every place where two rule sets decide differently: complete over KPI × severity × minute of the week × the roles a rule
 * can ask for. Complete, because a decision depends on nothing else (`{delta}` is only carried along), and a rule's answer
 * changes only at the edges of its own window. KPIs that no rule names are denied by both.
 */
export function differences(before: readonly Rule[], after: readonly Rule[]): Difference[] {
  const [old, next] = [new RuleSet(before), new RuleSet(after)];
  const kpis = [...new Set([...before, ...after].map((rule) => rule.when.kpiId))].toSorted();
  return kpis.flatMap((kpiId) => severities.flatMap((severity) => differencesAt(old, next, kpiId, severity)));
}

/**
 * The verdict "no new automation": whatever the edited rules do by themselves, the old ones did too.
 * @returns the counterexamples; none is the proof.
 */
export const automationAdded = (before: readonly Rule[], after: readonly Rule[]): Difference[] =>
  differences(before, after).filter(({ kinds }) => kinds.some((kind) => newAutomation.has(kind)));

/** What stands for "no new automation" in place of a digest. */
export const nothingAdded = 'none';

/**
 * One short text for a verdict: what a person confirmed by reading it, and what is compared when it is acted on. Only what
 * would happen counts, not how it was before.
 */
export function verdictOf(added: readonly Difference[]): string {
  if (added.length === 0) return nothingAdded;
  const told = added.map(({ kpiId, severity, when, roles, after }) => ({ kpiId, severity, when, roles, ruleId: after.ruleId, action: after.action, params: after.resolvedParams }));
  return toHex(sha256(utf8(JSON.stringify(sorted(told))) ?? new Uint8Array(0)));
}

function differencesAt(old: RuleSet, next: RuleSet, kpiId: string, severity: Severity): Difference[] {
  const [before, after] = [old.ruleFor(kpiId, severity), next.ruleFor(kpiId, severity)];
  if (before === after || (before !== undefined && after !== undefined && isSameRule(before, after))) return [];
  const edges = weekEdges([before, after]);
  const found = new Map<string, Difference>();
  for (const [at, from] of edges.entries()) {
    const to = (edges[at + 1] ?? minutesPerWeek) - 1;
    const moment = momentOfWeek(from);
    for (const roles of roleSets) {
      const alert = { kpiId, severity };
      const was: Outcome = { ...old.decide(alert, roles, moment), action: before?.action ?? null };
      const is: Outcome = { ...next.decide(alert, roles, moment), action: after?.action ?? null };
      const kinds = kindsOf(was, is);
      if (kinds.length === 0) continue;
      const name = JSON.stringify([roles, kinds, was, is]);
      const known = found.get(name);
      if (known === undefined) found.set(name, { kpiId, severity, when: [{ from, to }], roles, kinds, before: was, after: is });
      else append(known.when, { from, to });
    }
  }
  return [...found.values()];
}

function append(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1);
  if (last !== undefined && last.to === next.from - 1) last.to = next.to;
  else stretches.push(next);
}

/** The minutes of the week at which one of the rules may begin to answer differently, in order, beginning with 0. */
function weekEdges(rules: readonly (Rule | undefined)[]): number[] {
  const edges = new Set([0]);
  for (const rule of rules) {
    if (rule?.window === undefined) continue;
    const covered = windowMinutes(rule.window);
    if (covered === null) continue;
    for (const day of rule.window.days) {
      edges.add(day * minutesPerDay + covered[0]);
      edges.add(day * minutesPerDay + covered[1] + 1);
    }
  }
  return [...edges].filter((edge) => edge < minutesPerWeek).toSorted((a, b) => a - b);
}
