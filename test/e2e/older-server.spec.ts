import { securityAreas } from '../../shared/security/areas.ts';
import { untilPulled } from '../runtime/hands.ts';
import { expect, signInAs, test } from './fixtures.ts';

const patience = 20_000;

test('on a server without a security centre every area says calmly what it lacks, and claims nothing that nobody measured', async ({ serve, install }) => {
  const backend = await serve({ api: 'shipped', documents: 20 });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  const open = async (area: string): Promise<void> => {
    await page.evaluate((hash) => { location.hash = hash; }, `#/security/${area}`);
    await expect(page.getByRole('tabpanel').locator('footer').or(page.getByText('Dieser Server wurde noch nie geprüft.')).first()).toBeVisible({ timeout: patience });
  };
  const panel = page.getByRole('tabpanel');
  const button = (name: string) => panel.getByRole('button', { name });

  await open('alerts');
  await expect(panel.getByText('Gerade nicht beobachtet', { exact: true })).toBeVisible();
  await open('metrics');
  await expect(panel.getByText('Noch nichts gemessen', { exact: true })).toBeVisible();
  await expect(panel.getByText('gemessen', { exact: true })).toHaveCount(0);
  await open('findings');
  await expect(panel.getByText('0 offene Befunde')).toHaveCount(0);
  await expect(button('Vom Server holen')).toHaveAttribute('aria-disabled', 'true');
  await open('backups');
  await expect(panel.getByText('Dieser Server zeigt keine Sicherungen')).toBeVisible();
  for (const name of ['Nachweis prüfen …', 'Neu einlesen', 'Jetzt sichern']) await expect(button(name)).toHaveAttribute('aria-disabled', 'true');
  await open('secrets');
  await expect(panel.getByText('Dieser Server führt kein Verzeichnis')).toBeVisible();
  await open('checklists');
  await expect(panel.getByText('nur auf diesem PC: der Server hat keinen Platz dafür')).toBeVisible();
  await expect(button('Abgleichen')).toHaveAttribute('aria-disabled', 'true');

  await open('incidents');
  await page.getByTestId('incident-new').click();
  await page.getByTestId('incident-form').getByRole('textbox').first().fill('Fremde Anmeldung');
  await page.getByTestId('incident-create').click();
  await expect(page.getByTestId('incident')).toContainText('nur auf diesem Gerät gespeichert');
  await expect(panel.getByText('wird gesendet')).toHaveCount(0);
  await panel.getByRole('tab', { name: 'Maßnahmen' }).click();
  await expect(page.getByTestId('incident-actions')).toContainText('gehen alle Vorfälle auf diesem Gerät verloren');
  await open('incidents');
  await expect(panel.getByRole('columnheader', { name: 'Abgleich' })).toHaveCount(0);

  for (const area of securityAreas) {
    await open(area);
    await page.waitForTimeout(600);
    await expect(page.getByText('server.unsupported'), area).toHaveCount(0);
  }

  await backend.close();
  await page.getByTestId('offline').waitFor({ timeout: 60_000 });
  for (const area of securityAreas) {
    await open(area);
    await page.waitForTimeout(300);
    await expect(panel.getByText(/^(network|server|app)\.[a-zA-Z]+$/), area).toHaveCount(0);
  }
  await open('incidents');
  await expect(panel.getByText('Änderungen werden später gesendet')).toHaveCount(0);
});
