import { severities } from '../rule.ts';
import { finding, without, type RuleLint } from './finding.ts';

/** Required, but of nobody: nobody can ever release it. */
export const withoutRoles: RuleLint = (rule) => {
  const { approval } = rule;
  if (approval?.required !== true || (approval.roles ?? []).length > 0) return [];
  return [finding('approvalNobody', 'error', rule, 'approval.roles', {}, { rule: { ...rule, approval: { ...approval, roles: ['manager', 'admin'] } } })];
};

export const bypassAtWorst: RuleLint = (rule) => {
  const { approval } = rule;
  if (approval?.required !== true || approval.bypassIfSeverity === undefined) return [];
  const worst = severities.findLast((severity) => rule.when.severity.includes(severity));
  if (approval.bypassIfSeverity !== worst && approval.bypassIfSeverity !== 'crit') return [];
  const { bypassIfSeverity, ...kept } = approval;
  return [finding('bypassWorst', 'risk', rule, 'approval.bypassIfSeverity', { severity: bypassIfSeverity }, { rule: { ...rule, approval: kept } })];
};

export const bypassNeverUsed: RuleLint = (rule) => {
  const bypass = rule.approval?.bypassIfSeverity;
  if (rule.approval === undefined || bypass === undefined || rule.when.severity.includes(bypass)) return [];
  const { bypassIfSeverity, ...kept } = rule.approval;
  return [finding('bypassUnused', 'hint', rule, 'approval.bypassIfSeverity', { severity: bypassIfSeverity ?? '' }, { rule: { ...rule, approval: kept } })];
};

/** The server executes at once when the caller holds an approver role: whoever raises the alert approves it too. */
export const selfApproval: RuleLint = (rule) => {
  if (!rule.autoExecute || rule.approval?.required !== true || (rule.approval.roles ?? []).length === 0) return [];
  return [finding('selfApproval', 'risk', rule, 'approval', { roles: (rule.approval.roles ?? []).join(', ') }, { rule: { ...rule, autoExecute: false } })];
};

/** Roles without a required approval do nothing. */
export const rolesWithoutNeed: RuleLint = (rule) => {
  if (rule.approval === undefined || rule.approval.required || (rule.approval.roles ?? []).length === 0) return [];
  return [finding('approvalNotRequired', 'risk', rule, 'approval.required', { roles: (rule.approval.roles ?? []).join(', ') }, { rule: { ...rule, approval: { ...rule.approval, required: true } } })];
};

/** An approval that is not required and says nothing more. */
export const emptyApproval: RuleLint = (rule) =>
  (rule.approval === undefined || rule.approval.required || (rule.approval.roles ?? []).length > 0 ? [] : [finding('approvalEmpty', 'hint', rule, 'approval', {}, { rule: without(rule, 'approval') })]);

export const rolesNobodyHas: RuleLint = (rule, _earlier, { heldRoles }) => {
  const roles = rule.approval?.required === true ? (rule.approval.roles ?? []) : [];
  if (heldRoles === undefined || roles.length === 0 || roles.some((role) => heldRoles.has(role))) return [];
  return [finding('rolesNobodyHas', 'risk', rule, 'approval.roles', { roles: roles.join(', ') })];
};
