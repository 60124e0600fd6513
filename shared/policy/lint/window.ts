import { minutesPerDay, windowMinutes } from '../time.ts';
import type { Rule, Window } from '../rule.ts';
import { finding, without, type Finding, type RuleLint } from './finding.ts';

const real = /^([01]\d|2[0-3]):[0-5]\d$/;
const withWindow = (rule: Rule, change: Partial<Window>): Rule => (rule.window === undefined ? rule : { ...rule, window: { ...rule.window, ...change } });

/** The nearest real time to what was probably meant; null where nothing is near. */
function realTime(text: string): string | null {
  const match = /^(\d{1,2}):?(\d{2})$/.exec(text.trim());
  if (match === null) return null;
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  if (hour === 24 && minute === 0) return '23:59';
  return hour < 24 && minute < 60 ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` : null;
}

export const noDays: RuleLint = (rule) => (rule.window?.days.length === 0 ? [finding('windowNoDays', 'error', rule, 'window.days')] : []);

/** `24:00`, `9:00`, `99:99`: compared as text, such a time lies somewhere nobody expects. */
export const timeIsNone: RuleLint = (rule) => (rule.window === undefined ? [] : (['start', 'end'] as const).flatMap((name): Finding[] => {
  const text = rule.window?.[name] ?? '';
  if (real.test(text)) return [];
  const near = realTime(text);
  return [finding('windowTime', 'error', rule, `window.${name}`, { time: text }, near === null ? undefined : { rule: withWindow(rule, { [name]: near }) })];
}));

/** From 22:00 to 06:00: the server compares within one day, so it never matches. Two rules cannot mend it, because only the first one is asked. */
export const overnight: RuleLint = (rule) => {
  const { window } = rule;
  if (window === undefined || !real.test(window.start) || !real.test(window.end) || window.start <= window.end) return [];
  return [finding('windowOvernight', 'error', rule, 'window', { start: window.start, end: window.end })];
};

/** Days that look as if somebody had counted from Monday = 0. */
export const countedFromMonday: RuleLint = (rule) => {
  if (rule.window === undefined) return [];
  const days = [...new Set(rule.window.days)].toSorted((a, b) => a - b).join('');
  const meant = ({ '01234': [1, 2, 3, 4, 5], '56': [0, 6], '012345': [1, 2, 3, 4, 5, 6] } as Record<string, number[]>)[days];
  return meant === undefined ? [] : [finding('windowMonday', 'risk', rule, 'window.days', {}, { rule: withWindow(rule, { days: meant }) })];
};

export const shortWindow: RuleLint = (rule) => {
  const covered = rule.window === undefined ? null : windowMinutes(rule.window);
  if (covered === null || covered[1] - covered[0] >= 5) return [];
  return [finding('windowShort', 'risk', rule, 'window', { minutes: String(covered[1] - covered[0] + 1) })];
};

export const alwaysOpen: RuleLint = (rule) => {
  const covered = rule.window === undefined ? null : windowMinutes(rule.window);
  if (covered === null || new Set(rule.window?.days).size < 7 || covered[0] > 0 || covered[1] < minutesPerDay - 1) return [];
  return [finding('windowAlways', 'hint', rule, 'window', {}, { rule: without(rule, 'window') })];
};

/** Outside the window a critical alert gets "Outside window", and no later rule is asked. */
export const criticalIgnored: RuleLint = (rule) =>
  (rule.window === undefined || !rule.when.severity.includes('crit') || alwaysOpen(rule, [], {}).length > 0 ? [] : [finding('windowCritical', 'hint', rule, 'window')]);
