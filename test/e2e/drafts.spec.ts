import type { Page } from 'playwright';
import { goTo, openDocument, openDocuments, untilPulled, writeOrder } from '../runtime/hands.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import { call, expect, lockNow, signInAs, test, type Backend, type Installation } from './fixtures.ts';

// What is typed is in the encrypted cache as soon as the screen says so, and nothing but the person takes it away again.

async function start(backend: Backend, install: (backend: Backend) => Promise<Installation>): Promise<{ app: LaunchedApp; page: Page; installation: Installation }> {
  const installation = await install(backend);
  const app = await installation.start();
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  await openDocuments(app.page);
  return { app, page: app.page, installation };
}

async function begin(page: Page, type: string): Promise<void> {
  await page.keyboard.press('Control+n');
  await page.getByTestId(`new-${type}`).click();
  await expect(page.getByTestId('field-number')).not.toHaveValue('');
}

const state = (page: Page, status: string) => page.locator(`[data-testid="save-state"][data-state="${status}"]`);
const article = (page: Page, line = 0) => page.locator(`[data-cell="${line}:article"]`);

test('a draft outlives the lock and a restart, is thrown away and brought back, and remembers its versions', async ({ serve, install }) => {
  const backend = await serve({ documents: 60 });
  const { app, page, installation } = await start(backend, install);
  await begin(page, 'sales_offer');
  await expect(state(page, 'untouched')).toBeVisible();
  // A look at an empty form costs no number.
  const offered = await page.getByTestId('field-number').inputValue();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('document-form')).toBeHidden();
  await begin(page, 'sales_offer');
  await expect(page.getByTestId('field-number')).toHaveValue(offered);
  await page.getByTestId('field-notes').fill('Nur vormittags');
  await article(page).fill('Sperrhof Spezial');
  await expect(state(page, 'saved')).toContainText(/Entwurf gespeichert \d\d:\d\d/);

  // Half a day and an unreadable price are kept as they were typed, through the lock; the last keys too.
  await page.getByTestId('field-validUntil').fill('31.2.');
  await page.locator('[data-cell="0:price"]').fill('12,x');
  await lockNow(app);
  expect(await page.evaluate(() => document.body.innerText)).not.toContain('Sperrhof');
  await page.getByTestId('unlock').click();
  await expect(article(page)).toHaveValue('Sperrhof Spezial');
  await expect(page.getByTestId('field-validUntil')).toHaveValue('31.2.');
  await expect(page.locator('[data-cell="0:price"]')).toHaveValue('12,x');
  await expect(page.getByText('1 Zelle nicht lesbar')).toBeVisible();

  // Closing the window right after a key loses nothing either.
  await page.getByTestId('field-notes').fill('Nur vormittags, Tor 4');
  await app.close();
  const again = await installation.start();
  const { page: next } = again;
  await openDocuments(next);
  await next.getByTestId('drafts-menu').click();
  await next.getByTestId('draft').click();
  await expect(next.getByTestId('field-notes')).toHaveValue('Nur vormittags, Tor 4');

  // Undo goes through header and lines; a version can be looked at and brought back.
  await next.getByTestId('field-contactPerson').fill('Frau Behrens');
  await next.locator('[data-cell="0:qty"]').fill('7');
  await next.keyboard.press('Control+z');
  await next.keyboard.press('Control+z');
  await expect(next.getByTestId('field-contactPerson')).toHaveValue('');
  await next.keyboard.press('Control+y');
  await expect(next.getByTestId('field-contactPerson')).toHaveValue('Frau Behrens');
  await expect(state(next, 'saved')).toBeVisible();
  await next.getByTestId('versions').click();
  await next.getByTestId('version').last().click();
  await expect(next.getByTestId('version-view')).toContainText('Sie sehen die Fassung von');
  await next.getByTestId('bring-back').click();
  await expect(next.getByTestId('field-contactPerson')).toHaveValue('');
  await next.keyboard.press('Control+z');
  await expect(next.getByTestId('field-contactPerson')).toHaveValue('Frau Behrens');

  await next.getByTestId('discard').click();
  await expect(next.getByTestId('document-form')).toBeHidden();
  await next.getByTestId('undo-discard').click();
  await expect(next.getByTestId('field-contactPerson')).toHaveValue('Frau Behrens');

  // Not only the last one, and not only until the lock.
  await next.getByTestId('discard').click();
  await next.getByTestId('undo-discard').waitFor();
  await next.keyboard.press('Control+l');
  await next.getByTestId('unlock').click();
  await next.getByTestId('drafts-menu').click();
  await expect(next.getByTestId('discarded-draft')).toHaveCount(1);
  await next.getByTestId('restore-draft').click();
  await expect(next.getByTestId('field-contactPerson')).toHaveValue('Frau Behrens');
});

