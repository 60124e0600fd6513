import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLoki } from '../backend/loki.ts';
import { orderContent } from '../fixtures/drafts.ts';
import { freePort } from '../fixtures/ports.ts';
import { startMonitoring } from '../integration/monitoring-world.ts';
import { goTo } from '../runtime/hands.ts';
import { startKeyring } from '../runtime/keyring.ts';
import { tourHistory } from '../runtime/tour-monitoring.ts';
import { call, expect, signInAs, test } from './fixtures.ts';

/** Scrapes, evaluations and groups take seconds; the minute of a panel takes up to one. */
const patience = 45_000;

type Silence = { id: string; status: { state: string }; comment: string; createdBy: string; startsAt: string; endsAt: string };

test('monitoring is set up in the app; an alert is silenced and comes back; the panels draw; the log is searched', async ({ serve, install }) => {
  test.setTimeout(240_000);
  const backend = await serve();
  const correlationId = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const loki = await startLoki([{ labels: { job: 'erp', container: 'api', level: 'error' }, at: Date.now() - 1000, line: `approve failed correlation_id=${correlationId} token=abcdef123456` }]);
  const servers = await startMonitoring(backend.erp, [{ alert: 'ErpNotFound', expr: 'sum(api_requests_total{endpoint="unmatched",status="404"}) > 3', severity: 'critical', summary: 'Seiten fehlen' }], { history: tourHistory(backend.erp, Date.now() - 5000, 3) });
  const traffic = setInterval(() => { void fetch(`${backend.erp}/nowhere`).then((answer) => answer.text()).catch(() => undefined); }, 400);
  const silences = async (): Promise<Silence[]> => (await (await fetch(`${servers.alertmanager}/api/v2/silences`)).json()) as Silence[];
  try {
    const { start, userData } = await install(backend);
    const app = await start();
    const { page } = app;
    const { keyboard } = page;
    await signInAs(app, backend, 'admin');

    // From where something is missing to where it is set up.
    await goTo(page, 'Sicherheit', 'Security');
    await page.getByRole('tab', { name: /^Alarme/ }).click();
    await page.getByTestId('alerts-set-up').click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Überwachung von „Prüfstand“');
    await expect(page.getByTestId('monitoring-prometheus')).toBeFocused();

    // By keyboard alone, with the addresses as the browser shows them.
    await keyboard.type(`${servers.alertmanager}/#/status`);
    await keyboard.press('Tab');
    await expect(page.getByTestId('monitoring-alertmanager')).toBeFocused();
    await keyboard.type('http://alerts.example.de');
    await keyboard.press('Tab');
    await expect(dialog).toContainText('Nur verschlüsselt (https://).');
    await keyboard.type(`127.0.0.1:${await freePort()}`);
    await keyboard.press('Shift+Tab');
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type(`${servers.alertmanager}/#/alerts?silenced=false`);
    await keyboard.press('Enter');
    const answer = (id: string) => page.getByTestId(`monitoring-answer-${id}`);
    await expect(answer('alertmanager')).toHaveText(new RegExp(`Alertmanager \\d+\\.\\d+\\.\\d+ antwortet unter ${new URL(servers.alertmanager).host}`), { timeout: patience });
    await expect(page.getByTestId('monitoring-alertmanager')).toHaveValue(servers.alertmanager);
    await expect(answer('prometheus')).toContainText('Diese Adresse gehört in das Feld „Alertmanager (Alarme)“.');
    await expect(answer('loki')).toContainText('antwortet niemand');
    await page.getByTestId('monitoring-prometheus').fill(servers.prometheus);
    await expect(answer('prometheus')).toHaveCount(0);
    await page.getByTestId('monitoring-loki').fill(loki.url);
    await page.getByTestId('monitoring-check').click();
    await expect(answer('prometheus')).toHaveAttribute('data-finding', 'answers', { timeout: patience });
    await expect(answer('loki')).toHaveText(/Loki 3\.1\.1 antwortet/);
    await page.getByTestId('monitoring-save').click();
    await expect(dialog).toHaveCount(0, { timeout: patience });
    await expect(page.getByText(`Prometheus ${servers.prometheus} · Alertmanager ${servers.alertmanager} · Loki ${loki.url}`)).toBeVisible();
    expect(JSON.parse(await readFile(join(userData, 'profiles.json'), 'utf8'))).toMatchObject({ activeId: 'e2e', profiles: [{ id: 'e2e', prometheusUrl: servers.prometheus, alertmanagerUrl: servers.alertmanager, lokiUrl: loki.url }] });

    // Nobody had to sign in again, and what was set up counts at once.
    await goTo(page, 'Sicherheit', 'Security');
    await page.getByRole('tab', { name: /^Alarme/ }).click();
    const row = page.getByRole('row').filter({ hasText: 'ErpNotFound' });
    await expect(async () => {
      await keyboard.press('F5');
      await expect(row).toContainText('aktiv', { timeout: 3_000 });
    }).toPass({ timeout: patience });
    await expect(row).toContainText('Seiten fehlen');
    await row.click();
    await page.getByTestId('alert-silence').click();
    await page.getByTestId('silence-send').click();
    await expect(page.getByRole('dialog')).toContainText('Ohne Grund wird nichts stummgeschaltet.');
    expect(await silences()).toEqual([]);
    await page.getByTestId('silence-reason').fill('Umzug des Verzeichnisses');
    await page.getByRole('button', { name: /Dauer/ }).click();
    await page.getByRole('option', { name: /^24 Stunden/ }).click();
    await page.getByTestId('silence-send').click();
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: patience });
    await expect(row).toContainText('stumm', { timeout: patience });
    const [silence, ...others] = await silences();
    expect(others).toEqual([]);
    expect(silence).toMatchObject({ comment: 'Umzug des Verzeichnisses', createdBy: 'admin', status: { state: 'active' } });
    expect(Math.abs(Date.parse(silence?.endsAt ?? '') - Date.parse(silence?.startsAt ?? '') - 24 * 3_600_000)).toBeLessThan(60_000);
    await page.getByTestId('alert-pane').getByTestId('silence-expire').click();
    await expect.poll(async () => (await silences())[0]?.status.state, { timeout: patience }).toBe('expired');
    await expect(row).toContainText('aktiv', { timeout: patience });

    // A threshold of the app's own stays what it was made.
    await page.getByTestId('alerts-thresholds').click();
    const latency = page.getByRole('textbox', { name: /^p95 über/ });
    await latency.fill('0,75');
    await page.getByTestId('thresholds-save').click();
    await expect(page.getByTestId('thresholds')).toHaveCount(0);
    await page.getByTestId('alerts-thresholds').click();
    await expect(latency).toHaveValue('0,75');
    await latency.fill('0,001');
    await expect(page.getByTestId('thresholds')).toContainText('0,01 bis 120');
    await keyboard.press('Escape');

    await page.getByRole('tab', { name: /^Metriken/ }).click();
    const panels = page.getByTestId('metrics-panels').getByRole('region', { includeHidden: false });
    await expect(async () => {
      await keyboard.press('F5');
      await expect(page.getByTestId('panel-requestRate').getByRole('slider')).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 90_000 });
    await expect(page.getByText(`Prometheus ${new URL(servers.prometheus).host}`).first()).toBeVisible();
    await expect(panels.filter({ has: page.locator('h2') })).toHaveCount(6);
    for (const id of ['requestRate', 'errorRate', 'latency', 'transitions', 'streams', 'print']) {
      const panel = page.getByTestId(`panel-${id}`);
      await expect(panel, id).toHaveAttribute('data-basis', 'documented');
      await expect(panel.getByRole('slider').locator('path').first(), id).toHaveAttribute('d', /^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+){20}/);
      // A step for every minute of which Prometheus knows something; the newest may still be on its way.
      expect(await panel.getByRole('table').getByRole('row').count(), id).toBeGreaterThan(50);
      await expect(panel.getByRole('table').getByRole('row').nth(1), id).toContainText(/\d/);
    }
    // The same figure as Prometheus itself gives for the end of that minute.
    const end = Math.floor(Date.now() / 60_000) * 60 - 600;
    const asked = await (await fetch(`${servers.prometheus}/api/v1/query?time=${end}&query=${encodeURIComponent('60 * sum by (status) (rate(workflow_transitions_total{status="pending"}[5m]))')}`)).json() as { data: { result: { value: [number, string] }[] } };
    const value = Number(asked.data.result[0]?.value[1]);
    const shown = `${Number(value < 1 ? value.toFixed(2) : value.toFixed(1)).toLocaleString('de-DE')}/min`;
    const minute = new Date(end * 1000).toLocaleTimeString('de-DE', { hour: '2-digit', minute: '2-digit' });
    await expect(page.getByTestId('panel-transitions').getByRole('row').filter({ has: page.getByRole('rowheader', { name: minute }) })).toContainText(shown);

    await page.getByTestId('metrics-log').click();
    await page.getByTestId('log-id').fill(correlationId);
    await page.getByTestId('log-id').press('Enter');
    await expect(page.getByTestId('log-lines')).toContainText('approve failed', { timeout: patience });
    await expect(page.getByTestId('log-lines')).not.toContainText('abcdef123456');
  } finally {
    clearInterval(traffic);
    await Promise.all([servers.end(), loki.close()]);
  }
});

