import { startLoki, type Loki, type PushedLine } from '../backend/loki.ts';
import { startMonitoring, type Monitoring, type Rule } from '../integration/monitoring-world.ts';
import { say } from './say.ts';

/** What the log is searched for in the pictures. */
export const tourCorrelationId = '5d0c7f3e-6f0b-4c1a-9a57-2f6f2a1d9c44';

const minute = 60_000;
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The same numbers each time, so that two tours can be compared. */
function dice(seed: number): () => number {
  let state = seed;
  return () => { state = (state * 1_103_515_245 + 12_345) % 2_147_483_648; return state / 2_147_483_648; };
}

type Series = { labels: string; step: (at: number) => number; total: number };

/** A day of a busy ERP, one sample a minute, in the series and labels that the backend has too. @param end of the last sample, epoch milliseconds */
export function tourHistory(target: string, end: number, hours = 25): string {
  const random = dice(7);
  const common = `instance="${new URL(target).host}",job="erp"`;
  /** Between night and noon. */
  const load = (at: number): number => 0.35 + 0.65 * Math.max(0, Math.sin(((new Date(at).getHours() - 6) / 12) * Math.PI)) + 0.15 * Math.sin(at / (9 * minute));
  const about = (mean: number) => (at: number): number => Math.max(0, Math.round(mean * load(at) * (0.7 + 0.6 * random())));
  const counter = (labels: string, step: (at: number) => number): Series => ({ labels: `{${common},${labels}}`, step, total: 0 });
  const hiccup = (at: number): number => (end - at > 22 * minute && end - at < 28 * minute ? 6 : 1);
  const families: [name: string, all: Series[]][] = [
    ['api_requests', [
      counter('endpoint="/api/v1/documents",method="GET",status="200"', about(420)), counter('endpoint="/api/v1/documents/:id",method="PUT",status="200"', about(90)),
      counter('endpoint="/api/v1/documents/:id",method="PUT",status="409"', about(6)), counter('endpoint="/api/v1/documents/:id",method="GET",status="404"', about(9)),
      counter('endpoint="/api/v1/documents",method="POST",status="500"', (at) => Math.round((random() < 0.12 ? 2 : 0) + (hiccup(at) - 1) * 4)),
    ]],
    ['workflow_transitions', ([['submit', 'pending', 9], ['approve', 'approved', 7], ['post', 'posted', 6], ['reject', 'rejected', 1]] as const).map(([action, status, mean]) => counter(`action="${action}",domain="sales",status="${status}"`, about(mean)))],
  ];
  const histograms: [name: string, labels: string, perMinute: number, share: (bound: number, at: number) => number][] = [
    ['api_request_duration_seconds', 'endpoint="/api/v1/documents",method="GET"', 420, (bound, at) => 1 - Math.exp(-bound / (0.035 * hiccup(at)))],
    ['document_print_duration_seconds', 'domain="sales"', 8, (bound, at) => 1 - Math.exp(-((bound / (0.32 * Math.sqrt(hiccup(at)))) ** 2))],
  ];
  const sums = histograms.map(() => ({ counts: buckets.map(() => 0), all: 0 }));
  const lines = new Map<string, string[]>();
  const put = (family: string, line: string): void => void (lines.get(family) ?? lines.set(family, []).get(family))?.push(line);
  for (let at = end - hours * 60 * minute; at <= end; at += minute) {
    const stamp = (at / 1000).toFixed(3);
    for (const [name, all] of families) {
      for (const series of all) {
        series.total += series.step(at);
        put(name, `${name}_total${series.labels} ${series.total} ${stamp}`);
      }
    }
    for (const [index, [name, labels, perMinute, share]] of histograms.entries()) {
      const sum = sums[index];
      if (sum === undefined) continue;
      const count = about(perMinute)(at);
      sum.all += count;
      for (const [bucket, bound] of buckets.entries()) {
        sum.counts[bucket] = (sum.counts[bucket] ?? 0) + Math.round(count * share(bound, at));
        put(name, `${name}_bucket{${common},${labels},le="${bound}"} ${sum.counts[bucket] ?? 0} ${stamp}`);
      }
      put(name, `${name}_bucket{${common},${labels},le="+Inf"} ${sum.all} ${stamp}`);
      put(name, `${name}_count{${common},${labels}} ${sum.all} ${stamp}`);
      put(name, `${name}_sum{${common},${labels}} ${(sum.all * 0.05).toFixed(3)} ${stamp}`);
    }
    put('sse_connections_active', `sse_connections_active{${common},channel="workflow"} ${Math.max(1, Math.round(14 * load(at) + 3 * random()))} ${stamp}`);
  }
  const types: Record<string, string> = { api_requests: 'counter', workflow_transitions: 'counter', sse_connections_active: 'gauge' };
  return `${[...lines].map(([name, all]) => [`# TYPE ${name} ${types[name] ?? 'histogram'}`, ...grouped(all)].join('\n')).join('\n')}\n# EOF\n`;
}

