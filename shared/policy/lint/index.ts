import { inOrder, type Rule } from '../rule.ts';
import {
  automaticWhenOk, automaticWithoutLimits, deadParams, deltaMissing, doesNothing, emptyLimits, limitsNotEvaluated, noFallback, noParams, unknownFields, unknownPlaceholder,
} from './action.ts';
import { bypassAtWorst, bypassNeverUsed, emptyApproval, rolesNobodyHas, rolesWithoutNeed, selfApproval, withoutRoles } from './approval.ts';
import type { Finding, LintContext, RuleLint } from './finding.ts';
import { conflictingActions, criticalUncovered, idsByCase, noSeverity, oddId, orderOfNumbers, partlyShadowed, unknownKpi, unreachable } from './reach.ts';
import { alwaysOpen, countedFromMonday, criticalIgnored, noDays, overnight, shortWindow, timeIsNone } from './window.ts';

export { lintEdit } from './edit.ts';
export { contextOf } from './finding.ts';
export type { Finding, LintContext, LintLevel } from './finding.ts';

/** Every check, in the order in which its findings are shown within a rule. */
export const lints: readonly RuleLint[] = [
  unreachable, partlyShadowed, noSeverity, conflictingActions, orderOfNumbers, idsByCase, oddId, unknownKpi,
  noDays, timeIsNone, overnight, countedFromMonday, shortWindow, alwaysOpen, criticalIgnored,
  withoutRoles, bypassAtWorst, bypassNeverUsed, selfApproval, rolesWithoutNeed, emptyApproval, rolesNobodyHas,
  automaticWithoutLimits, limitsNotEvaluated, automaticWhenOk, doesNothing, deltaMissing, unknownPlaceholder, deadParams, noFallback, noParams, emptyLimits, unknownFields,
];

/** The ids of all findings there can be; each has its texts. */
export const lintIds = [
  'unreachable', 'unreachableBehindWindow', 'partlyShadowed', 'noSeverity', 'conflictingActions', 'orderOfNumbers', 'idsByCase', 'oddId', 'unknownKpi', 'unknownKpiNear',
  'windowNoDays', 'windowTime', 'windowOvernight', 'windowMonday', 'windowShort', 'windowAlways', 'windowCritical',
  'approvalNobody', 'bypassWorst', 'bypassUnused', 'selfApproval', 'approvalNotRequired', 'approvalEmpty', 'rolesNobodyHas',
  'automaticNoLimits', 'limitsIgnored', 'automaticWhenOk', 'doesNothing', 'deltaMissing', 'unknownPlaceholder', 'deadParam', 'paramNoFallback', 'noParams', 'limitsEmpty', 'unknownField',
  'criticalUncovered', 'editUncovers', 'editJump', 'editNoApproval', 'editMoreApprovers', 'editBypass',
] as const;

type Looked = { earlier: readonly Rule[]; context: LintContext; found: Finding[] };
const nothingKnown: LintContext = {};
/**
 * What was found in a rule, with what it depends on: the rules tried before it that can matter, and what is known. Rules are
 * never changed in place, so at each key only the edited rule and those behind it on its KPI are looked at anew.
 */
const looked = new WeakMap<Rule, Looked>();

function findingsIn(rule: Rule, earlier: readonly Rule[], context: LintContext): Finding[] {
  const known = looked.get(rule);
  if (known !== undefined && known.context === context && known.earlier.length === earlier.length && known.earlier.every((one, at) => one === earlier[at])) return known.found;
  const found = lints.flatMap((check) => check(rule, earlier, context));
  looked.set(rule, { earlier, context, found });
  return found;
}

/**
 * Everything that is wrong, risky or without effect in a rule set, by rule in the order of evaluation. Earlier rules are
 * grouped by KPI, so that 10,000 rules do not cost their square.
 */
export function lint(rules: readonly Rule[], context: LintContext = nothingKnown): Finding[] {
  const byKpi = new Map<string, Rule[]>();
  const byFoldedId = new Map<string, Rule[]>();
  const findings = inOrder(rules).flatMap((rule) => {
    const sameKpi = byKpi.get(rule.when.kpiId) ?? [];
    const sameId = byFoldedId.get(rule.id.toLowerCase()) ?? [];
    // Only these can matter to a check: rules of the same KPI, and rules of the same id but for its case.
    const earlier = sameId.length === 0 ? sameKpi : inOrder([...new Set([...sameKpi, ...sameId])]);
    const found = findingsIn(rule, earlier, context);
    byKpi.set(rule.when.kpiId, [...sameKpi, rule]);
    byFoldedId.set(rule.id.toLowerCase(), [...sameId, rule]);
    return found;
  });
  return [...findings, ...[...byKpi.values()].flatMap(criticalUncovered)];
}
