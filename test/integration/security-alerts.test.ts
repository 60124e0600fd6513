import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FiredAlert } from '../../shared/security/alerts/alert.ts';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import { freePort } from '../fixtures/ports.ts';
import { codeOf } from './erp-client.ts';
import { startMonitoring, type Monitoring } from './monitoring-world.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

/** What a rule may carry and a window must not see: an address, a secret, a text of any length, and more of them than a list shows. */
const carried = { owner: 'petra@example.com', hook: 'https://chat.example.com/hook?token=abcdef0123456789abcdef', runbook: 'Schritt '.repeat(400).trim(), ...Object.fromEntries(Array.from({ length: 45 }, (_, at) => [`zz_${at}`, String(at)])) };
let world: World;
let monitoring: Monitoring;
let admin: Pc;

beforeAll(async () => {
  world = await startWorld({ documents: 10 });
  monitoring = await startMonitoring(world.backend.erp, [{ alert: 'ErpNotFound', expr: 'sum(api_requests_total{status="404"}) > 3', severity: 'Critical', summary: 'Call petra@example.com', labels: carried }]);
  admin = await world.pc({ profile: { alertmanagerUrl: monitoring.alertmanager } });
  await admin.as('admin');
});
afterAll(async () => {
  await monitoring.end();
  await world.end();
});

const stateOf = (pc: Pc): Promise<CallOutput<'alerts.state'>> => pc.workspace.security.alerts.state();
const fired = async (): Promise<FiredAlert | undefined> => (await stateOf(admin)).alerts.find(({ name }) => name === 'ErpNotFound');
const evidenceOf = async (pc: Pc) => (await pc.workspace.security.evidence.list()).find(({ origin }) => origin === 'alerts.alertmanager');

describe('a real alert at a real Alertmanager', () => {
  it('is not there before something happens', async () => {
    expect(await stateOf(admin)).toMatchObject({ alertmanager: new URL(monitoring.alertmanager).host, error: null, alerts: [], silences: [] });
    expect(await evidenceOf(admin)).toMatchObject({ point: 'observability.alerts', outcome: 'met', source: 'measured' });
  });

  it('fires, is silenced with a reason, and fires again when the silence ends', async () => {
    for (let count = 0; count < 6; count++) await (await fetch(`${world.backend.erp}/nowhere`)).text();
    await expect.poll(fired, { timeout: 45_000, interval: 500 }).toMatchObject({ state: 'firing', origin: 'alertmanager', severity: 'critical', annotations: { summary: 'Call [redacted]' }, silencedBy: [] });
    const alert = await fired();
    expect(Date.now() - (alert?.since ?? 0)).toBeLessThan(60_000);
    expect(admin.workspace.security.alerts.firing()).toMatchObject({ count: 1, newest: [{ name: 'ErpNotFound' }] });

    expect(Object.keys(alert?.labels ?? {})).toHaveLength(40);
    expect(alert?.labels).toMatchObject({ owner: '[redacted]' });
    const { id, holds } = await admin.workspace.security.alerts.silence({ id: alert?.id ?? '', without: ['severity'], reason: 'Wartung am Verzeichnis', hours: 1 });
    expect(holds).toBe(true);
    await expect.poll(fired, { timeout: 15_000, interval: 300 }).toMatchObject({ state: 'silenced', silencedBy: [id] });
    const { silences } = await stateOf(admin);
    expect(silences).toMatchObject([{ id, state: 'active', createdBy: 'admin', reason: 'Wartung am Verzeichnis' }]);
    // As the Alertmanager has them, with those that no list shows; the window gets them as redacted and cut as the alert.
    const told = await (await fetch(`${monitoring.alertmanager}/api/v2/silence/${id}`)).json() as { matchers: { name: string; value: string }[] };
    expect(Object.fromEntries(told.matchers.map(({ name, value }) => [name, value]))).toEqual({ alertname: 'ErpNotFound', ...carried });
    expect(JSON.stringify(silences)).not.toMatch(/petra@example|abcdef0123456789/);
    // Alertmanager counts from when it got it.
    expect(Math.abs((silences[0]?.endsAt ?? 0) - (silences[0]?.startsAt ?? 0) - 3_600_000)).toBeLessThan(60_000);
    expect(admin.workspace.security.alerts.firing().count).toBe(0);

    await admin.workspace.security.alerts.expire(id);
    await expect.poll(fired, { timeout: 15_000, interval: 300 }).toMatchObject({ state: 'firing' });
    expect((await stateOf(admin)).silences).toMatchObject([{ id, state: 'expired' }]);
    await admin.workspace.audit.notes.settled();
    const journal = JSON.stringify(await admin.host.audit('journal.list', { filter: { actor: null, status: null, outcome: null, text: '' }, offset: 0, limit: 50 }));
    for (const action of ['alerts.silence', 'alerts.expire', 'Wartung am Verzeichnis']) expect(journal).toContain(action);
  }, 120_000);

  it('refuses what it does not know, with a code', async () => {
    const { alerts } = admin.workspace.security;
    await expect(alerts.silence({ id: '0123456789abcdef', without: [], reason: 'weil', hours: 1 })).rejects.toMatchObject({ error: { code: 'input.invalid', messageKey: 'errors.alerts.gone' } });
    await expect(alerts.silence({ id: (await fired())?.id ?? '', without: ['alertname', 'severity', ...Object.keys(carried)], reason: 'weil', hours: 1 })).rejects.toMatchObject({ error: { messageKey: 'errors.alerts.noLabels' } });
    expect(await codeOf(admin.workspace.security.alerts.expire('0f8fad5b-d9cb-469f-a165-70867728950e'))).toMatch(/^server\.(notFound|failed|badRequest)$/);
  });

  it('is read and silenced by administrators only', async () => {
    const sales = await world.pc({ profile: { alertmanagerUrl: monitoring.alertmanager } });
    await sales.as('sales');
    expect(await codeOf(stateOf(sales))).toBe('access.missingScope');
    expect(await codeOf(sales.workspace.security.alerts.silence({ id: 'x', without: [], reason: 'weil', hours: 1 }))).toBe('access.missingScope');
    expect(sales.workspace.security.alerts.firing()).toEqual({ count: 0, newest: [] });
  });
});

