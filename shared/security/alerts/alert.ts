import { z } from 'zod';
import type { Interval } from '../metrics/interval.ts';
import { bucketsOf } from '../metrics/panels.ts';
import { histogramQuantile } from '../metrics/quantile.ts';

const labels = z.record(z.string().max(300), z.string().max(2000));

export const alertStates = ['firing', 'silenced', 'inhibited'] as const;

/** `local`: found by this client in what it has sampled; nobody else knows of it. */
export const alertSchema = z.object({
  id: z.string().max(200), origin: z.enum(['alertmanager', 'local']), name: z.string().max(300),
  /** As the rule says it, lower case; empty when it says nothing. */
  severity: z.string().max(60),
  state: z.enum(alertStates),
  /** Epoch milliseconds. */
  since: z.number(),
  labels, annotations: labels,
  /** Ids of silences. */
  silencedBy: z.array(z.string().max(100)),
});
export type FiredAlert = z.infer<typeof alertSchema>;

export const matcherSchema = z.object({ name: z.string().min(1).max(300), value: z.string().max(2000), isRegex: z.boolean(), isEqual: z.boolean() });
export type Matcher = z.infer<typeof matcherSchema>;
export const silenceSchema = z.object({
  id: z.string().max(100), state: z.enum(['active', 'pending', 'expired']), matchers: z.array(matcherSchema),
  createdBy: z.string().max(300), reason: z.string().max(4000), startsAt: z.number(), endsAt: z.number(),
});
export type Silence = z.infer<typeof silenceSchema>;

/** How long a silence may last, in hours. */
export const silenceHours = [1, 4, 24, 72, 168] as const;

/** `alertname="x", instance=~"a|b"`, as Alertmanager writes matchers itself. */
export const matcherText = ({ name, value, isRegex, isEqual }: Matcher): string => `${name}${isEqual ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!='}${JSON.stringify(value)}`;

export const localRuleIds = ['errorRate', 'latency', 'notReady'] as const;
export type LocalRuleId = (typeof localRuleIds)[number];

/** What this client watches by itself where no Alertmanager does. */
export const localRulesSchema = z.object({
  /** Share of answers 5xx, 0 to 1; null switches the rule off. */
  errorRate: z.number().min(0.001).max(1).nullable(),
  /** Seconds that 95 of 100 answers stay under. */
  latency: z.number().min(0.01).max(120).nullable(),
  notReady: z.boolean(),
});
export type LocalRules = z.infer<typeof localRulesSchema>;
export const defaultLocalRules: LocalRules = { errorRate: 0.05, latency: 2, notReady: true };

/** Over how long the rules look. */
export const ruleWindow = 5 * 60_000;
/** Fewer answers say nothing about a share. */
const leastRequests = 20;

const sum = (counts: Record<string, number> | null): number => Object.values(counts ?? {}).reduce((total, value) => total + value, 0);

function errorShare(intervals: readonly Interval[]): number | null {
  const total = intervals.reduce((all, { requests }) => all + sum(requests), 0);
  return total < leastRequests ? null : intervals.reduce((all, { requests }) => all + (requests?.['5xx'] ?? 0), 0) / total;
}

function p95(intervals: readonly Interval[]): number | null {
  const counts: Record<string, number> = {};
  for (const { durations } of intervals) for (const [le, count] of Object.entries(durations ?? {})) counts[le] = (counts[le] ?? 0) + count;
  return (counts['+Inf'] ?? 0) < leastRequests ? null : histogramQuantile(0.95, bucketsOf(counts));
}

/** End of the newest look that the rules can judge by; null when the last {@link ruleWindow} was not watched. Epoch milliseconds. */
export const watchedAt = (intervals: readonly Interval[], now: number): number | null => intervals.findLast(({ to }) => to > now - ruleWindow && to <= now)?.to ?? null;

/** The alerts of this client's own rules. @param intervals oldest first, at least those of the last {@link ruleWindow} */
export function localAlerts(rules: LocalRules, { intervals, readiness }: { intervals: readonly Interval[]; readiness: { isReady: boolean; since: number; at: number; wasEverReady: boolean } | null }, now: number): FiredAlert[] {
  const recent = intervals.filter(({ to }) => to > now - ruleWindow && to <= now);
  const alert = (rule: LocalRuleId, severity: string, since: number, values: Record<string, string>): FiredAlert =>
    ({ id: `local.${rule}`, origin: 'local', name: rule, severity, state: 'firing', since, labels: values, annotations: {}, silencedBy: [] });
  /** From when on each look that could tell was over the limit. */
  const sinceWhen = (isOver: (interval: Interval) => boolean): number => {
    const good = intervals.findLastIndex((interval) => !isOver(interval));
    return intervals[good + 1]?.from ?? recent[0]?.from ?? now;
  };
  const found: FiredAlert[] = [];
  const share = errorShare(recent);
  const { errorRate, latency, notReady } = rules;
  if (errorRate !== null && share !== null && share > errorRate) {
    found.push(alert('errorRate', 'critical', sinceWhen(({ requests }) => (requests?.['5xx'] ?? 0) > errorRate * sum(requests)), { value: String(share), limit: String(errorRate) }));
  }
  const slow = p95(recent);
  if (latency !== null && slow !== null && slow > latency) {
    found.push(alert('latency', 'warning', sinceWhen(({ durations }) => (histogramQuantile(0.95, bucketsOf(durations ?? {})) ?? 0) > latency), { value: String(slow), limit: String(latency) }));
  }
  // A server that has never called itself ready says nothing by not doing so; an old look says nothing about now.
  if (notReady && readiness !== null && !readiness.isReady && readiness.wasEverReady && now - readiness.at < 3 * ruleWindow) found.push(alert('notReady', 'critical', readiness.since, {}));
  return found;
}

const ranks = ['critical', 'error', 'page', 'high', 'warning', 'warn', 'medium', 'info', 'low', 'none'];
const rank = ({ severity }: FiredAlert): number => (ranks.includes(severity) ? ranks.indexOf(severity) : ranks.length);

/** What fires first, then the more severe, then the newer. */
export const byUrgency = (a: FiredAlert, b: FiredAlert): number => alertStates.indexOf(a.state) - alertStates.indexOf(b.state) || rank(a) - rank(b) || b.since - a.since;
