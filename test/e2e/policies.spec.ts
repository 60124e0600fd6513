import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { goTo, signOut } from '../runtime/hands.ts';
import { signInWithBrowser } from '../runtime/browser.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import { expect, signInAs, test, type Backend } from './fixtures.ts';

const patience = 20_000;
const open = (page: Page): Promise<void> => goTo(page, 'Richtlinien', 'Policies');
const pick = (page: Page, id: string): Promise<void> => page.getByRole('row').filter({ hasText: id }).first().click();

/** Raises an alert at the server, where its active rules decide. */
const raise = (backend: Backend) => backend.control.raiseAlert({ id: 'e2e', kpiId: 'stock.wheat', title: 'Weizenbestand', message: '', severity: 'warn', delta: -20 }, ['operator'], Date.parse('2026-11-18T09:00:00Z'));

/** Makes the wheat rule order 400 tonnes by itself. */
async function dangerousEdit(page: Page): Promise<void> {
  await pick(page, 'bestand-weizen');
  const form = page.getByTestId('rule-form');
  await form.getByText('Von selbst ausführen').click();
  await form.getByText('Braucht eine Freigabe').click();
  await form.getByRole('group', { name: 'tonnes' }).getByRole('textbox').first().fill('400');
}

async function send(page: Page, button: 'policy-propose' | 'policy-apply', reason: string): Promise<void> {
  await page.keyboard.press('Control+s');
  await page.getByTestId('policy-reason').fill(reason);
  await page.getByRole('dialog').getByText('Ich habe die neue Automatik gelesen').click();
  await page.getByTestId(button).click();
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: patience });
}

test('an admin sees what an edit would have ordered last spring, and does not save it', async ({ serve, install }) => {
  const backend = await serve();
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await open(page);
  await page.getByRole('tab', { name: /^Rückblick/ }).click();
  await page.getByTestId('pull-alerts').click();
  await expect(page.getByTestId('policy-replay')).toContainText('2.000 Meldungen', { timeout: patience });
  await expect(page.getByTestId('policy-replay')).toContainText('hätte sich nichts geändert', { timeout: patience });
  await dangerousEdit(page);
  await expect(page.getByTestId('policy-replay').locator('li[data-kind="executes"]')).toContainText('stock.wheat', { timeout: patience });
  await page.getByTestId('policy-replay').locator('li[data-kind="executes"]').getByRole('button').click();
  await expect(page.getByTestId('policy-replay').getByRole('table')).toContainText('Weizenbestand', { timeout: patience });
  await page.getByRole('tab', { name: /^Prüfung/ }).click();
  await expect(page.getByTestId('policy-verdict')).toContainText('Neue Automatik');
  await expect(page.getByTestId('policy-lint').locator('[data-lint="editJump"]')).toContainText('400');
  await page.getByTestId('policy-discard').click();
  await expect(page.getByTestId('policy-change-bar')).toBeHidden();
  expect(raise(backend).execute).toBe(false);
});

test('a manager proposes, an admin approves after a fresh sign-in, the rule acts, and is rolled back', async ({ serve, install }) => {
  const backend = await serve();
  const app: LaunchedApp = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'manager');
  await open(page);
  await dangerousEdit(page);
  await send(page, 'policy-propose', 'Ernte 2026');
  expect(raise(backend).execute).toBe(false);
  await signOut(app);

  // An hour ago, by what the server is told.
  backend.control.setGaps({ signedInAgo: 3600 });
  await signInAs(app, backend, 'admin');
  backend.control.setGaps({});
  await open(page);
  await page.getByTestId('open-proposals').click();
  await expect(page.getByTestId('policy-proposals')).toContainText('Ernte 2026', { timeout: patience });
  await expect(page.getByTestId('policy-proposals').getByTestId('policy-verdict')).toContainText('Neue Automatik');
  const address = app.nextUrl(patience);
  await page.getByTestId('approve-proposal').click();
  const admin = backend.users.find(({ name }) => name === 'admin');
  if (admin === undefined) throw new Error('no admin');
  await signInWithBrowser(await address, admin);
  await expect(page.getByTestId('policy-proposals').locator('[data-state="approved"]')).toBeVisible({ timeout: patience });
  expect(raise(backend)).toMatchObject({ execute: true, resolvedParams: { tonnes: 400 } });

  await page.keyboard.press('Escape');
  await pick(page, 'bestand-weizen');
  await page.getByRole('button', { name: 'Frühere Fassungen' }).click();
  await page.getByRole('button', { name: 'In den Entwurf zurückholen' }).last().click();
  await expect(page.getByTestId('policy-change-bar')).toBeVisible();
  await page.getByRole('tab', { name: /^Prüfung/ }).click();
  await expect(page.getByTestId('policy-verdict')).toContainText('Keine neue Automatik', { timeout: patience });
  await page.keyboard.press('Control+s');
  await page.getByTestId('policy-reason').fill('Zurück zum alten Stand');
  await page.getByTestId('policy-apply').click();
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: patience });
  expect(raise(backend).execute).toBe(false);
});

test('what is being edited survives the lock and a restart, and undo reaches across the whole set', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await open(page);
  await dangerousEdit(page);
  await page.keyboard.press('Control+n');
  await expect(page.getByTestId('rule-id')).toHaveValue('neue-regel');
  await expect(page.getByTestId('policy-change-bar')).toContainText('2 Änderungen');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('policy-change-bar')).toContainText('1 Änderung');
  await expect(page.getByTestId('policy-change-bar')).toContainText('Entwurf gespeichert', { timeout: patience });
  await app.close();
  const again = await installation.start();
  await again.page.getByRole('navigation').first().waitFor({ timeout: patience });
  await open(again.page);
  await expect(again.page.getByTestId('policy-change-bar')).toContainText('1 Änderung', { timeout: patience });
  await pick(again.page, 'bestand-weizen');
  await expect(again.page.getByTestId('rule-form').getByRole('group', { name: 'tonnes' }).getByRole('textbox').first()).toHaveValue('400');
});

