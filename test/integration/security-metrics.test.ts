import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseInSlices } from '../../main/security/metrics/sampler.ts';
import { intervalBetween, snapshotOf, type Snapshot } from '../../shared/security/metrics/interval.ts';
import { bucketsOf, type Panel, type PanelId } from '../../shared/security/metrics/panels.ts';
import { histogramQuantile } from '../../shared/security/metrics/quantile.ts';
import { freePort } from '../fixtures/ports.ts';
import { codeOf } from './erp-client.ts';
import { startMonitoring, type Monitoring } from './monitoring-world.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let monitoring: Monitoring;

beforeAll(async () => {
  world = await startWorld({ documents: 30 });
  monitoring = await startMonitoring(world.backend.erp, []);
});
afterAll(async () => {
  await monitoring.end();
  await world.end();
});

const panel = (panels: readonly Panel[], id: PanelId): Panel => {
  const found = panels.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no panel ${id}`);
  return found;
};
const newest = (one: Panel, line: string): number | null => one.lines.find(({ name }) => name === line)?.values.findLast((value) => value !== null) ?? null;
const snapshot = async (): Promise<Snapshot> => snapshotOf(Date.now(), (await parseInSlices(await (await fetch(`${world.backend.erp}/metrics/`)).text())));
const traffic = async (): Promise<void> => {
  for (let count = 0; count < 25; count++) await (await fetch(`${world.backend.erp}/${count % 5 === 0 ? 'nowhere' : 'healthz'}`)).text();
};

describe('panels from a real Prometheus', () => {
  it('agree with what /metrics/ says itself', async () => {
    const pc = await world.pc({ profile: { prometheusUrl: monitoring.prometheus } });
    await pc.as('admin');
    await pc.pulled();
    // So that every series is known to Prometheus before its increase is measured.
    const ask = async (query: string): Promise<number> => {
      const answer = await (await fetch(`${monitoring.prometheus}/api/v1/query?query=${encodeURIComponent(query)}`)).json() as { data: { result: { value: [number, string] }[] } };
      return Number(answer.data.result[0]?.value[1]);
    };
    /** Waits for a scrape after all that was asked so far; a busy machine scrapes late. */
    const scraped = async (): Promise<void> => {
      const asked = Date.now() / 1000;
      await expect.poll(() => ask('max(timestamp(api_requests_total))'), { timeout: 30_000, interval: 250 }).toBeGreaterThan(asked);
    };
    await traffic();
    await scraped();
    const before = await snapshot();
    for (let round = 0; round < 12; round++) {
      await traffic();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await scraped();
    const own = intervalBetween(before, await snapshot());
    // The same quantity from both sides: the counters as they were scraped, because `increase` would add its own guess at both ends.
    const grown = (series: string, by = ''): string => `(sum ${by} (${series} @ ${own.to / 1000}) - sum ${by} (${series} @ ${own.from / 1000}))`;
    const requests = Object.values(own.requests ?? {}).reduce((sum, value) => sum + value, 0);
    const theirs = await ask(grown('api_requests_total'));
    expect(own.requestsBasis).toBe('documented');
    expect(requests).toBeGreaterThan(250);
    expect(Math.abs(theirs - requests) / requests).toBeLessThan(0.2);
    const share = (own.requests?.['4xx'] ?? 0) / requests;
    expect(Math.abs(await ask(`${grown('api_requests_total{status=~"4.."}')} / ${grown('api_requests_total')}`) - share)).toBeLessThan(0.05);
    const p95 = histogramQuantile(0.95, bucketsOf(own.durations ?? {}));
    expect(Math.abs(await ask(`histogram_quantile(0.95, ${grown('api_request_duration_seconds_bucket', 'by (le)')})`) - (p95 ?? -1))).toBeLessThan(0.01);

    // The hour's steps are whole minutes: the next one has to pass before Prometheus is asked for it.
    await expect.poll(async () => {
      const { panels } = await pc.workspace.security.metrics.panels('1h');
      return newest(panel(panels, 'requestRate'), 'all');
    }, { timeout: 75_000, interval: 2000 }).toBeGreaterThan(0);
    const answer = await pc.workspace.security.metrics.panels('1h');
    expect(answer).toMatchObject({ source: 'prometheus', error: null, host: new URL(monitoring.prometheus).host });
    expect(panel(answer.panels, 'requestRate').basis).toBe('documented');
    const end = panel(answer.panels, 'requestRate').times.at(-1) ?? 0;
    const at = (query: string): Promise<number> => ask(`${query} @ ${end / 1000}`);
    expect(newest(panel(answer.panels, 'requestRate'), 'all')).toBeCloseTo(await ask(`sum(rate(api_requests_total[5m] @ ${end / 1000}))`), 6);
    expect(newest(panel(answer.panels, 'streams'), 'workflow')).toBe(await at('sse_connections_active'));
    expect(answer.since).not.toBeNull();
    expect(await pc.workspace.security.evidence.list()).toEqual(expect.arrayContaining([expect.objectContaining({ point: 'observability.metrics', source: 'measured' })]));
  }, 180_000);

  it('stay readable when Prometheus is gone, and say why', async () => {
    const gone = `http://127.0.0.1:${await freePort()}`;
    const pc = await world.pc({ profile: { prometheusUrl: gone } });
    await pc.as('admin');
    const answer = await pc.workspace.security.metrics.panels('1h');
    expect(answer).toMatchObject({ source: 'sampled', error: { code: 'network.unreachable', params: { host: new URL(gone).host } } });
  });

  it('never send the ERP\'s token to another origin', async () => {
    const seen: [string, string | null][] = [];
    const pc = await world.pc({ profile: { prometheusUrl: monitoring.prometheus }, fetch: (url, init) => { seen.push([url, new Headers(init?.headers).get('authorization')]); return fetch(url, init); } });
    await pc.as('admin');
    await pc.workspace.security.metrics.panels('24h');
    const outside = seen.filter(([url]) => url.startsWith(monitoring.prometheus));
    expect(outside.length).toBeGreaterThan(5);
    expect(outside.every(([, token]) => token === null)).toBe(true);
    const own = await world.pc({ profile: { prometheusUrl: `${world.backend.erp}/prometheus` }, fetch: (url, init) => { seen.push([url, new Headers(init?.headers).get('authorization')]); return fetch(url, init); } });
    await own.as('admin');
    await own.workspace.security.metrics.panels('24h');
    expect(seen.filter(([url]) => url.startsWith(`${world.backend.erp}/prometheus`)).every(([, token]) => token?.startsWith('Bearer ') === true || token?.startsWith('DPoP ') === true)).toBe(true);
  });
});

