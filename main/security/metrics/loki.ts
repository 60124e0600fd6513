import { z } from 'zod';
import type { LogLine } from '../../../shared/security/metrics/log.ts';
import { logqlString } from '../../../shared/security/metrics/log.ts';
import { redactText } from '../../log/redact.ts';
import type { Outside } from '../outside.ts';

/** Before and after the event; the clocks of server and client may differ by minutes. */
const around = 15 * 60_000;
const mostLines = 200;
const longestLine = 4000;

/** https://grafana.com/docs/loki/latest/reference/loki-http-api/ */
const labelsSchema = z.object({ status: z.literal('success'), data: z.array(z.string().max(300)).max(2000).optional() });
const streamsSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('streams'), result: z.array(z.object({ stream: z.record(z.string(), z.string()), values: z.array(z.tuple([z.string().regex(/^\d{1,19}$/), z.string()]).rest(z.unknown())) })) }),
});

/** Loki wants at least one label to choose streams by; these are what its collectors set. */
const usual = ['job', 'service_name', 'app', 'container', 'namespace', 'filename', 'host'];

export type LogSearch = (correlationId: string, at: number, signal: AbortSignal) => Promise<{ host: string; from: number; to: number; isCut: boolean; lines: LogLine[] }>;

const levelOf = (labels: Readonly<Record<string, string>>, text: string): string =>
  (labels['level'] ?? labels['detected_level'] ?? /\b(?:level"?[:=]\s*"?)?(error|warn(?:ing)?|info|debug|critical|fatal)\b/i.exec(text.slice(0, 300))?.[1] ?? '').toLowerCase().slice(0, 20);

/** Searches the server's log for everything under one correlation id, a quarter of an hour around it. */
export const createLoki = (loki: Outside): LogSearch => async (correlationId, at, signal) => {
  const [from, to] = [at - around, at + around];
  const window = { start: `${from}000000`, end: `${to}000000` };
  const { data: names = [] } = await loki.request({ path: '/loki/api/v1/labels', query: window, schema: labelsSchema, signal });
  const label = usual.find((name) => names.includes(name)) ?? names.find((name) => /^[a-zA-Z_]\w*$/.test(name) && !name.startsWith('__'));
  if (label === undefined) return { host: loki.host, from, to, isCut: false, lines: [] };
  const { data } = await loki.request({
    path: '/loki/api/v1/query_range', schema: streamsSchema, signal,
    query: { query: `{${label}=~".+"} |= ${logqlString(correlationId)}`, ...window, limit: String(mostLines), direction: 'forward' },
  });
  const lines = data.result.flatMap(({ stream, values }) => values.map(([nanoseconds, line]): LogLine => {
    // Cut first: what the patterns take is bounded by it.
    const text = redactText(line.length > longestLine ? `${line.slice(0, longestLine)}…` : line);
    return { at: Number(BigInt(nanoseconds) / 1_000_000n), source: (stream['container'] ?? stream['service_name'] ?? stream['job'] ?? stream[label] ?? '').slice(0, 200), level: levelOf(stream, line), text: text.slice(0, longestLine + 50) };
  })).toSorted((a, b) => a.at - b.at);
  return { host: loki.host, from, to, isCut: lines.length >= mostLines, lines: lines.slice(0, mostLines) };
};
