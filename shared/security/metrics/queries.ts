import { series, type Basis } from './interval.ts';
import type { MetricRange, PanelId } from './panels.ts';

/** Over how long Prometheus averages a rate: never shorter than four scrapes at its usual interval of a minute. */
export const rateWindow: Readonly<Record<MetricRange, string>> = { '1h': '5m', '24h': '15m', '7d': '2h' };

const watched = [series.requests.documented, series.requests.live, series.transitions, series.streams, ...[series.durations.documented, series.durations.live, series.print].map((name) => `${name}_count`)];

/** Which of the series are there, and whether they have ever moved. */
export const livenessQuery = `sum by (__name__) ({__name__=~"${watched.join('|')}"})`;

/** Sums by name, as {@link livenessQuery} answers them. */
export type Liveness = ReadonlyMap<string, number>;

export type PanelQueries = {
  id: PanelId;
  basis: Basis | 'silent' | 'absent';
  /** `label`: one line for each value of it; else the line is called `name`. */
  lines: { name: string; label?: string; query: string }[];
};

const choose = (alive: Liveness, names: { documented: string; live: string }, suffix = ''): Basis | 'absent' =>
  (alive.get(names.documented + suffix) ?? 0) > 0 ? 'documented' : alive.has(names.live + suffix) ? 'live' : 'absent';
const moving = (alive: Liveness, name: string): 'documented' | 'silent' | 'absent' => {
  const sum = alive.get(name);
  return sum === undefined ? 'absent' : sum > 0 ? 'documented' : 'silent';
};

/** What Prometheus is asked for each panel. */
export function panelQueries(alive: Liveness, range: MetricRange): PanelQueries[] {
  const window = rateWindow[range];
  const requestsBasis = choose(alive, series.requests);
  const durationsBasis = choose(alive, series.durations, '_count');
  const requests = series.requests[requestsBasis === 'absent' ? 'live' : requestsBasis];
  const durations = series.durations[durationsBasis === 'absent' ? 'live' : durationsBasis];
  const all = `sum(rate(${requests}[${window}]))`;
  // No series for a status means that it has not occurred, which is a zero and no gap.
  const share = (status: string): string => `(sum(rate(${requests}{status=~"${status}"}[${window}])) or vector(0)) / (${all} > 0)`;
  const quantile = (name: string, q: number): string => `histogram_quantile(${q}, sum by (le) (rate(${name}_bucket[${window}])))`;
  return [
    { id: 'requestRate', basis: requestsBasis, lines: [{ name: 'all', query: all }] },
    { id: 'errorRate', basis: requestsBasis, lines: [{ name: '5xx', query: share('5..') }, { name: '4xx', query: share('4..') }] },
    { id: 'latency', basis: durationsBasis, lines: [{ name: 'p95', query: quantile(durations, 0.95) }, { name: 'p50', query: quantile(durations, 0.5) }] },
    { id: 'transitions', basis: moving(alive, series.transitions), lines: [{ name: 'status', label: 'status', query: `60 * sum by (status) (rate(${series.transitions}[${window}]))` }] },
    { id: 'streams', basis: alive.has(series.streams) ? 'documented' : 'absent', lines: [{ name: 'channel', label: 'channel', query: `sum by (channel) (${series.streams})` }] },
    { id: 'print', basis: moving(alive, `${series.print}_count`), lines: [{ name: 'p95', query: quantile(series.print, 0.95) }, { name: 'p50', query: quantile(series.print, 0.5) }] },
  ];
}
