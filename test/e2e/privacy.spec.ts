import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyEd25519 } from '../../main/ed25519.ts';
import { openCertificate } from '../../shared/security/gdpr/certificate.ts';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { goTo, untilPulled } from '../runtime/hands.ts';
import { signInWithBrowser } from '../runtime/browser.ts';
import { expect, signInAs, test } from './fixtures.ts';

const patience = 20_000;

test('a request to be erased, from its entry to a certificate that verifies', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  // An hour ago, by what the server is told.
  backend.control.setGaps({ signedInAgo: 3600 });
  await signInAs(app, backend, 'admin');
  backend.control.setGaps({});
  await untilPulled(app);
  const { partner, name } = backend.control.db.prepare(`SELECT p.id AS partner, p.name AS name FROM documents d JOIN partners p ON p.id = json_extract(d.body, '$.customerId') WHERE d.deleted = 0 LIMIT 1`).get() as { partner: string; name: string };
  await goTo(page, 'Sicherheit', 'Security');
  await page.getByRole('tab', { name: 'Datenschutz' }).click();
  await page.getByTestId('gdpr-new').click();
  await page.getByTestId('gdpr-kind').click();
  await page.getByRole('option', { name: /^Löschung/ }).click();
  await page.getByTestId('gdpr-reference').fill(partner);
  await page.keyboard.press('Escape');
  await page.getByTestId('gdpr-name').fill('Petra Muster');
  await page.getByTestId('gdpr-save').click();
  await expect(page.getByTestId('gdpr-request')).toContainText('Löschung: Petra Muster', { timeout: patience });
  // Nobody knows yet who asks: nothing is handed out or erased.
  await expect(page.getByTestId('gdpr-export')).toBeDisabled();
  await expect(page.getByTestId('gdpr-erase')).toBeDisabled();
  await page.getByTestId('gdpr-identify').click();
  await page.getByTestId('gdpr-step-text').fill('Rückruf unter bekannter Nummer');
  await page.getByTestId('gdpr-step-save').click();
  await page.getByTestId('gdpr-find').click();
  await expect(page.getByTestId('gdpr-found').first()).toContainText('Handelsbriefe', { timeout: patience });

  const dataPackage = join(installation.folder, 'package.json');
  await answerSaveDialogs(app.app, dataPackage);
  await page.getByTestId('gdpr-export').click();
  await expect(page.getByTestId('gdpr-request')).toContainText('herausgegeben', { timeout: patience });
  expect(await readFile(dataPackage, 'utf8')).toContain(partner);

  await page.getByTestId('gdpr-erase').click();
  await page.getByTestId('gdpr-erase-typed').fill('K1');
  await expect(page.getByTestId('gdpr-erase-confirm')).toBeDisabled();
  await page.getByTestId('gdpr-erase-typed').fill(partner);
  // What cannot be undone wants a sign-in of this moment; the erasure goes on by itself after it.
  const address = app.nextUrl(patience);
  await page.getByTestId('gdpr-erase-confirm').click();
  const admin = backend.users.find((user) => user.name === 'admin');
  if (admin === undefined) throw new Error('no account admin');
  await signInWithBrowser(await address, admin);
  await expect(page.getByTestId('gdpr-erased')).toContainText('nicht mehr', { timeout: patience });
  expect(backend.control.db.prepare('SELECT name FROM partners WHERE id = ?').pluck().get(partner)).not.toBe(name);

  const file = join(installation.folder, 'certificate.txt');
  await answerSaveDialogs(app.app, file);
  await page.getByTestId('gdpr-certificate').click();
  await expect(page.getByTestId('gdpr-request')).toContainText(file, { timeout: patience });
  expect(openCertificate(await readFile(file, 'utf8'), verifyEd25519)?.certificate).toMatchObject({ reference: partner });
  const assessment = join(installation.folder, 'assessment.pdf');
  await answerSaveDialogs(app.app, assessment);
  await page.getByTestId('gdpr-dpia').click();
  await page.getByTestId('gdpr-dpia-save').click();
  await expect(page.getByTestId('gdpr-dpia-dialog')).toContainText(assessment, { timeout: patience });
  expect((await readFile(assessment)).subarray(0, 5).toString('latin1')).toBe('%PDF-');
  await page.keyboard.press('Escape');
  await page.getByTestId('gdpr-answer').click();
  await page.getByTestId('gdpr-step-save').click();
  await expect(page.getByTestId('gdpr-request')).toContainText('beantwortet', { timeout: patience });
});