test('whoever sets up a connection is asked for its monitoring, and may go without', async ({ serve, install }) => {
  const backend = await serve({ documents: 5 });
  const servers = await startMonitoring(backend.erp, []);
  try {
    const { start, userData } = await install(backend);
    const { page } = await start({ isFresh: true });
    const { keyboard } = page;
    await page.getByRole('button', { name: 'Adresse eingeben' }).click();
    await keyboard.type(backend.erp);
    await keyboard.press('Enter');
    // Plain http on this computer leaves nothing to check about a certificate, so nothing goes on by itself.
    await page.getByRole('button', { name: 'Weiter', exact: true }).click();
    await page.getByLabel('Adresse des Anbieters (Issuer)').fill(backend.issuer);
    await page.getByLabel('Client-ID').fill(backend.clientId);
    await keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Wird Ihr ERP überwacht?' })).toBeVisible();
    await expect(page.getByText('Schritt 3 von 4')).toBeVisible();
    const next = page.getByTestId('monitoring-next');
    await expect(next).toHaveText('Ohne Überwachung weiter');
    await keyboard.type(servers.alertmanager);
    await expect(next).toHaveText('Prüfen und weiter');
    await keyboard.press('Enter');
    await expect(page.getByTestId('monitoring-answer-prometheus')).toContainText('Diese Adresse gehört in das Feld „Alertmanager (Alarme)“.', { timeout: patience });
    await page.getByTestId('monitoring-prometheus').fill('');
    await page.getByTestId('monitoring-alertmanager').fill('http://alerts.example.de');
    await keyboard.press('Enter');
    await expect(page.getByTestId('monitoring-fields')).toContainText('Nur verschlüsselt');
    await expect(page.getByTestId('monitoring-alertmanager')).toBeFocused();
    await page.getByTestId('monitoring-alertmanager').fill(`${servers.alertmanager}/`);
    await keyboard.press('Enter');
    await page.getByLabel('Name').fill('Zentrale');
    await page.getByRole('button', { name: 'Speichern und anmelden' }).click();
    await page.getByRole('button', { name: /^Im Browser anmelden/ }).waitFor();
    const { profiles } = JSON.parse(await readFile(join(userData, 'profiles.json'), 'utf8')) as { profiles: Record<string, unknown>[] };
    expect(profiles).toMatchObject([{ id: 'zentrale', erpUrl: backend.erp, alertmanagerUrl: servers.alertmanager }]);
    expect(profiles[0]).not.toHaveProperty('prometheusUrl');
  } finally {
    await servers.end();
  }
});

