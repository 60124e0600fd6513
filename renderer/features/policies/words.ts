import type { TFunction } from 'i18next';
import type { PartChange } from '../../../shared/policy/edit.ts';
import { canonicalRule, type Json, type Rule } from '../../../shared/policy/rule.ts';
import { clockTime, momentOfWeek } from '../../../shared/policy/time.ts';
import type { Stretch } from '../../../shared/policy/compare.ts';
import type { Format } from '../../i18n/format.ts';

type T = TFunction<'policies'>;

/** Days in the order in which people here read a week. */
export const weekDays = [1, 2, 3, 4, 5, 6, 0] as const;

/** A value of a rule as people read it. */
export function valueWords(path: string, value: Json | undefined, t: T, format: Format): string {
  if (value === undefined || value === null) return t('value.none');
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (path === 'when.severity' || path.endsWith('bypassIfSeverity')) return [value].flat().map((one) => t(`severity.${typeof one === 'string' ? one : ''}`)).join(', ');
  if (path === 'window.days' && Array.isArray(value)) return value.length === 0 ? t('value.none') : weekDays.filter((day) => value.includes(day)).map((day) => t(`day.${day}`)).join(', ');
  if (path === 'action' && typeof value === 'string') return t(`action.${value}`);
  if (typeof value === 'number') return format.decimal(String(value));
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.length === 0 ? t('value.none') : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The name of a place in a rule. Parameters are named by the person who wrote them. */
export function pathWords(path: string, t: T): string {
  const [part = '', ...rest] = path.split('.');
  if (part === 'params' || part === 'limits') return `${t(`path.${part}`)}${rest.length === 0 ? '' : ` „${rest.join('.')}“`}`;
  return t(`path.${path}`, { defaultValue: path });
}

/** One change in a sentence. */
export function changeWords({ path, from, to }: PartChange, t: T, format: Format): string {
  if (from === undefined) return t('change.added', { path: pathWords(path, t), to: valueWords(path, to, t, format) });
  if (to === undefined) return t('change.removed', { path: pathWords(path, t), from: valueWords(path, from, t, format) });
  return t('change.changed', { path: pathWords(path, t), from: valueWords(path, from, t, format), to: valueWords(path, to, t, format) });
}

/** A stretch of the week: `Mo 06:00–18:00`. */
export function stretchWords({ from, to }: Stretch, t: T): string {
  const [start, end] = [momentOfWeek(from), momentOfWeek(to)];
  if (from === 0 && to === 10_079) return t('always');
  const day = (at: number): string => t(`day.${at}`);
  return start.day === end.day ? `${day(start.day)} ${clockTime(start.minute)}–${clockTime(end.minute)}` : `${day(start.day)} ${clockTime(start.minute)} – ${day(end.day)} ${clockTime(end.minute)}`;
}

/** What a rule does, in one sentence. */
export function ruleWords(rule: Rule, t: T): string {
  const severities = rule.when.severity.map((one) => t(`severity.${one}`)).join('/') || t('value.none');
  const how = rule.autoExecute ? (rule.approval?.required === true ? 'automaticApproved' : 'automatic') : rule.approval?.required === true ? 'approved' : 'suggests';
  return t(`sentence.${how}`, { kpi: rule.when.kpiId, severities, action: t(`action.${rule.action}`), roles: (rule.approval?.roles ?? []).join(', ') || t('value.none') });
}

/** Distinguishes states of a rule for React keys and effects. */
export const stateOf = (rule: Rule): string => canonicalRule(rule);