describe('without an Alertmanager', () => {
  it('watches by itself: server errors raise a local alert, and another threshold takes it back', async () => {
    // Version 3.0 answers a malformed token with 500: a real server error, in its real metrics.
    const shipped = await startWorld({ documents: 5, api: 'shipped' });
    const pc = await shipped.pc();
    await pc.as('admin');
    const { metrics, alerts, evidence } = pc.workspace.security;
    expect(await alerts.state()).toMatchObject({ alerts: [], watchedAt: null });
    await expect.poll(async () => {
      await metrics.refresh();
      return (await metrics.panels('1h')).since;
    }, { interval: 1000, timeout: 20_000 }).not.toBeNull();
    for (let count = 0; count < 60; count++) expect((await fetch(`${shipped.backend.erp}/api/v1/status`, { headers: { authorization: 'Bearer x' } })).status).toBe(500);
    await metrics.refresh();
    const { alerts: found, alertmanager, watchedAt } = await alerts.state();
    expect(Date.now() - (watchedAt ?? 0)).toBeLessThan(60_000);
    expect(alertmanager).toBeNull();
    expect(found).toMatchObject([{ id: 'local.errorRate', origin: 'local', state: 'firing', severity: 'critical' }]);
    expect(Number(found[0]?.labels['value'])).toBeGreaterThan(0.05);
    await alerts.setRules({ errorRate: null, latency: 2, notReady: true });
    expect((await alerts.state()).alerts).toEqual([]);
    expect((await evidence.list()).find(({ origin }) => origin === 'alerts.alertmanager')).toMatchObject({ outcome: 'partly' });
    expect(await codeOf(alerts.silence({ id: 'x', without: [], reason: 'weil', hours: 1 }))).toBe('server.unsupported');
    await shipped.end();
  });

  it('that answers, says so and keeps the rules of its own', async () => {
    const pc = await world.pc({ profile: { alertmanagerUrl: `http://127.0.0.1:${await freePort()}` } });
    await pc.as('admin');
    expect(await stateOf(pc)).toMatchObject({ error: { code: 'network.unreachable' }, alerts: [] });
    expect(await evidenceOf(pc)).toMatchObject({ outcome: 'unmet' });
  });
});
