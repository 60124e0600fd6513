import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signingKeys } from '../backend/idp/keys.ts';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { goTo } from '../runtime/hands.ts';
import { call, expect, signInAs, test } from './fixtures.ts';

const patience = 20_000;

test('a backup is made, drilled and proven, a damaged one fails loudly; a signing key is rotated and the session goes on', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await goTo(page, 'Sicherheit', 'Security');

  await page.getByRole('tab', { name: 'Sicherungen' }).click();
  await expect(page.getByTestId('backups-state')).toContainText('Noch nie geübt', { timeout: patience });
  await page.getByTestId('backups-create').click();
  const rows = page.getByRole('grid', { name: 'Sicherungen' }).locator('[role="row"][aria-rowindex]:not([aria-rowindex="1"])');
  await expect(rows).toHaveCount(2, { timeout: patience });
  await expect(rows.first()).toContainText('vom Server behauptet');
  await rows.first().click();
  await page.getByTestId('backup-drill').click();
  const proof = page.getByTestId('backup-proof');
  await expect(proof).toContainText('Signatur gültig', { timeout: patience });
  await expect(proof).toContainText('Bestanden');
  await expect(rows.first()).toContainText('bewiesen');
  await expect(page.getByTestId('backups-state')).toContainText('nächste Übung fällig');

  const file = join(installation.folder, 'proof.txt');
  await answerSaveDialogs(app.app, file);
  await page.getByTestId('backup-export').click();
  await expect(proof).toContainText(file, { timeout: patience });
  await page.getByTestId('proof-file').setInputFiles(file);
  await expect(page.getByTestId('backups-imported')).toContainText('echt', { timeout: patience });
  const forged = join(installation.folder, 'forged.txt');
  await writeFile(forged, (await readFile(file, 'utf8')).replace(/,(\d+),0,/, ',999999,0,'));
  await page.getByTestId('proof-file').setInputFiles(forged);
  await expect(page.getByRole('dialog')).toContainText('Die Unterschrift passt nicht zum Inhalt', { timeout: patience });
  await page.keyboard.press('Escape');

  const { backups } = backend.control.security();
  const [newest] = backups.list();
  backups.damage(newest?.id ?? '');
  await page.getByTestId('backup-drill').click();
  await expect(page.getByTestId('backups-failed')).toContainText('nicht bestanden', { timeout: patience });
  await expect(proof.first()).toContainText('Die Prüfsumme der Datei stimmt nicht.');
  await expect(rows.first()).toContainText('nicht bestanden');

  await page.getByRole('tab', { name: 'Geheimnisse' }).click();
  await page.getByRole('row').filter({ hasText: 'jwt-signing-key' }).click();
  const [before] = signingKeys(backend.control.db).map(({ kid }) => kid);
  await page.getByTestId('secret-begin').click();
  await page.getByTestId('secret-reason').fill('Monatswechsel');
  await page.getByTestId('secret-rotate').click();
  await expect(page.getByTestId('secrets-done')).toContainText('läuft weiter', { timeout: patience });
  expect(signingKeys(backend.control.db)).toHaveLength(2);
  await page.getByTestId('secret-confirm').click();
  await page.getByTestId('secret-rotate').click();
  await expect(page.getByTestId('secrets-done')).toContainText('Nur noch das neue gilt', { timeout: patience });
  await expect(page.getByTestId('secrets-done')).toContainText('läuft weiter');
  expect(signingKeys(backend.control.db).map(({ kid }) => kid)).not.toContain(before);
  expect(await call(app, 'secrets.read')).toMatchObject({ ok: true });
  // Names and dates are all that ever reaches the window.
  const shown = `${await page.content()} ${JSON.stringify(await call(app, 'secrets.state'))}`;
  const password = await readFile(join(backend.control.db.name, '..', 'secrets', 'database-password'), 'utf8');
  for (const value of [password, ...signingKeys(backend.control.db).map(({ d }) => d ?? '-')]) expect(shown).not.toContain(value);
});
