import { dropNulls, inOrder, sorted, type Alert, type ApproverRole, type Json, type Rule, type Severity } from './rule.ts';
import { inWindow, type Moment } from './time.ts';

/** What the server answers to an alert (ERP-API section 6). */
export type Decision = {
  type: 'allow' | 'deny';
  reason: string;
  execute: boolean;
  needsApproval: boolean;
  approverRoles: ApproverRole[];
  ruleId: string | null;
  resolvedParams: Record<string, Json>;
};

/** Whether two decisions are the same in all that somebody acts on: outcome, rule, who may approve, and the parameters. The words of the reason do not count. */
export function isSameDecision(a: Decision, b: Decision): boolean {
  const text = ({ type, execute, needsApproval, approverRoles, ruleId, resolvedParams }: Decision): string =>
    JSON.stringify(sorted(dropNulls({ type, execute, needsApproval, approverRoles: [...new Set(approverRoles)].toSorted(), ruleId, resolvedParams })));
  return text(a) === text(b);
}

/** The server's words for its two refusals. */
export const noMatchingRule = 'No matching rule';
export const outsideWindow = 'Outside window';

/** What one rule contributed to the decision, in the order of evaluation. */
export type TraceStep =
  | { step: 'otherKpi'; ruleId: string; kpiId: string }
  | { step: 'otherSeverity'; ruleId: string; severity: readonly Severity[] }
  | { step: 'matched'; ruleId: string }
  | { step: 'window'; ruleId: string; inside: boolean }
  | { step: 'approval'; ruleId: string; required: boolean; bypassed: boolean; needed: boolean }
  | { step: 'execute'; ruleId: string; automatic: boolean; heldRole: ApproverRole | null; executes: boolean }
  | { step: 'limitsIgnored'; ruleId: string }
  | { step: 'shadowed'; ruleId: string; by: string };

const deny = (reason: string, ruleId: string | null): Decision =>
  ({ type: 'deny', reason, execute: false, needsApproval: false, approverRoles: [], ruleId, resolvedParams: {} });

export const matches = (rule: Rule, kpiId: string, severity: Severity): boolean => rule.when.kpiId === kpiId && rule.when.severity.includes(severity);

/** Whether an approval stands between this rule and its action at a severity. */
export const needsApproval = (rule: Rule, severity: Severity): boolean => rule.approval?.required === true && rule.approval.bypassIfSeverity !== severity;

const isBySeverity = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value) && 'warn' in value && Object.keys(value).every((key) => key === 'warn' || key === 'crit' || key === 'ok');

/** Parameters for one alert: `{warn, crit}` picks by severity and falls back to warn, `{delta}` in texts is replaced. */
export function resolveParams(rule: Rule, { severity, delta }: Pick<Alert, 'severity' | 'delta'>): Record<string, Json> {
  const fill = (value: Json): Json => {
    if (typeof value === 'string') return delta === undefined ? value : value.replaceAll('{delta}', String(delta));
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one)]));
  };
  return Object.fromEntries(Object.entries(rule.params ?? {}).map(([name, value]) => [name, fill(isBySeverity(value) ? (value[severity] ?? value['warn'] ?? null) : value)]));
}

/** The decision of a rule that was found, whatever the others say. */
export function decideBy(rule: Rule, alert: Pick<Alert, 'severity' | 'delta'>, roles: readonly string[], moment: Moment): Decision {
  if (rule.window !== undefined && !inWindow(rule.window, moment)) return deny(outsideWindow, rule.id);
  const needs = needsApproval(rule, alert.severity);
  const approvers = rule.approval?.roles ?? [];
  return {
    type: 'allow', reason: `Matched ${rule.id}`, needsApproval: needs, approverRoles: approvers, ruleId: rule.id,
    execute: rule.autoExecute && (!needs || approvers.some((role) => roles.includes(role))),
    resolvedParams: resolveParams(rule, alert),
  };
}

/**
 * A rule set made ready for many alerts: the first rule by id for each KPI and severity, which is the only one that is
 * ever asked. Of rules with the same id the last one given counts, as in the server's upsert.
 */
export class RuleSet {
  readonly rules: readonly Rule[];
  readonly #first = new Map<string, Rule>();

  constructor(rules: readonly Rule[]) {
    this.rules = inOrder([...new Map(rules.map((rule) => [rule.id, rule])).values()]);
    for (const rule of this.rules) {
      for (const severity of rule.when.severity) {
        const place = `${severity}\u0000${rule.when.kpiId}`;
        if (!this.#first.has(place)) this.#first.set(place, rule);
      }
    }
  }

  /** The rule that answers for a KPI at a severity; undefined when none does. */
  ruleFor(kpiId: string, severity: Severity): Rule | undefined {
    return this.#first.get(`${severity}\u0000${kpiId}`);
  }

  /** @param roles roles of the caller. @param moment in the server's local time. */
  decide(alert: Pick<Alert, 'kpiId' | 'severity' | 'delta'>, roles: readonly string[], moment: Moment): Decision {
    const rule = this.ruleFor(alert.kpiId, alert.severity);
    return rule === undefined ? deny(noMatchingRule, null) : decideBy(rule, alert, roles, moment);
  }

  /** The decision with every step that led to it. */
  explain(alert: Alert, roles: readonly string[], moment: Moment): { decision: Decision; trace: TraceStep[] } {
    const trace: TraceStep[] = [];
    let found: Rule | undefined;
    for (const rule of this.rules) {
      const { id: ruleId } = rule;
      if (rule.when.kpiId !== alert.kpiId) trace.push({ step: 'otherKpi', ruleId, kpiId: rule.when.kpiId });
      else if (!rule.when.severity.includes(alert.severity)) trace.push({ step: 'otherSeverity', ruleId, severity: rule.when.severity });
      else if (found !== undefined) trace.push({ step: 'shadowed', ruleId, by: found.id });
      else {
        found = rule;
        trace.push(...stepsOf(rule, alert, roles, moment));
      }
    }
    return { decision: this.decide(alert, roles, moment), trace };
  }
}

function stepsOf(rule: Rule, alert: Alert, roles: readonly string[], moment: Moment): TraceStep[] {
  const { id: ruleId, approval } = rule;
  const steps: TraceStep[] = [{ step: 'matched', ruleId }];
  if (rule.window !== undefined) {
    const inside = inWindow(rule.window, moment);
    steps.push({ step: 'window', ruleId, inside });
    if (!inside) return steps;
  }
  const needed = needsApproval(rule, alert.severity);
  if (approval !== undefined) steps.push({ step: 'approval', ruleId, required: approval.required, bypassed: approval.required && !needed, needed });
  const heldRole = approval?.roles?.find((role) => roles.includes(role)) ?? null;
  steps.push({ step: 'execute', ruleId, automatic: rule.autoExecute, heldRole: needed ? heldRole : null, executes: decideBy(rule, alert, roles, moment).execute });
  if (rule.limits !== undefined && Object.keys(rule.limits).length > 0) steps.push({ step: 'limitsIgnored', ruleId });
  return steps;
}