test('offline a document waits in the outbox, can be taken back, and goes out once when the connection is back', async ({ serve, install }) => {
  const backend = await serve({ documents: 60 });
  const { app, page } = await start(backend, install);
  await begin(page, 'sales_order');
  const number = await page.getByTestId('field-number').inputValue();
  backend.control.fail({ path: /./, fault: { kind: 'dropBefore' }, times: 10_000 });
  backend.control.dropEventStreams();
  await call(app, 'connection.retry');
  await expect(page.getByTestId('outlook')).toContainText('Ausgang', { timeout: 30_000 });
  await page.getByTestId('field-customerId').fill('K10001');
  await article(page).fill('GE-1005 Roggen');
  await page.locator('[data-cell="0:price"]').fill('177');
  await page.keyboard.press('Control+s');
  await expect(page.getByTestId('waiting-draft')).toContainText('Im Ausgang', { timeout: 20_000 });
  await page.keyboard.press('F2');
  await page.locator('[data-cell="0:qty"]').fill('12');
  await page.keyboard.press('Control+s');
  await expect(page.getByTestId('waiting-draft')).toContainText('sobald die Verbindung steht', { timeout: 20_000 });
  backend.control.clearFaults();
  backend.control.clearRequests();
  await call(app, 'connection.retry');
  // It is shown as what it has become, by itself.
  await expect(page.getByTestId('action-submit')).toBeVisible({ timeout: 60_000 });
  await expect(page.locator(`[data-number="${number}"]`)).toBeVisible();
  expect(backend.control.requests.filter(({ method, path, status }) => method === 'POST' && path.startsWith('/api/mcp/documents/sales_order') && status < 300)).toHaveLength(1);
});

test('changes to a stored document: refused at their field, then sent; left and gone on with', async ({ serve, install }) => {
  const backend = await serve({ documents: 60 });
  const { page } = await start(backend, install);
  const number = await writeOrder(page, { partner: 'Hof', address: 'Am Speicher 4', lines: [{ article: 'raps', quantity: '2' }] });
  await page.keyboard.press('F2');
  await page.getByTestId('field-notes').fill('Bitte anrufen');
  await expect(state(page, 'saved')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('stored-draft')).toContainText('Ungesendete Änderungen');
  await expect(page.getByTestId('blocked-submit')).toContainText('Erst senden oder verwerfen');
  await goTo(page, 'Übersicht', 'Overview');
  await openDocument(page, number);
  await page.keyboard.press('F2');
  await expect(page.getByTestId('field-notes')).toHaveValue('Bitte anrufen');

  backend.control.fail({ method: 'PUT', path: /sales_order/, fault: { kind: 'answer', status: 422, body: { detail: [{ type: 'value_error', loc: ['body', 'lines', 0, 'qty'], msg: 'too many', input: 2 }] } } });
  await page.keyboard.press('Control+s');
  await expect(page.locator('[data-cell="0:qty"]')).toHaveAttribute('aria-invalid', 'true', { timeout: 20_000 });
  await expect(page.locator('[data-code="server.invalid"]')).toBeVisible();
  await page.locator('[data-cell="0:qty"]').fill('3');
  await page.keyboard.press('Control+s');
  await expect(page.getByTestId('action-submit')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Bitte anrufen')).toBeVisible();
  await expect(page.getByTestId('stored-draft')).toBeHidden();
});
