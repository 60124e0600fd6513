import { RuleSet } from '../engine.ts';
import { severities, type Json, type Rule } from '../rule.ts';
import { finding, type Finding } from './finding.ts';

/** A number this many times larger or smaller than before is more often a slip of a finger than a decision. */
export const jump = 3;

/**
 * What is suspicious about an edit rather than about the rules themselves: numbers that jump, approvals that got weaker,
 * alerts that nobody answers any more. All are risks, because each can be meant.
 */
export function lintEdit(before: readonly Rule[], after: readonly Rule[]): Finding[] {
  const next = new RuleSet(after);
  const byId = new Map(after.map((rule) => [rule.id, rule]));
  return before.flatMap((old) => {
    const rule = byId.get(old.id);
    const lost = severities.filter((severity) => old.when.severity.includes(severity) && next.ruleFor(old.when.kpiId, severity) === undefined);
    const uncovered = lost.length === 0 ? [] : [finding('editUncovers', 'risk', rule ?? old, 'when', { kpi: old.when.kpiId, severities: lost.join(', ') })];
    return rule === undefined ? uncovered : [...uncovered, ...between(old, rule)];
  });
}

/** What was found between a rule and the edited one: at each key only one of them is new. */
const compared = new WeakMap<Rule, { rule: Rule; found: Finding[] }>();

function between(old: Rule, rule: Rule): Finding[] {
  if (old === rule) return [];
  const known = compared.get(old);
  if (known?.rule === rule) return known.found;
  const found = [...jumps(old, rule), ...weaker(old, rule)];
  compared.set(old, { rule, found });
  return found;
}

function numbers(value: Json, path: string): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, one]) => numbers(one, `${path}.${name}`)) : [];
}

function jumps(old: Rule, rule: Rule): Finding[] {
  const was = new Map(numbers(old.params ?? {}, 'params'));
  return numbers(rule.params ?? {}, 'params').flatMap(([path, value]): Finding[] => {
    const known = was.get(path);
    if (known === undefined || known === value) return [];
    const isJump = known === 0 || value === 0 || Math.sign(known) !== Math.sign(value) || Math.max(value / known, known / value) >= jump;
    return isJump ? [finding('editJump', 'risk', rule, path, { from: String(known), to: String(value) })] : [];
  });
}

function weaker(old: Rule, rule: Rule): Finding[] {
  if (old.approval?.required !== true) return [];
  const { approval } = rule;
  if (approval?.required !== true) return [finding('editNoApproval', 'risk', rule, 'approval.required')];
  const added = (approval.roles ?? []).filter((role) => !(old.approval?.roles ?? []).includes(role));
  const bypass = approval.bypassIfSeverity !== undefined && approval.bypassIfSeverity !== old.approval.bypassIfSeverity;
  return [
    ...(added.length > 0 ? [finding('editMoreApprovers', 'risk', rule, 'approval.roles', { roles: added.join(', ') })] : []),
    ...(bypass ? [finding('editBypass', 'risk', rule, 'approval.bypassIfSeverity', { severity: approval.bypassIfSeverity ?? '' })] : []),
  ];
}
