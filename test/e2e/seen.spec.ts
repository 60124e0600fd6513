import { loginHeadless } from '../backend/login.ts';
import { callerFor, facts, order } from '../integration/backend-client.ts';
import { openApprovals, untilPulled } from '../runtime/hands.ts';
import { expect, signInAs, test } from './fixtures.ts';

test('an approval is not sent when the document changes before it goes, and the person decides about the new one', async ({ serve, install }) => {
  const backend = await serve({ documents: 60 });
  const sales = callerFor(backend, (await loginHeadless(backend, 'sales')).accessToken);
  await sales('POST', '/api/mcp/documents/sales_order', order('SO-SEEN'));
  await sales('POST', '/api/workflow/sales/SO-SEEN/transition?action=submit', facts());
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'manager');
  await untilPulled(app);
  await openApprovals(page);
  await page.evaluate(() => { location.hash = '#/approvals/sales_order/SO-SEEN'; });
  const pane = page.locator('[data-testid="approval"][data-number="SO-SEEN"]');
  await pane.waitFor();

  // Decided about 4,790; while it can still be taken back, a colleague makes 47,900 of it.
  await page.keyboard.press('a');
  await sales('PUT', '/api/mcp/documents/sales_order/SO-SEEN', { lines: [{ article: 'OS-1101 Raps, 00-Qualität', qty: 100, price: 479, vatRate: 7, cost: 445 }] });
  await page.evaluate(() => { location.hash = '#/approvals/sales_order/SO-SEEN'; });
  await expect(pane).toContainText('Der Beleg ist nicht mehr der, den Sie gesehen haben', { timeout: 20_000 });
  await expect(pane).toContainText('47.900');
  expect(backend.control.db.prepare("SELECT state FROM workflow WHERE number = 'SO-SEEN'").get()).toEqual({ state: 'pending' });

  await pane.getByRole('button', { name: 'Neu entscheiden' }).click();
  await page.keyboard.press('a');
  await expect.poll(() => backend.control.db.prepare("SELECT state FROM workflow WHERE number = 'SO-SEEN'").get(), { timeout: 20_000 }).toEqual({ state: 'approved' });
});
