import { withBrowser } from '../runtime/browser.ts';
import { untilPulled } from '../runtime/hands.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import { expect, signInAs, test } from './fixtures.ts';

async function openAccess({ page }: LaunchedApp, tab: string): Promise<void> {
  await page.getByTestId('account').click();
  await page.getByTestId('open-access').click();
  await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
}

test('sales reads why approving is not allowed, and who may', async ({ serve, install }) => {
  const backend = await serve();
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await openAccess(app, 'Anmeldung');
  await expect(page.getByText('Kennwort', { exact: true })).toBeVisible();
  await expect(page.getByText('Dem Token fehlt nichts')).toBeVisible();

  await page.getByRole('tab', { name: 'Was ich darf' }).click();
  const approve = page.locator('[data-action="sales.approve"]');
  await expect(approve).toHaveAttribute('data-allowed', 'false');
  await expect(approve).toContainText('Es fehlt sales:approve.');
  for (const role of ['admin', 'manager', 'controller']) await expect(approve.getByRole('cell').last()).toContainText(role);
  await expect(page.locator('[data-action="sales.write"]')).toContainText('sales:write aus dem Token');

  await page.getByRole('tab', { name: 'Funktionstrennung' }).click();
  await expect(page.getByTestId('duties-own')).toContainText('keine dieser Aufgaben');
  await expect(page.locator('[data-conflict][data-own="true"]')).toHaveCount(0);
});

test('an administrator is told which duties meet in the account, and signs out everywhere', async ({ serve, install }) => {
  const backend = await serve();
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  await openAccess(app, 'Funktionstrennung');
  await expect(page.getByTestId('duties-own')).toContainText('8 Paare');
  const conflict = page.locator('[data-conflict="sales.submit+approve"]');
  await expect(conflict).toHaveAttribute('data-own', 'true');
  await expect(conflict).toContainText('Hoch');
  await expect(conflict).toContainText('controller + sales');

  await page.getByTestId('sign-out-everywhere').click();
  const address = app.nextUrl();
  await page.getByTestId('confirm-everywhere').click();
  expect(new URL(await address).pathname).toContain('/session/end');
  await page.getByTestId('sign-in-on-device').waitFor();
  await expect(page.getByText('Bestätigen Sie die Abmeldung jetzt im Browser.')).toBeVisible();
});

test('signs in on another device, and cancels it', async ({ serve, install }) => {
  const backend = await serve();
  const app = await (await install(backend)).start();
  const { page } = app;
  await page.getByTestId('sign-in-on-device').click();
  await page.getByTestId('device-user-code').waitFor();
  await expect(page.getByTestId('device-code')).toContainText(/Noch \d+:\d\d gültig/);
  await page.getByRole('button', { name: 'Anmeldung abbrechen' }).click();
  await page.getByTestId('sign-in-on-device').click();

  const userCode = await page.getByTestId('device-user-code').innerText();
  const account = backend.users.find(({ name }) => name === 'controller');
  if (account === undefined) throw new Error('no account controller');
  await withBrowser(await page.getByTestId('device-address').innerText(), async (other) => {
    await other.locator('input[name=user_code]').fill(userCode);
    await other.getByRole('button', { name: 'Weiter' }).click();
    await expect(other.locator('code')).toHaveText(userCode);
    await other.getByRole('button', { name: 'Bestätigen' }).click();
    await other.locator('#username').fill(account.name);
    await other.locator('#password').fill(account.password);
    await other.getByRole('button', { name: 'Anmelden' }).click();
    await other.getByRole('heading', { name: 'Gerät verbunden' }).waitFor();
  });
  await page.getByRole('navigation').first().waitFor({ timeout: 20_000 });
  await expect(page.getByTestId('account')).toContainText('Carla Controller');
});

test('after a cancelled sign-in on another device the browser still works', async ({ serve, install }) => {
  const backend = await serve();
  const app = await (await install(backend)).start();
  await app.page.getByTestId('sign-in-on-device').click();
  await app.page.getByTestId('device-user-code').waitFor();
  await app.page.getByRole('button', { name: 'Anmeldung abbrechen' }).click();
  await signInAs(app, backend, 'sales');
  await expect(app.page.getByTestId('account')).toContainText('Vera Vertrieb');
});
