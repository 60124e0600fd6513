import { z } from 'zod';
import type { Exposition, Sample } from './exposition.ts';

const counts = z.record(z.string().max(60), z.number());
/** `documented`: the series that the documentation of the ERP names; `live`: the ones that really move. */
export const bases = ['documented', 'live'] as const;
export type Basis = (typeof bases)[number];
const basis = z.enum(bases).nullable();

/** What happened between two looks at `/metrics/`: increases, never totals, so that a restart of the server does no harm. */
export const intervalSchema = z.object({
  /** Both epoch milliseconds. */
  from: z.number(), to: z.number(),
  /** Requests by the first digit of their status. Null when no series counts them. */
  requests: counts.nullable(), requestsBasis: basis,
  /** Observations by bucket bound (`+Inf` for the last), summed over all routes. */
  durations: counts.nullable(), durationsBasis: basis,
  /** By target state. */
  transitions: counts.nullable(),
  /** Open event streams at the end, by channel. */
  streams: counts.nullable(),
  print: counts.nullable(),
});
export type Interval = z.infer<typeof intervalSchema>;

export const series = {
  requests: { documented: 'api_requests_total', live: 'http_requests_total' },
  durations: { documented: 'api_request_duration_seconds', live: 'http_request_duration_seconds' },
  transitions: 'workflow_transitions_total',
  streams: 'sse_connections_active',
  print: 'document_print_duration_seconds',
} as const;

const kept: ReadonlySet<string> = new Set([
  series.requests.documented, series.requests.live, series.transitions, series.streams,
  ...[series.durations.documented, series.durations.live, series.print].flatMap((name) => [name, `${name}_bucket`, `${name}_count`]),
]);
/** The series that the panels need. */
export const isWanted = (name: string): boolean => kept.has(name);

/** All series of one look, by name and labels. */
export type Snapshot = { at: number; samples: ReadonlyMap<string, Sample>; /** Announced, with or without samples. */ declared: ReadonlySet<string> };

export const snapshotOf = (at: number, { samples, declared }: Pick<Exposition, 'samples' | 'declared'>): Snapshot => ({ at, declared, samples: new Map(samples.filter(({ value }) => Number.isFinite(value)).map((sample) => [sample.id, sample])) });

/** Whether any series of this name says more than zero. */
const moves = ({ samples }: Snapshot, name: string): boolean => [...samples.values()].some((sample) => sample.name === name && sample.value > 0);

/** The documented series where it moves, else the live one; null when there is neither. A documented series that never leaves zero is dead. */
export function basisOf(now: Snapshot, names: { documented: string; live: string }): Basis | null {
  if (moves(now, names.documented)) return 'documented';
  return moves(now, names.live) ? 'live' : null;
}

/** Sums increases by a label; null when there is no such series. A value that fell says that the server has started anew: then all it has now is new. */
function increases(before: Snapshot, now: Snapshot, name: string, key: (labels: Readonly<Record<string, string>>) => string): Record<string, number> | null {
  const sums = new Map<string, number>();
  for (const [id, sample] of now.samples) {
    if (sample.name !== name) continue;
    const old = before.samples.get(id)?.value ?? 0;
    const group = key(sample.labels).slice(0, 60);
    sums.set(group, (sums.get(group) ?? 0) + (sample.value < old ? sample.value : sample.value - old));
  }
  return sums.size === 0 && !now.declared.has(name.replace(/_bucket$/, '')) ? null : Object.fromEntries([...sums].slice(0, 40));
}

const statusClass = ({ status = '' }: Readonly<Record<string, string>>): string => (/^[1-5]\d\d$/.test(status) ? `${status[0]}xx` : 'other');
const bound = ({ le = '' }: Readonly<Record<string, string>>): string => le;

/** What happened between two looks. */
export function intervalBetween(before: Snapshot, now: Snapshot): Interval {
  const requestsBasis = basisOf(now, series.requests);
  const durationsBasis = basisOf(now, { documented: `${series.durations.documented}_count`, live: `${series.durations.live}_count` });
  const streams = [...now.samples.values()].filter(({ name }) => name === series.streams);
  return {
    from: before.at, to: now.at, requestsBasis, durationsBasis,
    requests: requestsBasis === null ? null : increases(before, now, series.requests[requestsBasis], statusClass),
    durations: durationsBasis === null ? null : increases(before, now, `${series.durations[durationsBasis]}_bucket`, bound),
    transitions: increases(before, now, series.transitions, ({ status = '' }) => status),
    streams: streams.length === 0 && !now.declared.has(series.streams) ? null : Object.fromEntries(streams.slice(0, 40).map(({ labels, value }) => [(labels['channel'] ?? '').slice(0, 60), value])),
    print: increases(before, now, `${series.print}_bucket`, bound),
  };
}
