import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { startBackend } from '../backend/index.ts';
import { buildApp } from './build.ts';
import { startDisplay } from './display.ts';
import { findElectron } from './electron.ts';
import { goTo, openDocument, openDocuments, signIn, untilPulled } from './hands.ts';
import { startKeyring } from './keyring.ts';
import { launchApp, prepareElectron, type LaunchedApp } from './launch.ts';
import { out } from './paths.ts';
import { Failure, runCommand, say } from './say.ts';

/** `npm run tour`: every screen in light and dark, German and English, as PNGs in out/tour/. */

type Stop = { name: string; go(app: LaunchedApp): Promise<void> };

type Look = { language: 'de' | 'en'; theme: 'light' | 'dark' };
const looks: readonly Look[] = [{ language: 'de', theme: 'light' }, { language: 'de', theme: 'dark' }, { language: 'en', theme: 'light' }, { language: 'en', theme: 'dark' }];

/** An order that waits for approval with a price below cost, so that the pictures show a guard at work. */
const shown = { text: '' };

const stops: readonly Stop[] = [
  { name: 'overview', go: ({ page }) => goTo(page, 'Übersicht', 'Overview') },
  { name: 'documents', async go({ page }) {
    await openDocuments(page);
    await page.getByTestId('documents-search').fill('');
    await page.getByRole('row').nth(8).waitFor();
  } },
  { name: 'document', go: ({ page }) => openDocument(page, shown.text) },
  { name: 'document-trail', async go({ page }) {
    await page.getByRole('tab', { name: /^(Verlauf|Trail)/ }).click();
    await page.getByRole('tabpanel').locator('li[data-action]').first().waitFor();
  } },
  { name: 'document-raw', go: ({ page }) => page.getByRole('tab', { name: /^(Rohdaten|Raw data)/ }).click() },
  { name: 'document-new', async go({ page }) {
    await page.getByTestId('documents-search').fill('');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+n');
    await page.getByTestId('new-sales_offer').click();
    await page.locator('[data-line]').first().waitFor();
  } },
  { name: 'approvals', async go({ page }) {
    await goTo(page, 'Freigaben', 'Approvals');
    await page.getByRole('row').nth(3).click();
    await page.getByTestId('approval').waitFor();
  } },
  { name: 'settings', go: ({ page }) => goTo(page, 'Einstellungen', 'Settings') },
  { name: 'palette', async go({ page }) {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').first().waitFor();
  } },
  { name: 'shortcuts', async go({ page }) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.getByRole('dialog').first().waitFor();
  } },
  { name: 'account', async go({ page }) {
    await page.keyboard.press('Escape');
    await page.getByTestId('account').click();
  } },
  { name: 'connection', async go({ page }) {
    await page.keyboard.press('Escape');
    await page.getByTestId('connection').click();
  } },
];

async function wear(page: Page, look: Look): Promise<void> {
  await page.evaluate(async (settings) => {
    const { valeo } = globalThis as unknown as { valeo: { call(name: string, input: unknown): Promise<unknown> } };
    await valeo.call('settings.write', settings);
  }, look);
  await page.locator(`html[lang="${look.language}"]`).waitFor();
}

async function picture(page: Page, name: string, { language, theme }: Look): Promise<void> {
  // Longer than any fade, so that no picture shows half of one.
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(out, 'tour', `${name}-${language}-${theme}.png`) });
}

async function main(): Promise<number> {
  const found = await findElectron({ needs: ['display', 'keyring', 'browser'] });
  await buildApp();
  const electron = await prepareElectron(found);
  const folder = join(out, 'tour');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const backend = await startBackend({ rateLimits: false });
  const display = await startDisplay({ always: true });
  const keyring = process.platform === 'linux' ? await startKeyring('unlocked') : undefined;
  let app: LaunchedApp | undefined;
  try {
    const common = { electron, display: display.env, ...(keyring === undefined ? {} : { keyring }) };
    say('First start …');
    app = await launchApp(common);
    for (const look of looks) {
      await wear(app.page, look);
      await picture(app.page, 'setup', look);
    }
    await app.close();

    const profile = join(folder, 'profile.json');
    await writeFile(profile, JSON.stringify({
      id: 'demo', name: 'Demo', environment: 'demo', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId, demoAccounts: backend.users,
    }));
    app = await launchApp({ ...common, profile });
    for (const look of looks) {
      await wear(app.page, look);
      await picture(app.page, 'sign-in', look);
    }
    const admin = backend.users.find(({ name }) => name === 'admin');
    if (admin === undefined) throw new Failure('The backend has no account named admin.');
    await signIn(app, admin, { form: join(folder, 'login-form.png') });
    await untilPulled(app);
    const row = backend.control.db.prepare("SELECT number FROM documents WHERE type = 'sales_order' ORDER BY updated_at DESC LIMIT 1").get() as { number: string };
    shown.text = row.number;
    for (const look of looks) {
      say(`${look.language}, ${look.theme} …`);
      await wear(app.page, look);
      for (const stop of stops) {
        await stop.go(app);
        await picture(app.page, stop.name, look);
      }
      await app.page.keyboard.press('Escape');
    }
    say('Offline …');
    await backend.close();
    for (const look of looks) {
      await wear(app.page, look);
      await app.page.getByTestId('offline').waitFor({ timeout: 60_000 });
      await openDocument(app.page, shown.text);
      await picture(app.page, 'offline', look);
    }
    say('The pictures are in out/tour/.');
    return 0;
  } finally {
    await app?.close();
    await backend.close();
    await keyring?.close();
    await display.close();
  }
}

await runCommand(main);
