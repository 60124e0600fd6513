import { join } from 'node:path';
import { loginHeadless } from '../backend/login.ts';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { signInWithBrowser } from '../runtime/browser.ts';
import { goTo } from '../runtime/hands.ts';
import { expect, signInAs, test } from './fixtures.ts';

const patience = 20_000;

test('the server rewrites an entry while the app is closed: the next start raises the alarm, and only a reason ends it', async ({ serve, install }) => {
  const backend = await serve({ audit: 600 });
  const installation = await install(backend);
  const first = await installation.start();
  await signInAs(first, backend, 'admin');
  await goTo(first.page, 'Audit', 'Audit');
  await expect(first.page.getByTestId('audit-verified')).toContainText('Hashbaum stimmen', { timeout: patience });
  const rows = first.page.getByRole('grid', { name: 'Einträge des Protokolls' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('Angemeldet (Server)');

  // The live tail: somebody else signs in, and nobody presses anything here.
  await loginHeadless(backend, 'controller');
  await expect(rows.nth(1)).toContainText('controller', { timeout: patience });
  // A view of one's own.
  await first.page.getByTestId('audit-views').click();
  await first.page.getByTestId('view-failedLogins').click();
  await expect(rows.nth(1)).toContainText('abgelehnt', { timeout: patience });
  await first.page.getByTestId('audit-views').click();
  await first.page.getByTestId('view-name').fill('Anmeldeversuche');
  await first.page.getByTestId('view-save').click();
  await expect(first.page.getByRole('button', { name: 'Ansicht Anmeldeversuche entfernen' })).toBeVisible();
  await first.page.keyboard.press('Escape');
  await expect(first.page.getByTestId('view-name')).toBeHidden();
  // From an entry to its document, and from the document's trail back to the log.
  await first.page.getByRole('button', { name: 'Filter zurücksetzen' }).click();
  await expect(first.page.getByRole('button', { name: 'Filter zurücksetzen' })).toBeHidden();
  await first.page.getByTestId('audit-search').fill('submit sales');
  await expect(rows.nth(1)).toContainText('Eingereicht', { timeout: patience });
  await rows.nth(1).click();
  await first.page.getByTestId('audit-open-document').click();
  await first.page.getByRole('tab', { name: /^Verlauf/ }).click();
  await first.page.getByTestId('trail-in-log').click();
  await expect(first.page.getByRole('button', { name: /^Woran:/ })).toBeVisible({ timeout: patience });
  // What is proven now is handed to a colleague.
  const file = join(installation.folder, 'pruefpunkt.txt');
  await answerSaveDialogs(first.app, file);
  await first.page.getByTestId('audit-checkpoints').click();
  await first.page.getByTestId('checkpoint-save').click();
  await expect(first.page.getByText('mitunterschrieben von diesem Rechner')).toBeVisible({ timeout: patience });
  await first.close();

  backend.control.tamperAudit({ kind: 'edit', index: 100 });

  const again = await installation.start();
  const { page } = again;
  const banner = page.getByTestId('audit-alarm-banner');
  await expect(banner).toContainText('nicht mehr, was es war', { timeout: patience });
  await page.getByTestId('audit-alarm-open').click();
  const alarm = page.getByTestId('audit-alarm');
  await expect(alarm).toContainText('Der erste falsche Eintrag ist Nr. 101.', { timeout: patience });
  await expect(alarm.getByRole('button'), 'nothing but the reason ends it: the other button begins an incident').toHaveCount(2);
  await page.getByTestId('audit-acknowledge').click();
  await expect(page.getByTestId('audit-acknowledge-send')).toHaveAttribute('aria-disabled', 'true');
  await page.getByTestId('audit-acknowledge-send').click({ force: true });
  await page.keyboard.press('Escape');
  await expect(alarm).toBeVisible();
  await page.getByTestId('audit-checkpoints').click();
  await page.getByTestId('checkpoint-file').setInputFiles(file);
  await expect(page.getByTestId('checkpoint-verdict')).toContainText('stimmt mit dem überein', { timeout: patience });
  await page.keyboard.press('Escape');
  await page.getByTestId('audit-acknowledge').click();
  await page.getByTestId('audit-reason').fill('Anbieter hat die Datenbank zurückgespielt');
  await page.getByTestId('audit-acknowledge-send').click();
  await expect(alarm).toBeHidden({ timeout: patience });

  await page.getByRole('tab', { name: 'Journal dieses Rechners' }).click();
  const journal = page.getByRole('grid', { name: 'Einträge des Journals' }).getByRole('row');
  await expect(journal.filter({ hasText: 'Alarm begründet' })).toContainText('Anbieter hat die Datenbank zurückgespielt', { timeout: patience });
  await expect(journal.filter({ hasText: 'Alarm: Protokoll verändert' }).first()).toContainText('inconsistent');
  await expect(page.getByTestId('journal-broken')).toHaveCount(0);

  // What was explained still stands: whoever wants to go on seals the log and signs in once more for it.
  await page.getByRole('tab', { name: 'Protokoll des Servers' }).click();
  await expect(page.getByTestId('audit-standing')).toContainText('Anbieter hat die Datenbank zurückgespielt', { timeout: patience });
  await expect(page.getByTestId('audit-verified'), 'nothing is calm meanwhile').toBeHidden();
  await page.getByTestId('audit-new-section').click();
  await page.getByTestId('audit-reason').fill('Mit dem Anbieter geklärt');
  const admin = backend.users.find(({ name }) => name === 'admin');
  if (admin === undefined) throw new Error('no admin');
  const address = again.nextUrl(patience);
  await page.getByTestId('audit-section-send').click();
  await signInWithBrowser(await address, admin);
  await expect(page.getByTestId('audit-verified')).toContainText('Abschnitt 2 seit', { timeout: patience });
  await page.getByTestId('audit-checkpoints').click();
  await expect(page.getByTestId('audit-sections')).toContainText('Mit dem Anbieter geklärt');
});
