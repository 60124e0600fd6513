import type { Page } from 'playwright';
import type { Screen } from './screens.ts';
import { goTo } from './hands.ts';
import { openArea, valeo } from './security-screens.ts';
import { tourCorrelationId } from './tour-monitoring.ts';

const alert = (page: Page, name: string) => page.getByRole('grid', { name: /^(Alarme|Alerts)$/ }).getByRole('row').filter({ hasText: name });

/** Metrics, the server's log and alerts, each reachable from the one before; and where the servers behind them are set up. */
export const monitoringScreens: readonly Screen[] = [
  { name: 'security-metrics', async show(page) {
    await page.keyboard.press('Escape');
    await openArea(page, 'Metriken', 'Metrics');
    // The figures of a minute are the difference of two looks.
    for (let look = 0; look < 2; look++) await valeo(page, 'metrics.refresh');
    await page.getByTestId('panel-requestRate').waitFor();
  } },
  { name: 'security-metrics-value', async show(page) {
    await page.getByTestId('panel-requestRate').getByRole('slider').focus();
    await page.keyboard.press('End');
  } },
  { name: 'security-metrics-more', needs: 'monitoring', async show(page) {
    await page.getByTestId('panel-print').scrollIntoViewIfNeeded();
  } },
  { name: 'security-metrics-log', async show(page) {
    await page.evaluate(() => { location.hash = '#/security/metrics/log'; });
    await page.getByTestId('log-id').waitFor();
  } },
  { name: 'security-metrics-log-found', needs: 'monitoring', async show(page) {
    await page.getByTestId('log-id').fill(tourCorrelationId);
    await page.getByTestId('log-id').press('Enter');
    await page.getByTestId('log-lines').waitFor();
  } },
  { name: 'security-alerts', async show(page) {
    // So low that the app's own start is slow enough: a threshold of its own, passed for real.
    await valeo(page, 'alerts.setRules', { errorRate: 0.05, latency: 0.01, notReady: true });
    await openArea(page, 'Alarme', 'Alerts');
    await page.getByTestId('alerts').waitFor();
  } },
  { name: 'security-alerts-silence', needs: 'monitoring', async show(page) {
    await alert(page, 'ErpErrorRateHigh').click();
    await page.getByTestId('alert-silence').click();
    await page.getByTestId('silence-reason').fill('Wartung der Datenbank bis 18 Uhr, Ticket 4711');
  } },
  { name: 'security-alerts-silenced', needs: 'monitoring', async show(page) {
    const { silences } = await valeo<{ silences: { state: string }[] }>(page, 'alerts.state');
    if (silences.some(({ state }) => state === 'active')) await page.keyboard.press('Escape');
    else {
      await page.getByTestId('silence-send').click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await alert(page, 'ErpErrorRateHigh').filter({ hasText: /stumm|silenced/ }).waitFor();
  } },
  { name: 'security-alerts-thresholds', async show(page) {
    await page.getByTestId('alerts-thresholds').click();
    await page.getByTestId('thresholds').waitFor();
  } },
  { name: 'settings-monitoring', needs: 'monitoring', async show(page) {
    await page.keyboard.press('Escape');
    await goTo(page, 'Einstellungen', 'Settings');
    await page.evaluate(() => { location.hash = '#/settings?monitoring=active'; });
    await page.getByTestId('monitoring-check').click();
    await page.getByTestId('monitoring-answer-loki').waitFor({ timeout: 20_000 });
  } },
];
