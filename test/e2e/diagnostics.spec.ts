import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { goTo } from '../runtime/hands.ts';
import { expect, signInAs, test } from './fixtures.ts';

test('the diagnosis runs when its screen opens, names the cause when the server is down, and its bundle is saved as it was shown', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  const steps = page.getByTestId('diagnosis');
  const step = (id: string) => steps.locator(`[data-step="${id}"]`);

  // Whoever cannot get in needs it most.
  await page.getByTestId('diagnose-open').click();
  await expect(page.getByTestId('diagnosis-summary')).toBeVisible({ timeout: 30_000 });
  await expect(step('erp')).toHaveAttribute('data-status', 'ok');
  await expect(step('database')).toHaveAttribute('data-cause', 'cacheClosed');
  await page.keyboard.press('Escape');
  await signInAs(app, backend, 'admin');
  await goTo(page, 'Diagnose', 'Diagnostics');
  await expect(page.getByTestId('diagnosis-summary')).toBeVisible({ timeout: 30_000 });
  for (const id of ['network', 'proxy', 'erp', 'identityProvider', 'clock', 'keychain']) await expect(step(id), id).toHaveAttribute('data-status', 'ok');
  await expect(step('tls')).toHaveAttribute('data-cause', 'loopbackOnly');

  await page.getByTestId('bundle-open').click();
  const shown = await page.getByTestId('bundle-text').textContent();
  expect(shown).toContain('[diagnosis]');
  expect(shown).toContain('[log]');
  expect(shown).not.toMatch(/eyJ[\w-]{8,}|admin-demo|@/);
  const file = join(installation.folder, 'bundle.txt');
  await answerSaveDialogs(app.app, file);
  await page.getByTestId('bundle-save').click();
  await expect(page.getByRole('dialog')).toContainText('bundle.txt');
  expect(await readFile(file, 'utf8')).toBe(shown);
  await page.keyboard.press('Escape');

  await backend.close();
  await page.getByTestId('diagnose').click();
  await expect(step('network')).toHaveAttribute('data-cause', 'serverRefuses', { timeout: 30_000 });
  await expect(step('identityProvider')).toHaveAttribute('data-cause', 'providerDown');
  await expect(page.getByTestId('diagnosis-summary')).toBeVisible({ timeout: 30_000 });
  await expect(step('disk')).not.toHaveAttribute('data-status', 'failed');
});
