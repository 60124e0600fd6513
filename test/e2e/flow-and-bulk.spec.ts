import type { Page } from 'playwright';
import { openApprovals, openDocument, untilPulled } from '../runtime/hands.ts';
import { expect, lockNow, signInAs, test, type Backend } from './fixtures.ts';

const one = <T>(backend: Backend, sql: string, ...values: unknown[]): T => backend.control.db.prepare(sql).get(...values) as T;

/** The first twelve rows of the list, as fast as the window follows. */
async function chooseTwelve(page: Page): Promise<void> {
  await page.getByRole('grid').focus();
  await expect(page.getByRole('grid')).toBeFocused();
  for (let row = 1; row < 12; row++) {
    await page.keyboard.press('Shift+ArrowDown');
    await expect(page.getByTestId('bulk')).toContainText(`${row + 1} Belege ausgewählt`);
  }
}

test('an order follows from an offer, stands in its chain, and the chain leads on', async ({ serve, install }) => {
  const backend = await serve();
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const { number: offer } = one<{ number: string }>(backend, `SELECT number FROM documents WHERE type = 'sales_offer' AND status IN ('VERSENDET', 'ABGELEHNT')
    AND NOT EXISTS (SELECT 1 FROM documents o WHERE json_extract(o.body, '$.salesOfferId') = documents.number) ORDER BY id DESC LIMIT 1`);

  // By keyboard: the menu of follow-ups, its first entry.
  await openDocument(page, offer);
  await page.keyboard.press('Control+Shift+N');
  await page.getByTestId('follow-sales_order').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const number = page.getByTestId('field-number');
  await expect(number).toHaveValue(/^SO-/);
  await expect(page.getByTestId('field-salesOfferId')).toHaveValue(offer);
  const order = await number.inputValue();
  await page.keyboard.press('Control+s');
  await expect(page.getByTestId('document')).toHaveAttribute('data-number', order, { timeout: 20_000 });
  const stored = one<{ body: string }>(backend, "SELECT body FROM documents WHERE type = 'sales_order' AND number = ?", order);
  const from = one<{ body: string }>(backend, "SELECT body FROM documents WHERE type = 'sales_offer' AND number = ?", offer);
  expect(JSON.parse(stored.body)).toMatchObject({ salesOfferId: offer, lines: (JSON.parse(from.body) as { lines: unknown }).lines });

  await page.getByRole('tab', { name: 'Belegfluss' }).click();
  const nodes = page.getByTestId('flow-node');
  await expect(nodes).toHaveCount(2);
  await expect(page.locator('[data-testid="flow-node"][aria-current="page"]')).toHaveAttribute('data-number', order);
  // Up along the line with the arrow key, and through it with Enter.
  await page.locator(`[data-testid="flow-node"][data-number="${order}"]`).focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator(`[data-testid="flow-node"][data-number="${offer}"]`)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('document')).toHaveAttribute('data-number', offer);
  await expect(page.getByTestId('flow').getByRole('table').last()).toContainText(order);

  // The copy of it is a new document without the offer's number.
  await page.keyboard.press('Control+Shift+D');
  await expect(number).toHaveValue(/^ANG-/);
  expect(await number.inputValue()).not.toBe(offer);
});

test('twelve approvals at once: what cannot is said before, one is refused, and it goes through when sent again', async ({ serve, install }) => {
  const backend = await serve({ documents: 2500 });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'controller');
  await untilPulled(app);
  await openApprovals(page);
  await page.getByTestId('approval').waitFor();
  const pending = one<{ n: number }>(backend, "SELECT count(*) AS n FROM workflow WHERE state = 'pending'").n;
  await chooseTwelve(page);
  await page.keyboard.press('a');
  await page.getByTestId('bulk-confirm').waitFor();
  const shown = await page.getByTestId('bulk').getByRole('row').allInnerTexts();
  const possible = shown.filter((text) => text.includes('Möglich'));
  const refused = /[A-Z]+-\d{4}-\d{5}/.exec(possible.at(-1) ?? '')?.[0] ?? '';
  expect(refused).not.toBe('');
  backend.control.fail({ method: 'POST', path: new RegExp(`${refused}/transition`), fault: { kind: 'answer', status: 403, body: { detail: 'Segregation of duties: the submitter may not approve' } } });
  const sent = (): number => backend.control.requests.filter(({ method, path }) => method === 'POST' && path.includes('/transition')).length;

  await page.getByTestId('bulk-confirm').click();
  await page.getByTestId('bulk-undo').click();
  await page.getByTestId('bulk-confirm').waitFor();
  expect(sent()).toBe(0);
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('[data-testid="bulk"][data-status="done"]')).toBeVisible({ timeout: 30_000 });
  const summary = page.getByTestId('bulk-summary');
  await expect(summary).toContainText(`${possible.length - 1} erledigt`);
  await expect(summary).toContainText('1 abgewiesen');
  await expect(page.getByTestId('bulk').getByRole('row').filter({ hasText: refused })).toContainText('Vier-Augen');
  expect(one<{ n: number }>(backend, "SELECT count(*) AS n FROM workflow WHERE state = 'pending'").n).toBe(pending - possible.length + 1);

  await page.getByTestId('bulk-retry').click();
  await expect(summary).toContainText(`${possible.length} erledigt`, { timeout: 20_000 });
  await expect(summary).not.toContainText('abgewiesen');
  expect(sent()).toBe(possible.length + 1);
  await page.getByTestId('bulk-close').click();
  await expect(page.getByRole('navigation').first().getByRole('link', { name: /^Freigaben/ })).toContainText(String(pending - possible.length));
});

test('approvals decided just before the lock are not lost with it: what was done stands there, and the rest goes on', async ({ serve, install }) => {
  const backend = await serve({ documents: 2500 });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'controller');
  await untilPulled(app);
  await openApprovals(page);
  await page.getByTestId('approval').waitFor();
  await chooseTwelve(page);
  await page.keyboard.press('a');
  await page.getByTestId('bulk-confirm').waitFor();
  const possible = (await page.getByTestId('bulk').getByRole('row').allInnerTexts()).filter((text) => text.includes('Möglich')).length;
  // Slow enough for the lock to come between.
  backend.control.fail({ method: 'POST', path: /transition/, fault: { kind: 'slow', ms: 3_000 }, times: 4 });
  await page.getByTestId('bulk-confirm').click();
  await page.getByTestId('bulk-undo').waitFor();
  await lockNow(app);
  await page.getByTestId('unlock').click();
  await page.getByTestId('bulk-show').click();
  const summary = page.getByTestId('bulk-summary');
  await expect(summary).toContainText('noch nicht gesendet');
  await page.getByTestId('bulk-retry').click();
  await expect(summary).toContainText(`${possible} erledigt`, { timeout: 30_000 });
  await page.getByTestId('bulk-close').click();
  // What was seen does not come back with the next lock.
  await lockNow(app);
  await page.getByTestId('unlock').click();
  await page.getByTestId('approval').waitFor();
  await expect(page.getByTestId('bulk-show')).toHaveCount(0);
});
