import type { Page } from 'playwright';
import { openDocument, openDocuments, untilPulled } from '../runtime/hands.ts';
import { expect, lockNow, signInAs, test } from './fixtures.ts';

/** All that the window's memory holds, after a garbage collection. */
async function heapOf(page: Page): Promise<string> {
  const client = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  client.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await client.send('HeapProfiler.collectGarbage');
  await client.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await client.detach();
  return chunks.join('');
}

test('the locked window holds nothing of the documents in its memory, and the work goes on where it was', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  const { number, body } = backend.control.db.prepare("SELECT number, body FROM documents WHERE type = 'sales_order' AND deleted = 0 ORDER BY updated_at DESC LIMIT 1").get() as { number: string; body: string };
  const { lines = [] } = JSON.parse(body) as { lines?: { article: string }[] };
  await openDocument(page, number);
  await expect(page.locator('body')).toContainText(number);
  await openDocuments(page);
  await page.keyboard.press('Control+n');
  await page.getByTestId('new-sales_order').click();
  const address = page.getByTestId('field-deliveryAddress');
  await address.fill('Sperrhofkanarie 7');
  const article = lines[0]?.article ?? '';
  expect(article.length).toBeGreaterThan(5);
  const before = await heapOf(page);
  // The control: unlocked, all of it is there, so this test could fail.
  for (const text of ['Sperrhofkanarie', article, number]) expect(before.includes(text), `unlocked: ${text}`).toBe(true);

  // Right after the last key, before any pause in which a form saves by itself.
  await address.pressSequentially('b');
  await lockNow(app);
  await expect(page.getByTestId('unlock')).toBeFocused();
  const locked = await heapOf(page);
  for (const text of ['Sperrhofkanarie', article, number, 'K-100']) expect(locked.includes(text), `locked: ${text}`).toBe(false);

  await page.getByTestId('unlock').click();
  await expect(address, 'the last key is there').toHaveValue('Sperrhofkanarie 7b', { timeout: 15_000 });
});