test('without a keychain a change of the monitoring costs neither the sign-in nor a draft that is only here', async ({ serve, install }) => {
  const backend = await serve({ documents: 5 });
  const loki = await startLoki([]);
  const keyring = await startKeyring('none');
  try {
    const app = await (await install(backend)).start({ keyring });
    const { page } = app;
    await signInAs(app, backend, 'admin');
    expect((await call(app, 'session.state')).value).toMatchObject({ status: 'signedIn', persistence: { kind: 'memory' } });
    const id = randomUUID();
    expect(await call(app, 'drafts.create', { id, content: orderContent('SO-NUR-HIER'), base: null })).toMatchObject({ ok: true });
    await goTo(page, 'Einstellungen', 'Settings');
    await page.getByTestId('monitoring-of-e2e').click();
    await page.getByTestId('monitoring-loki').fill(loki.url);
    await page.getByTestId('monitoring-save').click();
    await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: patience });
    expect((await call(app, 'session.state')).value).toMatchObject({ status: 'signedIn' });
    expect((await call(app, 'drafts.list')).value).toMatchObject([{ id }]);
    // It counts at once.
    expect(await call(app, 'metrics.searchLog', { correlationId: randomUUID(), around: null })).toMatchObject({ ok: true, value: { host: new URL(loki.url).host } });
  } finally {
    await Promise.all([loki.close(), keyring.close()]);
  }
});
