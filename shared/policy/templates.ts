import { severities, type ApproverRole, type Rule } from './rule.ts';

/** A rule to begin with. Its name and what it is for stand in resources/locales under `policies.template.<id>`. */
export type RuleTemplate = { id: string; rule: Rule };

const everyAlert = severities.filter((severity) => severity !== 'ok');
const approvedBy = (...roles: ApproverRole[]): Rule['approval'] => ({ required: true, roles });
/** Monday to Saturday, the days of the trade. */
const tradeHours: Rule['window'] = { days: [1, 2, 3, 4, 5, 6], start: '06:00', end: '18:00' };

/**
 * Good beginnings for agricultural trade. None acts by itself: whoever wants that says so in the form, and the linter
 * answers. Numbers are cautious and meant to be looked at.
 */
export const ruleTemplates: readonly RuleTemplate[] = [
  { id: 'reorder', rule: { id: 'bestand', when: { kpiId: 'stock.wheat', severity: everyAlert }, action: 'inventory.reorder', params: { tonnes: { warn: 25, crit: 75 } }, approval: approvedBy('manager'), autoExecute: false, autoSuggest: true } },
  { id: 'reorderHours', rule: { id: 'bestand-annahmezeit', when: { kpiId: 'stock.rape', severity: ['warn'] }, action: 'inventory.reorder', params: { tonnes: 25 }, window: tradeHours, approval: approvedBy('manager', 'admin'), autoExecute: false, autoSuggest: true } },
  { id: 'margin', rule: { id: 'marge', when: { kpiId: 'margin.wheat', severity: everyAlert }, action: 'pricing.adjust', params: { percent: { warn: 0.5, crit: 2 } }, approval: approvedBy('manager', 'admin'), autoExecute: false, autoSuggest: true } },
  { id: 'marginSuggest', rule: { id: 'marge-vorschlag', when: { kpiId: 'margin.fertiliser', severity: ['warn'] }, action: 'pricing.adjust', params: { percent: 1 }, autoExecute: false, autoSuggest: true } },
  { id: 'overdue', rule: { id: 'verzug-zahlung', when: { kpiId: 'days.overdue', severity: everyAlert }, action: 'sales.notify', params: { text: 'Zahlungsverzug: {delta} Tage' }, autoExecute: false, autoSuggest: true } },
  { id: 'late', rule: { id: 'verzug-lieferung', when: { kpiId: 'days.late', severity: everyAlert }, action: 'sales.notify', params: { text: 'Lieferverzug: {delta} Tage' }, autoExecute: false, autoSuggest: true } },
];
