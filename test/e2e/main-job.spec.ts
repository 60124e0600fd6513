import { act, openByNumber, openDocument, readTrail, signOut, untilPulled, writeOrder } from '../runtime/hands.ts';
import { expect, signInAs, test } from './fixtures.ts';

const order = { partner: 'Hof', address: 'Am Speicher 4, 26121 Oldenburg', lines: [{ article: 'raps', quantity: '12,5' }, { article: 'weizen', quantity: '25' }] };

test('sales writes and submits, the manager approves, the controller posts, and the trail shows all three', async ({ serve, install }) => {
  const backend = await serve();
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const number = await writeOrder(page, order);
  expect(number).toMatch(/^SO-/);
  await act(page, 'submit', 'pending');
  await expect(page.getByTestId('action-approve')).toBeDisabled();
  await expect(page.getByTestId('blocked-approve')).toContainText('sales:approve');

  await signOut(app);
  await signInAs(app, backend, 'manager');
  await untilPulled(app);
  await openDocument(page, number);
  await act(page, 'approve', 'approved');

  await signOut(app);
  await signInAs(app, backend, 'controller');
  await untilPulled(app);
  await openDocument(page, number);
  await act(page, 'post', 'posted');
  const trail = (await readTrail(page)).map((entry) => entry.replaceAll(/\s+/g, ' '));
  expect(trail).toHaveLength(3);
  for (const [index, name] of ['controller', 'manager', 'sales'].entries()) expect(trail[index]).toContain(name);

  // On the server too, once, with the totals that the screen showed.
  const stored = backend.control.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/api/mcp/documents/sales_order'));
  expect(stored).toHaveLength(1);

  // The purchase account is refused by the server, and the missing scope is named.
  await signOut(app);
  await signInAs(app, backend, 'purchase');
  await openByNumber(page, number);
  await expect(page.locator('[data-code="server.forbidden"]')).toContainText('sales:read');
});

test('the same on the shipped server, which cannot list, gives no numbers and forgets', async ({ serve, install }) => {
  const backend = await serve({ api: 'shipped' });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const number = await writeOrder(page, { ...order, partner: 'Agrar', lines: [{ article: 'Futterweizen lose', quantity: '25', price: '231,50', vatRate: '7', isListed: false }] });
  await act(page, 'submit', 'pending');
  await expect(page.getByText(/kann keine Belege auflisten/)).toBeVisible();

  for (const [name, action, state] of [['manager', 'approve', 'approved'], ['controller', 'post', 'posted']] as const) {
    await signOut(app);
    await signInAs(app, backend, name);
    await untilPulled(app);
    await openByNumber(page, number);
    await act(page, action, state);
  }
  const trail = await readTrail(page);
  expect(trail).toHaveLength(3);
  // This server does not say who: the screen says so instead of inventing it.
  await expect(page.getByRole('tabpanel')).toContainText(/wer|Wer/);
});

test('work of others appears by itself, and everything read stays there offline with its age', async ({ serve, install }) => {
  const backend = await serve();
  const [clerk, manager] = [await install(backend), await install(backend)];
  const [theirs, mine] = [await clerk.start(), await manager.start()];
  await signInAs(mine, backend, 'manager');
  await untilPulled(mine);
  await signInAs(theirs, backend, 'sales');
  await untilPulled(theirs);
  await mine.page.getByRole('navigation').first().getByRole('link', { name: /^Freigaben/ }).click();
  const number = await writeOrder(theirs.page, order);
  await act(theirs.page, 'submit', 'pending');
  const row = mine.page.getByRole('row').filter({ hasText: number });
  await expect(row).toBeVisible();
  await row.click();
  await mine.page.getByRole('tab', { name: 'Verlauf' }).click();
  await expect(mine.page.getByRole('tabpanel').locator('li[data-action="submit"]')).toBeVisible();

  await mine.close();
  await theirs.close();
  await backend.close();
  const later = await manager.start();
  await expect(later.page.getByText(/Sie arbeiten mit den gespeicherten Daten/)).toBeVisible({ timeout: 20_000 });
  await openDocument(later.page, number);
  await later.page.getByRole('tab', { name: 'Verlauf' }).click();
  await expect(later.page.getByRole('tabpanel').locator('li[data-action="submit"]')).toBeVisible();
  // Offline an approval is not sent, but it can be noted.
  await expect(later.page.getByTestId('action-approve')).toContainText('sobald wieder online');
  await expect(later.page.getByTestId('age')).toContainText(/Stand/);
});
