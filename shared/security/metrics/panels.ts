import { z } from 'zod';
import { bases, series as names, type Basis, type Interval } from './interval.ts';
import { histogramQuantile, type Bucket } from './quantile.ts';

export const metricRanges = ['1h', '24h', '7d'] as const;
export type MetricRange = (typeof metricRanges)[number];

const minute = 60_000;
/** How far each range looks back, and how long one point of it is; both milliseconds. */
export const rangeShape: Readonly<Record<MetricRange, { length: number; step: number }>> = {
  '1h': { length: 60 * minute, step: minute }, '24h': { length: 24 * 60 * minute, step: 15 * minute }, '7d': { length: 7 * 24 * 60 * minute, step: 120 * minute },
};

export const panelIds = ['requestRate', 'errorRate', 'latency', 'transitions', 'streams', 'print'] as const;
export type PanelId = (typeof panelIds)[number];
export const panelUnits = { requestRate: 'perSecond', errorRate: 'ratio', latency: 'seconds', transitions: 'perMinute', streams: 'count', print: 'seconds' } as const satisfies Record<PanelId, string>;

/**
 * `live`: the documented series are dead and others stand in; `silent`: the series is there but has never moved, so that zero
 * and "not counted" look alike; `absent`: the server has no such series.
 */
export const panelBases = [...bases, 'silent', 'absent'] as const;

export const panelSchema = z.object({
  id: z.enum(panelIds),
  basis: z.enum(panelBases),
  /** What was read: the name of a series, or the query that Prometheus was asked. */
  from: z.string().max(1000),
  /** Ends of the steps, epoch milliseconds. */
  times: z.array(z.number()).max(2000),
  /** A value for each time; null where nothing was measured. */
  lines: z.array(z.object({ name: z.string().max(80), values: z.array(z.number().nullable()).max(2000) })).max(12),
});
export type Panel = z.infer<typeof panelSchema>;

/** The step ends of a range, the last one at or after `now`, on round times so that two looks give the same steps. */
export function stepsOf(range: MetricRange, now: number): number[] {
  const { length, step } = rangeShape[range];
  const last = Math.ceil(now / step) * step;
  return Array.from({ length: length / step }, (_, index) => last - length + (index + 1) * step);
}

type Step = { seconds: number; intervals: Interval[] };

/** Intervals sorted into steps by where they end; one longer than the step fills those that it covers. */
function sorted(intervals: readonly Interval[], times: readonly number[], step: number): Step[] {
  return times.map((end) => {
    const inside = intervals.filter(({ from, to }) => (to > end - step && to <= end) || (from <= end - step && to >= end));
    return { intervals: inside, seconds: inside.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0) };
  });
}

type Counts = Record<string, number>;
const added = (all: readonly (Counts | null)[]): Counts | null => {
  const sums: Counts = {};
  let isThere = false;
  for (const one of all) {
    if (one === null) continue;
    isThere = true;
    for (const [key, value] of Object.entries(one)) sums[key] = (sums[key] ?? 0) + value;
  }
  return isThere ? sums : null;
};
const total = (counts: Counts): number => Object.values(counts).reduce((sum, value) => sum + value, 0);

/** Buckets of a histogram as they are kept. */
export const bucketsOf = (counts: Counts): Bucket[] => Object.entries(counts).map(([le, count]) => ({ le: le === '+Inf' ? Infinity : Number(le), count }));

const most = (counts: Counts | null, limit: number): string[] => Object.entries(counts ?? {}).toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, limit).map(([key]) => key);

/** Of several steps the basis is that of the newest which has one. */
const newestBasis = (intervals: readonly Interval[], which: 'requestsBasis' | 'durationsBasis'): Basis | null => intervals.findLast((one) => one[which] !== null)?.[which] ?? null;

/** The six panels from what this client has sampled. @param intervals oldest first */
export function sampledPanels(intervals: readonly Interval[], range: MetricRange, now: number): Panel[] {
  const times = stepsOf(range, now);
  const steps = sorted(intervals, times, rangeShape[range].step);
  const line = (name: string, of: (step: Step) => number | null): Panel['lines'][number] => ({ name, values: steps.map((step) => (step.seconds === 0 ? null : of(step))) });
  const at = (step: Step, what: 'requests' | 'durations' | 'transitions' | 'print'): Counts | null => added(step.intervals.map((one) => one[what]));
  const requestsBasis = newestBasis(intervals, 'requestsBasis');
  const durationsBasis = newestBasis(intervals, 'durationsBasis');
  const share = (step: Step, kind: string): number | null => {
    const counts = at(step, 'requests');
    return counts === null || total(counts) === 0 ? null : (counts[kind] ?? 0) / total(counts);
  };
  const quantile = (what: 'durations' | 'print', q: number) => (step: Step): number | null => {
    const counts = at(step, what);
    return counts === null ? null : histogramQuantile(q, bucketsOf(counts));
  };
  const transitions = added(intervals.map((one) => one.transitions));
  const print = added(intervals.map((one) => one.print));
  const channels = most(added(intervals.map(({ streams }) => streams)), 6);
  const hasStreams = intervals.some(({ streams }) => streams !== null);
  const streamsMove = intervals.some(({ streams }) => streams !== null && total(streams) > 0);
  const moving = (counts: Counts | null): 'documented' | 'silent' | 'absent' => (counts === null ? 'absent' : total(counts) > 0 ? 'documented' : 'silent');
  return [
    { id: 'requestRate', basis: requestsBasis ?? 'absent', from: names.requests[requestsBasis ?? 'live'], times, lines: [line('all', (step) => { const counts = at(step, 'requests'); return counts === null ? null : total(counts) / step.seconds; })] },
    { id: 'errorRate', basis: requestsBasis ?? 'absent', from: names.requests[requestsBasis ?? 'live'], times, lines: [line('5xx', (step) => share(step, '5xx')), line('4xx', (step) => share(step, '4xx'))] },
    { id: 'latency', basis: durationsBasis ?? 'absent', from: names.durations[durationsBasis ?? 'live'], times, lines: [line('p95', quantile('durations', 0.95)), line('p50', quantile('durations', 0.5))] },
    {
      id: 'transitions', basis: moving(transitions), from: names.transitions, times,
      lines: most(transitions, 6).map((state) => line(state, (step) => { const counts = at(step, 'transitions'); return counts === null ? 0 : (60 * (counts[state] ?? 0)) / step.seconds; })),
    },
    {
      id: 'streams', basis: !hasStreams ? 'absent' : streamsMove ? 'documented' : 'silent', from: names.streams, times,
      lines: channels.map((channel) => line(channel, (step) => step.intervals.findLast(({ streams }) => streams !== null)?.streams?.[channel] ?? null)),
    },
    { id: 'print', basis: moving(print), from: names.print, times, lines: [line('p95', quantile('print', 0.95)), line('p50', quantile('print', 0.5))] },
  ];
}