const sampled = async (pc: Pc, rounds: () => Promise<void>): Promise<void> => {
  const { metrics } = pc.workspace.security;
  await metrics.refresh();
  await rounds();
  await metrics.refresh();
};

describe('panels from /metrics/ itself', () => {
  it('measure what happened in between, with the documented series', async () => {
    const pc = await world.pc();
    await pc.as('admin');
    await pc.pulled();
    await sampled(pc, traffic);
    const { source, panels, since, asOf } = await pc.workspace.security.metrics.panels('1h');
    expect(source).toBe('sampled');
    expect(since).toBeLessThan(asOf ?? 0);
    expect(panel(panels, 'requestRate').basis).toBe('documented');
    expect(newest(panel(panels, 'requestRate'), 'all')).toBeGreaterThan(0);
    expect(newest(panel(panels, 'errorRate'), '4xx')).toBeGreaterThan(0.05);
    expect(newest(panel(panels, 'latency'), 'p95')).toBeGreaterThan(0);
    expect(panel(panels, 'print').basis).toBe('silent');
    // Before this client looked there is nothing, and that is no zero.
    expect(panel(panels, 'requestRate').lines[0]?.values.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => null));
  });

  it('survive a new start of the app', async () => {
    const pc = await world.pc();
    await pc.as('admin');
    const { metrics } = pc.workspace.security;
    await expect.poll(async () => {
      await metrics.refresh();
      return (await metrics.panels('1h')).since;
    }, { interval: 1000, timeout: 20_000 }).not.toBeNull();
    const before = await metrics.panels('1h');
    await pc.workspace.lock();
    await pc.workspace.openCache({ kind: 'keychain' });
    expect((await metrics.panels('1h')).since).toBe(before.since);
  });

  it('are for administrators and auditors', async () => {
    const pc = await world.pc();
    await pc.as('sales');
    expect(await codeOf(pc.workspace.security.metrics.panels('1h'))).toBe('access.missingScope');
  });
});

describe('shipped servers', () => {
  it('fall back to the live series and say so', async () => {
    const shipped = await startWorld({ documents: 10, api: 'shipped' });
    try {
      const pc = await shipped.pc();
      const seen: string[] = [];
      pc.workspace.monitor.changed.on(({ status }) => seen.push(status));
      await pc.as('admin');
      const text = await (await fetch(`${shipped.backend.erp}/metrics/`)).text();
      expect(text).toContain('# TYPE api_requests_total counter');
      expect(text).not.toMatch(/^api_requests_total\{/m);
      // One look measures nothing: no word of it in the evidence, for or against.
      await expect.poll(async () => (await pc.workspace.security.evidence.list()).some(({ point }) => point === 'health.ready'), { timeout: 10_000 }).toBe(true);
      expect((await pc.workspace.security.evidence.list()).filter(({ point }) => point === 'observability.metrics')).toEqual([]);
      await sampled(pc, async () => { await (await fetch(`${shipped.backend.erp}/healthz`)).text(); });
      const { panels, readiness } = await pc.workspace.security.metrics.panels('1h');
      expect(panels.map(({ id, basis }) => [id, basis])).toEqual([['requestRate', 'live'], ['errorRate', 'live'], ['latency', 'live'], ['transitions', 'silent'], ['streams', 'silent'], ['print', 'silent']]);
      expect(panel(panels, 'requestRate').from).toBe('http_requests_total');
      expect(readiness).toMatchObject({ isReady: false, wasEverReady: false });
      // Such a server is never ready, and answers everybody all the same.
      expect(seen).not.toContain('offline');
      expect(await pc.workspace.security.evidence.list()).toEqual(expect.arrayContaining([expect.objectContaining({ point: 'observability.metrics', outcome: 'partly' }), expect.objectContaining({ point: 'health.ready', outcome: 'unmet' })]));
    } finally {
      await shipped.end();
    }
  });
});
