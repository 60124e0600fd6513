import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractText } from 'unpdf';
import { verifyEd25519 } from '../../main/ed25519.ts';
import { openStatement } from '../../shared/security/review/statement.ts';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { goTo, untilPulled } from '../runtime/hands.ts';
import { expect, signInAs, test } from './fixtures.ts';

const patience = 20_000;

test('an admin reviews a period from the sign-in to a signed report and a file that verifies without the app', async ({ serve, install }) => {
  const backend = await serve({ audit: 400 });
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  await goTo(page, 'Audit', 'Audit');
  await page.getByTestId('audit-visit').click();
  await expect(page.getByTestId('audit-visit')).toBeEnabled({ timeout: patience });
  const extract = join(installation.folder, 'extract.pdf');
  await answerSaveDialogs(app.app, extract);
  await page.getByTestId('audit-export').click();
  await page.getByTestId('audit-export-format').click();
  await page.getByRole('option', { name: 'PDF-Bericht' }).click();
  await page.getByTestId('audit-export-start').click();
  await expect(page.getByTestId('written')).toContainText('extract.pdf', { timeout: patience });
  expect((await extractText(new Uint8Array(await readFile(extract)), { mergePages: true })).text).toContain('Auszug aus dem Protokoll');
  await page.keyboard.press('Escape');
  await goTo(page, 'Sicherheit', 'Security');
  await page.getByRole('tab', { name: 'Prüfbericht' }).click();
  await page.getByTestId('review-new').click();
  await page.getByTestId('review-start').click();
  const pane = page.getByTestId('review-finding');
  await expect(pane).toBeVisible({ timeout: patience });
  await page.screenshot({ path: join(installation.folder, 'review.png') });
  const finish = page.getByTestId('review-finish');
  await expect(finish).toHaveAttribute('aria-disabled', 'true');

  // Raising wants a note; the first R only asks for it.
  await page.getByRole('grid', { name: 'Feststellungen' }).focus();
  await page.keyboard.press('r');
  await expect(page.getByTestId('review-note')).toBeFocused();
  await page.keyboard.type('Mit der Abteilung klären');
  await page.getByTestId('review-raise').click();
  const summary = page.getByText(/^\d+ von \d+ bewertet|\d+ von \d+ bewertet/).first();
  await expect(summary).toContainText(/(^|\s)1 von \d+ bewertet/, { timeout: patience });
  const total = Number(/1 von (\d+) bewertet/.exec(await summary.innerText())?.[1]);
  for (let decided = 1; decided < total; decided++) {
    await page.keyboard.press('a');
    await expect(summary).toContainText(`${decided + 1} von ${total} bewertet`, { timeout: patience });
  }

  const file = join(installation.folder, 'report.pdf');
  await answerSaveDialogs(app.app, file);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('review-finished')).toBeVisible({ timeout: patience });
  const pdf = await readFile(file);
  const { text, totalPages } = await extractText(new Uint8Array(pdf), { mergePages: true });
  for (const words of ['Prüfbericht Sicherheit', '1 beanstandet', 'Mit der Abteilung klären', `Seite ${totalPages} von ${totalPages}`]) expect(text).toContain(words);
  const sha256 = createHash('sha256').update(pdf).digest('hex');
  await expect(page.getByTestId('review-finished')).toContainText(sha256);

  const evidence = join(installation.folder, 'evidence.txt');
  await answerSaveDialogs(app.app, evidence);
  await page.getByTestId('review-bundle').click();
  await expect(page.getByText(evidence)).toBeVisible({ timeout: patience });
  const bundle = await readFile(evidence, 'utf8');
  expect(bundle).toContain(sha256);
  const run = promisify(execFile);
  await run(process.execPath, ['resources/verify-evidence.mjs', evidence]);
  await writeFile(evidence, bundle.replace('Mit der Abteilung klären', 'Alles in Ordnung'));
  await expect(run(process.execPath, ['resources/verify-evidence.mjs', evidence])).rejects.toThrow();
  const statement = bundle.slice(bundle.indexOf('valeo-review/1'), bundle.indexOf('-----BEGIN EVIDENCE-----'));
  expect(openStatement(statement, verifyEd25519)?.statement).toMatchObject({ raised: 1, sha256 });
});
