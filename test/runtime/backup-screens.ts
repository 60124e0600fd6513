import type { Screen } from './screens.ts';
import { openArea, valeo } from './security-screens.ts';

/** The screens of backups and secrets, each reachable from the one before. */
export const backupScreens: readonly Screen[] = [
  { name: 'security-backups', async show(page) {
    await page.keyboard.press('Escape');
    await openArea(page, 'Sicherungen', 'Backups');
    const known = await valeo<{ proofs: unknown[] }>(page, 'backups.state');
    if (known.proofs.length === 0) {
      await page.getByTestId('backups-create').click();
      await page.getByRole('row').nth(1).click();
      await page.getByTestId('backup-drill').click();
    } else await page.getByRole('row').nth(1).click();
    await page.getByTestId('backup-proof').first().waitFor();
  } },
  { name: 'security-secrets', async show(page) {
    await openArea(page, 'Geheimnisse', 'Secrets');
    await page.getByRole('row').filter({ hasText: 'oidc-cookie-key' }).click();
    await page.getByTestId('secret-begin').waitFor();
  } },
  { name: 'security-secrets-rotate', async show(page) {
    await page.getByTestId('secret-begin').click();
    await page.getByTestId('secret-dialog').waitFor();
  } },
  { name: 'security-secrets-new', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('secrets-add').click();
    await page.getByTestId('secret-name').waitFor();
  } },
];
