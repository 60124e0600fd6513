import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { startBackend } from '../backend/index.ts';
import { buildApp } from './build.ts';
import { startDisplay } from './display.ts';
import { findElectron } from './electron.ts';
import { openDocument, signIn, untilPulled } from './hands.ts';
import { startKeyring } from './keyring.ts';
import { launchApp, prepareElectron, type LaunchedApp } from './launch.ts';
import { out } from './paths.ts';
import { looks, screens, wear, type Look } from './screens.ts';
import { startTourMonitoring, type TourMonitoring } from './tour-monitoring.ts';
import { Failure, runCommand, say } from './say.ts';

/**
 * `npm run tour [-- NAME…]`: every screen in light and dark, German and English, as PNGs in out/tour/; with names only the
 * screens that begin with one of them.
 */
const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.some((start) => name.startsWith(start));

async function picture(page: Page, name: string, { language, theme }: Look): Promise<void> {
  // Longer than any fade, so that no picture shows half of one.
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(out, 'tour', `${name}-${language}-${theme}.png`) });
}

/** Walks the set-up to the question of monitoring, with one address that is in the wrong field. */
async function reachMonitoring(page: Page, backend: { erp: string; issuer: string; clientId: string }, addresses: TourMonitoring['profile']): Promise<void> {
  await page.getByRole('button', { name: /^(Adresse eingeben|Enter an address)/ }).click();
  await page.getByRole('textbox').fill(backend.erp);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^(Weiter|Continue)$/ }).click();
  await page.getByRole('textbox').first().fill(backend.issuer);
  await page.getByRole('textbox').nth(1).fill(backend.clientId);
  await page.keyboard.press('Enter');
  await page.getByTestId('monitoring-prometheus').fill(addresses.prometheusUrl);
  await page.getByTestId('monitoring-alertmanager').fill(addresses.lokiUrl);
  await page.keyboard.press('Enter');
  await page.getByTestId('monitoring-answer-alertmanager').waitFor({ timeout: 20_000 });
}

async function main(): Promise<number> {
  const found = await findElectron({ needs: ['display', 'keyring', 'browser', 'monitoring'] });
  await buildApp();
  const electron = await prepareElectron(found);
  const folder = join(out, 'tour');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const backend = await startBackend({ rateLimits: false });
  const display = await startDisplay({ always: true });
  const keyring = process.platform === 'linux' ? await startKeyring('unlocked') : undefined;
  const monitoring = await startTourMonitoring(backend.erp);
  let app: LaunchedApp | undefined;
  try {
    const common = { electron, display: display.env, ...(keyring === undefined ? {} : { keyring }) };
    say('First start …');
    app = await launchApp(common);
    for (const look of looks) {
      await wear(app.page, look);
      await picture(app.page, 'setup', look);
    }
    if (isWanted('setup-monitoring') && monitoring !== null) {
      await reachMonitoring(app.page, backend, monitoring.profile);
      for (const look of looks) {
        await wear(app.page, look);
        await picture(app.page, 'setup-monitoring', look);
      }
    }
    await app.close();

    const profile = join(folder, 'profile.json');
    await writeFile(profile, JSON.stringify({
      id: 'demo', name: 'Demo', environment: 'demo', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId, demoAccounts: backend.users, ...monitoring?.profile,
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
    const { number } = backend.control.db.prepare("SELECT number FROM documents WHERE type = 'sales_order' ORDER BY updated_at DESC LIMIT 1").get() as { number: string };
    for (const look of looks) {
      say(`${look.language}, ${look.theme} …`);
      await wear(app.page, look);
      for (const screen of screens.filter(({ name, needs }) => isWanted(name) && (needs === undefined || monitoring !== null))) {
        await screen.show(app.page, { order: number });
        await picture(app.page, screen.name, look);
      }
      await app.page.keyboard.press('Escape');
    }
    if (!isWanted('offline')) return 0;
    say('Offline …');
    await backend.close();
    for (const look of looks) {
      await wear(app.page, look);
      await app.page.getByTestId('offline').waitFor({ timeout: 60_000 });
      await openDocument(app.page, number);
      await picture(app.page, 'offline', look);
    }
    say('The pictures are in out/tour/.');
    return 0;
  } finally {
    await app?.close();
    await backend.close();
    await monitoring?.end();
    await keyring?.close();
    await display.close();
  }
}

await runCommand(main);
