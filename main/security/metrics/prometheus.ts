import { z } from 'zod';
import { failure } from '../../../shared/ipc/errors.ts';
import { rangeShape, stepsOf, type MetricRange, type Panel } from '../../../shared/security/metrics/panels.ts';
import { livenessQuery, panelQueries, type Liveness } from '../../../shared/security/metrics/queries.ts';
import type { Outside } from '../outside.ts';

const labels = z.record(z.string().max(300), z.string().max(2000));
const point = z.tuple([z.number(), z.string().max(40)]);
/** https://prometheus.io/docs/prometheus/latest/querying/api/ */
const vectorSchema = z.object({ status: z.literal('success'), data: z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: point })) }) });
const matrixSchema = z.object({ status: z.literal('success'), data: z.object({ resultType: z.literal('matrix'), result: z.array(z.object({ metric: labels, values: z.array(point) })) }) });
type Matrix = z.output<typeof matrixSchema>['data']['result'];

const mostLines = 6;

/** Prometheus writes NaN and the infinities as words; what is no number was not measured. */
const numberOf = (text: string): number | null => (Number.isFinite(Number(text)) && text !== '' ? Number(text) : null);

async function liveness(prometheus: Outside, signal: AbortSignal): Promise<Liveness> {
  const { data } = await prometheus.request({ path: '/api/v1/query', query: { query: livenessQuery }, schema: vectorSchema, signal });
  return new Map(data.result.map(({ metric, value }) => [metric['__name__'] ?? '', numberOf(value[1]) ?? 0]));
}

/** Values at our own steps: Prometheus leaves out a step without a value. */
function aligned({ values }: Matrix[number], times: readonly number[]): (number | null)[] {
  const known = new Map(values.map(([at, value]) => [Math.round(at * 1000), numberOf(value)]));
  return times.map((at) => known.get(at) ?? null);
}

const sum = (values: readonly (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);

/** The six panels from a Prometheus. @throws AppFailure as {@link Outside.request} */
export async function prometheusPanels(prometheus: Outside, range: MetricRange, now: number, signal: AbortSignal): Promise<Panel[]> {
  const alive = await liveness(prometheus, signal);
  // Prometheus answers for steps that lie ahead as if nothing was measured.
  const times = stepsOf(range, now - rangeShape[range].step + 1);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) throw failure('app.internal');
  const window = { start: String(first / 1000), end: String(last / 1000), step: String(rangeShape[range].step / 1000) };
  return Promise.all(panelQueries(alive, range).map(async ({ id, basis, lines }): Promise<Panel> => {
    const from = lines.map(({ query }) => query).join('\n');
    if (basis === 'absent') return { id, basis, from, times, lines: [] };
    const answers = await Promise.all(lines.map(async ({ name, label, query }) => {
      const { data } = await prometheus.request({ path: '/api/v1/query_range', query: { query, ...window }, schema: matrixSchema, signal });
      return data.result.map((one) => ({ name: (label === undefined ? name : one.metric[label] ?? '').slice(0, 80), values: aligned(one, times) }));
    }));
    const found = answers.flat().toSorted((a, b) => (lines.length > 1 ? 0 : sum(b.values) - sum(a.values))).slice(0, mostLines);
    const isSilent = id === 'streams' && !found.some(({ values }) => sum(values) > 0);
    return { id, basis: isSilent ? 'silent' : basis, from, times, lines: found };
  }));
}