/** OpenMetrics wants the samples of one series together. */
const grouped = (all: readonly string[]): string[] => {
  const bySeries = new Map<string, string[]>();
  for (const line of all) {
    const key = line.slice(0, line.indexOf('} ') + 1).replace(/^(\w+?)_(?:bucket|count|sum)\{(.*?)(?:,le="[^"]*")?\}$/, '$1{$2}');
    (bySeries.get(key) ?? bySeries.set(key, []).get(key))?.push(line);
  }
  return [...bySeries.values()].flat();
};

const rules: readonly Rule[] = [
  { alert: 'ErpErrorRateHigh', expr: 'vector(1)', severity: 'critical', summary: 'Mehr als 2 % der Anfragen an das ERP enden in einem Serverfehler.' },
  { alert: 'BackupTooOld', expr: 'vector(1)', severity: 'warning', summary: 'Die letzte Sicherung der Datenbank ist älter als 26 Stunden.' },
  { alert: 'CertificateExpiresSoon', expr: 'vector(1)', severity: 'warning', summary: 'Das Zertifikat von erp.example.de läuft in 12 Tagen ab.' },
  { alert: 'DiskAlmostFull', expr: 'vector(1)', severity: 'info', summary: 'Auf /var/lib/postgresql sind noch 11 % frei.' },
];

const logLines = (now: number): PushedLine[] => ([
  ['api', 'info', 0, 'POST /api/v1/workflow/sales_order/SO-2026-0417/approve started'], ['api', 'info', 14, 'token accepted sub=54e9 roles=manager aud=valeo-erp'],
  ['api', 'info', 31, 'guard price_not_below_cost passed lines=4'], ['db', 'info', 52, 'UPDATE documents SET status=approved WHERE number=SO-2026-0417 duration_ms=18'],
  ['worker', 'warning', 420, 'queue document-print is slow: 37 jobs waiting, oldest 94 s'], ['api', 'error', 1_530, 'audit writer: timeout after 1500 ms, transition rolled back status=503'],
  ['db', 'info', 1_544, 'ROLLBACK'], ['api', 'info', 1_551, 'POST /api/v1/workflow/sales_order/SO-2026-0417/approve finished status=503 duration_ms=1551'],
] as const).map(([container, level, after, text]) => ({ labels: { job: 'erp', container, level }, at: now - 60_000 + after, line: `${text} correlation_id=${tourCorrelationId}` }));

export type TourMonitoring = { profile: { prometheusUrl: string; alertmanagerUrl: string; lokiUrl: string }; end(): Promise<void> };

/** Prometheus with a day behind it, an Alertmanager with something to say, and a log. Null where Debian's packages are not installed. */
export async function startTourMonitoring(target: string): Promise<TourMonitoring | null> {
  let servers: Monitoring;
  let loki: Loki;
  try {
    const end = Date.now() - 10_000;
    servers = await startMonitoring(target, rules, { history: tourHistory(target, end) });
    loki = await startLoki(logLines(Date.now()));
  } catch (error) {
    say(`Without Prometheus and Alertmanager (${error instanceof Error ? error.message.split('\n')[0] : String(error)}).`);
    return null;
  }
  return { profile: { prometheusUrl: servers.prometheus, alertmanagerUrl: servers.alertmanager, lokiUrl: loki.url }, async end() { await Promise.all([servers.end(), loki.close()]); } };
}
