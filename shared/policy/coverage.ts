import { needsApproval, type RuleSet } from './engine.ts';
import { severities, type Rule, type Severity } from './rule.ts';
import { inWindow, minutesPerDay, windowMinutes, type Moment } from './time.ts';

/** Which way an alert takes through its rule. */
export const ways = ['outside', 'free', 'bypassed', 'held', 'notHeld'] as const;
export type Way = (typeof ways)[number];

/** One way through one rule at one severity, with an alert that takes it. */
export type Branch = { ruleId: string; severity: Severity; way: Way; example: { moment: Moment; roles: readonly string[] } };

type Taken = { kpiId: string; severity: Severity; roles: readonly string[]; day: number; minute: number };

/** A moment inside and one outside of a rule's window; null where there is none. */
function moments({ window }: Rule): { inside: Moment | null; outside: Moment | null } {
  // Monday at ten, when most alerts come.
  const usual: Moment = { day: 1, minute: 600 };
  if (window === undefined) return { inside: usual, outside: null };
  const minutes = windowMinutes(window);
  const day = window.days.includes(usual.day) ? usual.day : window.days[0];
  if (minutes === null || day === undefined) return { inside: null, outside: usual };
  const [first, last] = minutes;
  const inside = { day, minute: first <= usual.minute && usual.minute <= last ? usual.minute : first };
  const freeDay = [1, 2, 3, 4, 5, 6, 0].find((each) => !window.days.includes(each));
  if (freeDay !== undefined) return { inside, outside: { day: freeDay, minute: usual.minute } };
  if (first > 0) return { inside, outside: { day, minute: first - 1 } };
  return { inside, outside: last < minutesPerDay - 1 ? { day, minute: last + 1 } : null };
}

/** Every way that an alert can take through the rules of a set. What an earlier rule keeps from being reached is not in it. */
export function branchesOf(set: RuleSet): Branch[] {
  return set.rules.flatMap((rule) => {
    const { inside, outside } = moments(rule);
    const approvers = rule.approval?.roles ?? [];
    return severities.filter((severity) => set.ruleFor(rule.when.kpiId, severity) === rule).flatMap((severity) => {
      const branch = (way: Way, moment: Moment, roles: readonly string[] = []): Branch => ({ ruleId: rule.id, severity, way, example: { moment, roles } });
      const found = outside === null ? [] : [branch('outside', outside)];
      if (inside === null) return found;
      if (rule.approval?.required !== true) return [...found, branch('free', inside)];
      if (!needsApproval(rule, severity)) return [...found, branch('bypassed', inside)];
      const [approver] = approvers;
      return [...found, ...(approver === undefined ? [] : [branch('held', inside, [approver])]), branch('notHeld', inside)];
    });
  });
}

/** The way that an alert takes; null when no rule answers it. */
export function branchTaken(set: RuleSet, { kpiId, severity, roles, day, minute }: Taken): Pick<Branch, 'ruleId' | 'severity' | 'way'> | null {
  const rule = set.ruleFor(kpiId, severity);
  if (rule === undefined) return null;
  const through = (way: Way) => ({ ruleId: rule.id, severity, way });
  if (rule.window !== undefined && !inWindow(rule.window, { day, minute })) return through('outside');
  if (rule.approval?.required !== true) return through('free');
  if (!needsApproval(rule, severity)) return through('bypassed');
  return through((rule.approval.roles ?? []).some((role) => roles.includes(role)) ? 'held' : 'notHeld');
}

/** How many ways are taken by these alerts, and which are not. */
export function coverage(set: RuleSet, taken: readonly Taken[]): { all: number; open: Branch[] } {
  const name = ({ ruleId, severity, way }: Pick<Branch, 'ruleId' | 'severity' | 'way'>): string => JSON.stringify([ruleId, severity, way]);
  const reached = new Set(taken.flatMap((alert) => {
    const branch = branchTaken(set, alert);
    return branch === null ? [] : [name(branch)];
  }));
  const branches = branchesOf(set);
  return { all: branches.length, open: branches.filter((branch) => !reached.has(name(branch))) };
}
