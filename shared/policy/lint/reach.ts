import type { Rule } from '../rule.ts';
import { finding, type Finding, type RuleLint } from './finding.ts';

const sameKpi = (rule: Rule, earlier: readonly Rule[]): Rule[] => earlier.filter((one) => one.when.kpiId === rule.when.kpiId);

/** Every severity is answered by earlier rules. A window of theirs does not help: outside it nobody else is asked. */
export const unreachable: RuleLint = (rule, earlier) => {
  const before = sameKpi(rule, earlier);
  const by = rule.when.severity.map((severity) => before.find((one) => one.when.severity.includes(severity)));
  if (by.length === 0 || by.some((one) => one === undefined)) return [];
  const ids = [...new Set(by.map((one) => one?.id ?? ''))];
  const lint = by.some((one) => one?.window !== undefined) ? 'unreachableBehindWindow' : 'unreachable';
  return [finding(lint, 'error', rule, 'when', { by: ids.join(', ') }, { remove: true })];
};

/** Some severities are answered by an earlier rule. */
export const partlyShadowed: RuleLint = (rule, earlier) => {
  const before = sameKpi(rule, earlier);
  const taken = rule.when.severity.filter((severity) => before.some((one) => one.when.severity.includes(severity)));
  const left = rule.when.severity.filter((severity) => !taken.includes(severity));
  if (taken.length === 0 || left.length === 0) return [];
  const by = before.filter((one) => one.when.severity.some((severity) => taken.includes(severity))).map((one) => one.id);
  return [finding('partlyShadowed', 'risk', rule, 'when.severity', { severities: taken.join(', '), by: by.join(', ') }, { rule: { ...rule, when: { ...rule.when, severity: left } } })];
};

export const noSeverity: RuleLint = (rule) => (rule.when.severity.length === 0 ? [finding('noSeverity', 'error', rule, 'when.severity')] : []);

/** Two rules of one KPI that do different things: easily wanted, easily a copy that was not finished. */
export const conflictingActions: RuleLint = (rule, earlier) => {
  const other = sameKpi(rule, earlier).find((one) => one.action !== rule.action);
  return other === undefined ? [] : [finding('conflictingActions', 'hint', rule, 'action', { other: other.id, action: rule.action, otherAction: other.action })];
};

/** `rule-10` comes before `rule-9`: the order is that of texts, and only matters where both speak for the same alerts. */
export const orderOfNumbers: RuleLint = (rule, earlier) => {
  const other = sameKpi(rule, earlier).find((one) => one.when.severity.some((severity) => rule.when.severity.includes(severity)) && one.id.localeCompare(rule.id, 'en', { numeric: true }) > 0);
  return other === undefined ? [] : [finding('orderOfNumbers', 'risk', rule, 'id', { other: other.id })];
};

export const idsByCase: RuleLint = (rule, earlier) => {
  const other = earlier.find((one) => one.id !== rule.id && one.id.toLowerCase() === rule.id.toLowerCase());
  return other === undefined ? [] : [finding('idsByCase', 'risk', rule, 'id', { other: other.id })];
};

/** Characters that tables, file names and addresses show badly or not at all. */
export const oddId: RuleLint = (rule) => (/^[\w.-]+$/.test(rule.id) ? [] : [finding('oddId', 'hint', rule, 'id', { id: rule.id })]);

export const unknownKpi: RuleLint = (rule, _earlier, { knownKpis }) => {
  if (knownKpis === undefined || knownKpis.has(rule.when.kpiId)) return [];
  const near = [...knownKpis].map((kpi) => ({ kpi, distance: editDistance(kpi, rule.when.kpiId) })).toSorted((a, b) => a.distance - b.distance)[0];
  const isNear = near !== undefined && near.distance <= 2;
  return [finding(isNear ? 'unknownKpiNear' : 'unknownKpi', isNear ? 'error' : 'risk', rule, 'when.kpiId', { kpi: rule.when.kpiId, near: isNear ? near.kpi : '' }, isNear ? { rule: { ...rule, when: { ...rule.when, kpiId: near.kpi } } } : undefined)];
};

/** A KPI whose warnings are answered and whose critical alerts are not. Looks at all rules of one KPI. */
export function criticalUncovered(rules: readonly Rule[]): Finding[] {
  const warns = rules.find((rule) => rule.when.severity.includes('warn'));
  if (warns === undefined || rules.some((rule) => rule.when.severity.includes('crit'))) return [];
  return [finding('criticalUncovered', 'hint', warns, 'when.severity', { kpi: warns.when.kpiId })];
}

/** Insertions, deletions and replacements between two short texts (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let left = 1; left <= a.length; left++) {
    const next = [left];
    for (let right = 1; right <= b.length; right++) {
      next[right] = Math.min((row[right] ?? 0) + 1, (next[right - 1] ?? 0) + 1, (row[right - 1] ?? 0) + (a[left - 1] === b[right - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
