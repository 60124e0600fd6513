import { createHash, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Page } from 'playwright';
import { formatRecoveryKey, recoveryGroups, recoveryKeyBytes } from '../../shared/domain/key-slots.ts';
import { goTo, lock, openDocuments, untilPulled } from '../runtime/hands.ts';
import { call, expect, lockNow, signInAs, test } from './fixtures.ts';

type Keytar = { findCredentials(service: string): Promise<{ account: string; password: string }[]>; deletePassword(service: string, account: string): Promise<boolean> };
const keytar = createRequire(import.meta.url)('keytar') as Keytar;

/** Takes the database keys out of the real keychain, as somebody who tidies it up would. @returns how many there were */
async function loseDatabaseKeys(userData: string): Promise<number> {
  const service = `VALEO NeuroERP Admin ${createHash('sha256').update(userData).digest('hex').slice(0, 8)}`;
  const keys = (await keytar.findCredentials(service)).filter(({ account }) => account.startsWith('database.'));
  for (const { account } of keys) await keytar.deletePassword(service, account);
  return keys.length;
}

/** All that the window's memory holds, after a garbage collection. */
async function heapOf(page: Page): Promise<string> {
  const client = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  client.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await client.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await client.detach();
  return chunks.join('');
}

/** Makes a recovery key as a person does. @returns the key as it stood on the screen, and the window's memory while it did */
async function makeRecoveryKey(page: Page): Promise<{ recoveryKey: string; heap: string }> {
  await goTo(page, 'Einstellungen', 'Settings');
  await page.getByTestId('recovery-create').click();
  await page.getByTestId('recovery-make').click();
  const shown = page.getByTestId('recovery-groups').locator('span');
  await expect(shown).toHaveCount(recoveryGroups);
  const groups = await shown.allInnerTexts();
  const heap = await heapOf(page);
  await page.getByTestId('recovery-written').click();
  await expect(page.getByTestId('recovery-groups'), 'the key is not there to be copied from').toHaveCount(0);
  await page.getByTestId('recovery-key').fill(groups.join(' ').toLowerCase());
  await page.getByTestId('recovery-submit').click();
  await page.getByTestId('recovery-done').click();
  await expect(page.getByTestId('recovery-status')).toHaveAttribute('data-status', 'present');
  return { recoveryKey: groups.join('-'), heap };
}

/** The number of the first document in the list. */
async function firstDocument(page: Page): Promise<string> {
  await openDocuments(page);
  const row = page.getByRole('row').nth(1);
  await row.waitFor();
  const number = /[A-Z]{2,3}-[\w-]*\d+/.exec(await row.innerText())?.[0];
  if (number === undefined) throw new Error('no document number in the first row');
  return number;
}

/** Finds a document through the list's search: the order of the list changes while it fills. */
async function findDocument(page: Page, number: string): Promise<void> {
  await openDocuments(page);
  await page.getByTestId('documents-search').fill(number);
  await expect(page.getByRole('row').filter({ hasText: number }).first()).toBeVisible();
}

test('the recovery key brings the documents back after the keychain has lost theirs', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  const number = await firstDocument(app.page);
  const { recoveryKey, heap: before } = await makeRecoveryKey(app.page);
  expect(before.includes(recoveryKey), 'a snapshot shows a key that is on screen').toBe(true);
  await goTo(app.page, 'Übersicht', 'Overview');
  const heap = await heapOf(app.page);
  for (const text of [recoveryKey, recoveryKey.replaceAll('-', ' ').toLowerCase()]) expect(heap.includes(text), 'the recovery key in memory after its dialog').toBe(false);
  await app.close();
  expect(await loseDatabaseKeys(installation.userData)).toBe(1);
  // Without a server, documents can only come from the cache that the key opens.
  await backend.close();

  const { page } = await installation.start();
  const input = page.getByTestId('recovery-key');
  await input.waitFor();
  await expect(page.getByTestId('recovery'), 'it says why').toContainText(/fehlt im Schlüsselbund|missing from the keychain/);
  await expect(page.getByRole('navigation')).toHaveCount(0);

  const mistyped = (recoveryKey.startsWith('7') ? '8' : '7') + recoveryKey.slice(1);
  for (const [text, says] of [[mistyped, /Gruppe 1|group 1/i], [formatRecoveryKey(randomBytes(recoveryKeyBytes)), /passt nicht|does not fit/]] as const) {
    await input.fill(text);
    await page.getByTestId('recovery-submit').click();
    await expect(page.getByTestId('recovery')).toContainText(says);
    await expect(input).toHaveAttribute('aria-invalid', 'true');
  }
  await input.fill(recoveryKey);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();
  await findDocument(page, number);

  // The keychain has its key back: the doctor finds nothing to repair.
  await goTo(page, 'Diagnose', 'Diagnostics');
  await expect(page.getByTestId('doctor').locator('[data-step="entry"]')).toHaveAttribute('data-status', 'ok');

  await lock(page);
  await page.getByRole('button', { name: /^(Mit Wiederherstellungsschlüssel|With the recovery key)/ }).click();
  await input.fill(recoveryKey);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('doctor'), 'the screen that was open is there again').toBeVisible();
});

test('beginning with an empty cache asks first and keeps the old one aside', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const first = await installation.start();
  await signInAs(first, backend, 'admin');
  await untilPulled(first);
  await makeRecoveryKey(first.page);
  await first.close();
  await loseDatabaseKeys(installation.userData);

  const again = await installation.start();
  const begin = again.page.getByRole('button', { name: /^(Leer beginnen|Begin empty)/ });
  await begin.click();
  await again.page.getByRole('dialog').getByRole('button', { name: /^(Leer beginnen|Begin empty)/ }).click();
  await again.page.getByRole('navigation').first().waitFor();
  await untilPulled(again);
  await firstDocument(again.page);
  expect(await call(again, 'security.recovery')).toMatchObject({ ok: true, value: { recovery: { status: 'none' }, needed: null } });
});

test('the doctor names a lost entry and writes it again', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  expect(await loseDatabaseKeys(installation.userData)).toBe(1);
  await goTo(app.page, 'Diagnose', 'Diagnostics');
  const entry = app.page.getByTestId('doctor').locator('[data-step="entry"]');
  await expect(entry).toHaveAttribute('data-status', 'failed');
  await entry.getByRole('button').click();
  await expect(entry).toHaveAttribute('data-status', 'ok');
});

test('Ctrl+L leaves nothing of the documents on screen, and unlocking goes on where it was', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  const number = await firstDocument(page);
  await page.keyboard.press('Control+n');
  await page.getByTestId('new-sales_order').click();
  const address = page.getByTestId('field-deliveryAddress');
  await address.fill('Sperrhof 7');
  await expect(page.locator('body')).toContainText(number);

  // From within a field, as it is most often pressed.
  await lockNow(app);
  const shown = await page.evaluate(() => `${document.title} ${document.documentElement.outerHTML} ${[...document.querySelectorAll('input, textarea')].map((one) => (one as HTMLInputElement).value).join(' ')}`);
  for (const text of [number, 'Sperrhof', 'K-100', '€']) expect(shown, text).not.toContain(text);
  await expect(page.getByRole('row')).toHaveCount(0);
  expect((await call(app, 'lock.state')).value).toMatchObject({ status: 'locked', reason: 'manual' });
  expect(await call(app, 'documents.list', { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 50 })).toMatchObject({ ok: false, error: { code: 'session.required' } });

  await page.getByTestId('unlock').click();
  await expect(address, 'what was typed is still there').toHaveValue('Sperrhof 7');
  await findDocument(page, number);
});
