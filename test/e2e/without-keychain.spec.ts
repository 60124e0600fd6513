import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { openDocuments, untilPulled } from '../runtime/hands.ts';
import { startKeyring } from '../runtime/keyring.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import { expect, signInAs, test } from './fixtures.ts';

// Without a keychain everything that was not sent hangs on this run of the app: nothing but the person's word ends it.

const question = (page: Page) => page.getByTestId('leaving');

/** Closes the window as its button does. */
const closeWindow = ({ app }: LaunchedApp): Promise<void> => app.evaluate(({ BrowserWindow }) => { for (const window of BrowserWindow.getAllWindows()) window.close(); });

/** Answers the system's dialog for opening a file, which no test can click. */
const choose = ({ app }: LaunchedApp, file: string): Promise<void> => app.evaluate(({ dialog }, path) => { dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] }); }, file);

test('a draft outlives a change of the connection, and quitting and signing out ask before it is lost', async ({ serve, install }) => {
  const keyring = await startKeyring('none');
  try {
    const backend = await serve({ documents: 60 });
    const installation = await install(backend);
    const app = await installation.start({ keyring });
    const { page } = app;
    await signInAs(app, backend, 'sales');
    await untilPulled(app);
    await expect(page.getByTestId('session-only')).toContainText('Was Sie nicht senden');
    await openDocuments(page);
    await page.keyboard.press('Control+n');
    await page.getByTestId('new-sales_offer').click();
    await expect(page.getByTestId('field-number')).not.toHaveValue('');
    await page.getByTestId('field-notes').fill('Nur vormittags');
    await expect(page.locator('[data-testid="save-state"][data-state="saved"]')).toBeVisible();

    // The last keys count too, and staying leaves everything as it was.
    await page.getByTestId('field-notes').fill('Nur vormittags, Tor 4');
    await closeWindow(app);
    await expect(question(page)).toContainText('1 Entwurf');
    await page.getByTestId('leaving-stay').click();
    await expect(question(page)).toBeHidden();
    await expect(page.getByTestId('field-notes')).toHaveValue('Nur vormittags, Tor 4');

    const file = join(installation.folder, 'kept.json');
    await answerSaveDialogs(app.app, file);
    await page.getByTestId('account').click();
    await page.getByRole('button', { name: 'Abmelden' }).click();
    await expect(question(page)).toContainText('1 Entwurf');
    await page.getByTestId('leaving-export').click();
    await expect(question(page)).toContainText('kept.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ drafts: [{ content: { fields: { notes: 'Nur vormittags, Tor 4' } } }] });
    await page.getByTestId('leaving-stay').click();

    await page.keyboard.press('Escape');
    const other = join(installation.folder, 'other.json');
    await writeFile(other, JSON.stringify({ id: 'other', name: 'Zweigstelle', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId }));
    await choose(app, other);
    await page.getByTestId('field-notes').fill('Nur vormittags, Tor 5');
    await page.keyboard.press('Alt+9');
    await page.getByRole('button', { name: 'Profildatei öffnen …' }).click();
    // Another connection, another sign-in: nothing of the first is on screen, and closing still asks for its sake.
    await expect(page.getByRole('button', { name: 'Im Browser anmelden' })).toBeVisible();
    await closeWindow(app);
    await expect(question(page)).toContainText('Unter anderen Anmeldungen');
    await expect(question(page)).toContainText('1 Entwurf');
    await page.getByTestId('leaving-stay').click();
    await choose(app, installation.profile);
    await page.getByRole('button', { name: 'Profildatei öffnen …' }).click();
    await page.getByRole('navigation').first().waitFor();
    await openDocuments(page);
    await page.getByTestId('drafts-menu').click();
    await page.getByTestId('draft').click();
    await expect(page.getByTestId('field-notes')).toHaveValue('Nur vormittags, Tor 5');

    const closed = app.app.waitForEvent('close');
    await closeWindow(app);
    await page.getByTestId('leaving-go').click();
    await closed;
  } finally {
    await keyring.close();
  }
});

test('a window that hangs does not keep the app open', async ({ serve, install }) => {
  const keyring = await startKeyring('none');
  try {
    const backend = await serve({ documents: 20 });
    const app = await (await install(backend)).start({ keyring });
    await signInAs(app, backend, 'sales');
    const closed = app.app.waitForEvent('close');
    await app.app.evaluate(({ BrowserWindow }) => { for (const { webContents } of BrowserWindow.getAllWindows()) void webContents.executeJavaScript('for (;;);').catch(() => undefined); });
    await closeWindow(app);
    await closed;
  } finally {
    await keyring.close();
  }
});