test('on the shipped server a change is applied with a safety file, and an empty backup is refused', async ({ serve, install }) => {
  const backend = await serve({ api: 'shipped' });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await open(page);
  await pick(page, 'bestand-raps');
  await page.getByRole('tab', { name: 'JSON' }).click();
  await expect(page.getByTestId('rule-json').locator('.cm-content')).toContainText('"bestand-raps"', { timeout: patience });
  await page.getByRole('tab', { name: 'Formular' }).click();
  await page.getByTestId('rule-form').getByText('Als Vorschlag anzeigen').click();
  await expect(page.getByTestId('policy-change-bar')).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByTestId('policy-propose')).toHaveAttribute('aria-disabled', 'true');
  await page.getByTestId('policy-reason').fill('kein Vorschlag');
  await page.getByTestId('policy-apply').click();
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: patience });
  await expect(page.getByTestId('policy-change-bar')).toBeHidden();
  await page.getByRole('button', { name: 'Sicherungen' }).click();
  await page.getByTestId('policy-file').setInputFiles({ name: 'leer.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await expect(page.getByTestId('policy-file-problems')).toContainText('Sicherung ist leer');
  await page.getByTestId('policy-file').setInputFiles({ name: 'eine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ rules: [{ id: 'nur-eine', when: { kpiId: 'stock.rape', severity: ['warn'] }, action: 'sales.notify' }] })) });
  await expect(page.getByRole('dialog')).toContainText('Regeln würden sich ändern', { timeout: patience });
  await page.getByTestId('restore-word').fill('ERSETZEN');
  await expect(page.getByTestId('policy-restore')).toHaveAttribute('aria-disabled', 'true');
  const strange = { origin: { server: new URL(backend.erp).host, tenant: 'süd' }, rules: [{ id: 'nur-eine', when: { kpiId: 'stock.rape', severity: ['warn'] }, action: 'sales.notify' }] };
  await page.getByTestId('policy-file').setInputFiles({ name: 'mandant.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(strange)) });
  await expect(page.getByTestId('policy-foreign')).toContainText('anderen Mandanten (süd)', { timeout: patience });
  await page.getByTestId('restore-word').fill('ERSETZEN');
  await expect(page.getByTestId('policy-restore')).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByTestId('policy-import')).toBeEnabled();
});

test('on the shipped server a manager hands a change over as a file, and an admin elsewhere applies it', async ({ serve, install }) => {
  const backend = await serve({ api: 'shipped' });
  const writing = await install(backend);
  const mine = await writing.start();
  await signInAs(mine, backend, 'manager');
  await open(mine.page);
  await dangerousEdit(mine.page);
  await mine.page.keyboard.press('Control+s');
  await mine.page.getByTestId('policy-reason').fill('Ernte 2026');
  await mine.page.getByRole('dialog').getByText('Ich habe die neue Automatik gelesen').click();
  const path = join(writing.folder, 'aenderung.txt');
  await answerSaveDialogs(mine.app, path);
  await mine.page.getByTestId('policy-save-change').click();
  await expect(mine.page.getByTestId('change-saved')).toContainText('aenderung.txt', { timeout: patience });
  await mine.page.keyboard.press('Escape');
  await mine.page.getByTestId('open-proposals').click();
  await mine.page.getByTestId('change-file').setInputFiles(path);
  await expect(mine.page.getByTestId('change-file-read')).toContainText('zweite Person', { timeout: patience });
  await expect(mine.page.getByTestId('apply-change-file')).toHaveAttribute('aria-disabled', 'true');
  await mine.close();
  expect(raise(backend).execute).toBe(false);

  const { page } = await (async () => {
    const app = await (await install(backend)).start();
    await signInAs(app, backend, 'admin');
    return app;
  })();
  await open(page);
  await page.getByTestId('open-proposals').click();
  const text = await readFile(path, 'utf8');
  const handOver = (name: string, content: string): Promise<void> => page.getByTestId('change-file').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
  // The quantity itself: a key or a fingerprint before it may hold the same digits.
  const falsified = text.replace(/(?<="changes"[\s\S]*: )400(?=\W)/, '900');
  expect(falsified).not.toBe(text);
  await handOver('verfaelscht.txt', falsified);
  await expect(page.getByTestId('change-file-error')).toContainText('nach dem Speichern verändert', { timeout: patience });
  await handOver('aenderung.txt', text);
  const read = page.getByTestId('change-file-read');
  await expect(read).toContainText('Ernte 2026', { timeout: patience });
  await expect(read.getByTestId('policy-verdict')).toContainText('Neue Automatik');
  await expect(page.getByTestId('apply-change-file')).toHaveAttribute('aria-disabled', 'true');
  await read.getByText('Ich habe den Schlüssel mit manager verglichen').click();
  await read.getByText('Ich habe die neue Automatik gelesen').click();
  await page.getByTestId('apply-change-file').click();
  await expect(page.getByTestId('change-file-applied')).toBeVisible({ timeout: patience });
  expect(raise(backend)).toMatchObject({ execute: true, resolvedParams: { tonnes: 400 } });
});
