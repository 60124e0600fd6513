import { approvalSchema, ruleSchema, windowSchema, type Json, type Rule } from '../rule.ts';
import { finding, without, type Finding, type RuleLint } from './finding.ts';

const hasLimits = (rule: Rule): boolean => Object.keys(rule.limits ?? {}).length > 0;

/** Acts by itself, with nobody asked: at some severity no approval stands before it. */
const actsAlone = (rule: Rule): boolean => rule.autoExecute && rule.when.severity.some((severity) => rule.approval?.required !== true || rule.approval.bypassIfSeverity === severity);

export const automaticWithoutLimits: RuleLint = (rule) => (actsAlone(rule) && !hasLimits(rule) ? [finding('automaticNoLimits', 'risk', rule, 'autoExecute', {}, { rule: { ...rule, autoExecute: false } })] : []);

/** Limits are stored, but the server never evaluates them. */
export const limitsNotEvaluated: RuleLint = (rule) => (hasLimits(rule) ? [finding('limitsIgnored', rule.autoExecute ? 'risk' : 'hint', rule, 'limits')] : []);

/** Acting on its own when nothing is wrong. */
export const automaticWhenOk: RuleLint = (rule) =>
  (rule.autoExecute && rule.when.severity.includes('ok') ? [finding('automaticWhenOk', 'risk', rule, 'when.severity', {}, rule.when.severity.length > 1 ? { rule: { ...rule, when: { ...rule.when, severity: rule.when.severity.filter((one) => one !== 'ok') } } } : undefined)] : []);

/** Neither acts nor suggests: the rule only keeps later ones from being asked. */
export const doesNothing: RuleLint = (rule) => (!rule.autoExecute && !rule.autoSuggest ? [finding('doesNothing', 'risk', rule, 'autoSuggest', {}, { rule: { ...rule, autoSuggest: true } })] : []);

const texts = (value: Json): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
};

/** `{delta}` where the alerts of the KPI carry none: the text goes out with the placeholder in it. */
export const deltaMissing: RuleLint = (rule, _earlier, { kpisWithDelta }) =>
  (kpisWithDelta !== undefined && !kpisWithDelta.has(rule.when.kpiId) && Object.values(rule.params ?? {}).flatMap(texts).some((text) => text.includes('{delta}')) ? [finding('deltaMissing', 'risk', rule, 'params')] : []);

/** The server knows `{delta}` and nothing else. */
export const unknownPlaceholder: RuleLint = (rule) => {
  const unknown = Object.values(rule.params ?? {}).flatMap(texts).flatMap((text) => text.match(/\{[^{}]*\}/g) ?? []).find((name) => name !== '{delta}');
  return unknown === undefined ? [] : [finding('unknownPlaceholder', 'risk', rule, 'params', { name: unknown })];
};

const bySeverity = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value) && ('warn' in value || 'crit' in value);

/** A value for a severity that the rule does not speak for. */
export const deadParams: RuleLint = (rule) => Object.entries(rule.params ?? {}).flatMap(([name, value]): Finding[] => {
  if (!bySeverity(value) || !('crit' in value) || rule.when.severity.includes('crit')) return [];
  return [finding('deadParam', 'hint', rule, `params.${name}`, { name }, 'warn' in value ? { rule: { ...rule, params: { ...rule.params, [name]: value['warn'] ?? null } } } : undefined)];
});

/** `{crit: …}` alone is no choice by severity: the server falls back to `warn`, and there is none. */
export const noFallback: RuleLint = (rule) => Object.entries(rule.params ?? {}).flatMap(([name, value]): Finding[] =>
  (bySeverity(value) && !('warn' in value) ? [finding('paramNoFallback', 'error', rule, `params.${name}`, { name })] : []));

/** Fields that we do not know: a typing mistake, or a newer server. They are kept as they are. */
export const unknownFields: RuleLint = (rule) => {
  const names = [
    ...extra(rule, ruleSchema.shape, ''), ...extra(rule.when, ruleSchema.shape.when.shape, 'when.'),
    ...extra(rule.window ?? {}, windowSchema.shape, 'window.'), ...extra(rule.approval ?? {}, approvalSchema.shape, 'approval.'),
  ];
  return names.map((path) => finding('unknownField', 'hint', rule, path, { name: path }));
};

const extra = (value: object, shape: object, prefix: string): string[] => Object.keys(value).filter((name) => !(name in shape)).map((name) => `${prefix}${name}`);

/** No parameters where the action cannot mean anything without. */
export const noParams: RuleLint = (rule) => (rule.action !== 'sales.notify' && Object.keys(rule.params ?? {}).length === 0 ? [finding('noParams', 'risk', rule, 'params')] : []);

/** An empty bag says nothing. */
export const emptyLimits: RuleLint = (rule) => (rule.limits !== undefined && !hasLimits(rule) ? [finding('limitsEmpty', 'hint', rule, 'limits', {}, { rule: without(rule, 'limits') })] : []);
