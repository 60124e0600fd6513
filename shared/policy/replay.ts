import { isSameDecision, RuleSet, type Decision } from './engine.ts';
import { changeKinds, kindsOf, newAutomation, type ChangeKind, type Outcome } from './compare.ts';
import type { Alert, Rule } from './rule.ts';
import { momentsIn } from './time.ts';

/** An alert of the past: when it was raised (epoch milliseconds), for whom it was decided, and what the server decided then. */
export type PastAlert = { alert: Alert; at: number; roles: string[]; decided: Decision | null };

/** What the alerts of the past tell a linter: the KPIs there are, those with a difference, and the roles of whoever raised them. */
export type AlertFacts = { kpis: string[]; withDelta: string[]; roles: string[] };

/** All alerts whose decision changes in the same way from one rule to another. */
export type ReplayGroup = {
  kind: ChangeKind;
  kpiId: string;
  before: string | null;
  after: string | null;
  count: number;
  /** Indexes into the alerts, the first ones up to {@link keptExamples}. */
  examples: number[];
};

export type ReplayReport = {
  alerts: number;
  /** Alerts whose decision changes in any way. */
  changed: number;
  counts: Record<ChangeKind, number>;
  /** Largest first; new automation before everything else. */
  groups: ReplayGroup[];
  /** Rules of the edited set that answered for no alert of the past. */
  neverUsed: string[];
  /** Alerts for which the rules before the edit give another decision than the server recorded: the rules were others then, or an engine errs. */
  drifted: number[];
};

export const keptExamples = 100;

/** Where a replay stands, so that a long one can tell its progress and be given up. */
export type ReplayRun = { step(alerts: readonly PastAlert[]): void; report(): ReplayReport };

/**
 * Runs two rule sets over the alerts of the past, in as many steps as the caller likes.
 * @param timeZone of the server, IANA name.
 */
export function startReplay(before: readonly Rule[], after: readonly Rule[], timeZone: string): ReplayRun {
  const [old, next] = [new RuleSet(before), new RuleSet(after)];
  const momentOf = momentsIn(timeZone);
  const counts = Object.fromEntries(changeKinds.map((kind) => [kind, 0])) as Record<ChangeKind, number>;
  const groups = new Map<string, ReplayGroup>();
  const used = new Set<string>();
  const drifted: number[] = [];
  let [alerts, changed] = [0, 0];

  const count = (index: number, kind: ChangeKind, kpiId: string, was: Outcome, is: Outcome): void => {
    counts[kind]++;
    const name = `${kind}\u0000${kpiId}\u0000${was.ruleId ?? ''}\u0000${is.ruleId ?? ''}`;
    const group = groups.get(name) ?? { kind, kpiId, before: was.ruleId, after: is.ruleId, count: 0, examples: [] };
    group.count++;
    if (group.examples.length < keptExamples) group.examples.push(index);
    groups.set(name, group);
  };

  return {
    step(part) {
      for (const { alert, at, roles, decided } of part) {
        const index = alerts++;
        const moment = momentOf(at);
        const [oldRule, newRule] = [old.ruleFor(alert.kpiId, alert.severity), next.ruleFor(alert.kpiId, alert.severity)];
        if (newRule !== undefined) used.add(newRule.id);
        const was: Outcome = { ...old.decide(alert, roles, moment), action: oldRule?.action ?? null };
        if (decided !== null && !isSameDecision(decided, was)) drifted.push(index);
        if (oldRule === newRule) continue;
        const is: Outcome = { ...next.decide(alert, roles, moment), action: newRule?.action ?? null };
        const kinds = kindsOf(was, is);
        if (kinds.length === 0) continue;
        changed++;
        for (const kind of kinds) count(index, kind, alert.kpiId, was, is);
      }
    },
    report: () => ({
      alerts, changed, counts, drifted,
      groups: [...groups.values()].toSorted((a, b) => Number(newAutomation.has(b.kind)) - Number(newAutomation.has(a.kind)) || b.count - a.count),
      neverUsed: next.rules.filter((rule) => !used.has(rule.id)).map((rule) => rule.id),
    }),
  };
}
