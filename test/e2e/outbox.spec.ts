import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Page } from 'playwright';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import type { Draft, DraftContent } from '../../shared/domain/draft.ts';
import { cellOf, contentOf } from '../../shared/domain/draft-document.ts';
import { exact } from '../../shared/domain/money.ts';
import { loginHeadless } from '../backend/login.ts';
import { callerFor, type Caller } from '../integration/backend-client.ts';
import { goTo, openDocument, untilPulled } from '../runtime/hands.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import { call, expect, signInAs, test, type Backend } from './fixtures.ts';

// The outbox as a person meets it: everything below is done with the real app, the real backend and the keyboard; only
// what another screen makes (a draft, the change of a second person) is made directly.

const document = '/api/mcp/documents/sales_order';

async function valueOf<T>(app: LaunchedApp, name: string, input?: unknown): Promise<T> {
  const answer = await call(app, name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.error?.code ?? 'no answer'}`);
  return answer.value as T;
}

const as = async (backend: Backend, name: string): Promise<Caller> => callerFor(backend, (await loginHeadless(backend, name)).accessToken);

/** Cuts every way to the server until {@link reconnect}. */
const cut = (backend: Backend): void => {
  backend.control.fail({ path: /.*/, fault: { kind: 'dropBefore' }, times: 1_000_000 });
  backend.control.dropEventStreams();
};
const untilOffline = async (app: LaunchedApp): Promise<void> => {
  await call(app, 'connection.retry');
  await expect(app.page.getByTestId('offline')).toBeVisible({ timeout: 30_000 });
};
const reconnect = async (app: LaunchedApp, backend: Backend): Promise<void> => {
  backend.control.clearFaults();
  await call(app, 'connection.retry');
  await expect(app.page.getByTestId('offline')).toBeHidden({ timeout: 30_000 });
};

/** An order on the server, read into the app's cache. */
async function storedOrder(app: LaunchedApp, sales: Caller, number: string): Promise<DocumentRecord> {
  const line = (article: string, qty: number): object => ({ article, qty, price: 100, vatRate: 7, cost: 80 });
  const stored = await sales('POST', document, { number, date: '2026-11-02', customerId: 'K10001', status: 'ENTWURF', notes: 'Anlieferung vormittags', deliveryAddress: 'Hofstraße 1', lines: [line('OS-1101 Raps', 10), line('WW-2001 Winterweizen', 20), line('HF-3001 Hafer', 5)] });
  expect(stored.status, stored.text).toBeLessThan(300);
  return valueOf<DocumentRecord>(app, 'documents.refresh', { type: 'sales_order', number });
}

/** Sends changes of a stored order as the form does. */
async function send(app: LaunchedApp, record: DocumentRecord, change: (content: DraftContent) => DraftContent): Promise<{ status: string }> {
  const draft = await valueOf<Draft>(app, 'drafts.create', { id: randomUUID(), content: change(contentOf(record.document)), base: record });
  return valueOf(app, 'drafts.send', { id: draft.id, submit: false });
}
const withQty = (content: DraftContent, line: number, qty: string): DraftContent => ({ ...content, lines: content.lines.map((one) => (one.id === line ? { ...one, qty: cellOf(exact(qty)) } : one)) });
const withFields = (content: DraftContent, fields: DraftContent['fields']): DraftContent => ({ ...content, fields: { ...content.fields, ...fields } });

const outbox = (page: Page) => page.getByTestId('outbox');
const bodyOf = (backend: Backend, number: string): Record<string, unknown> => {
  const row = backend.control.db.prepare<[string], { body: string }>('SELECT body FROM documents WHERE number = ? AND deleted = 0').get(number);
  return JSON.parse(row?.body ?? '{}') as Record<string, unknown>;
};
const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env['OUTBOX_PICTURES'] === undefined) return;
  await mkdir('out/outbox', { recursive: true });
  await page.waitForTimeout(300);
  await page.screenshot({ path: `out/outbox/${name}.png` });
};

test('two people change the same order: the conflict is decided with the keyboard alone and the server has both', async ({ serve, install }) => {
  const backend = await serve({ documents: 40 });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const sales = await as(backend, 'operator');
  const record = await storedOrder(app, sales, 'SO-KONFLIKT-1');
  const read = await sales('GET', `${document}/SO-KONFLIKT-1`);
  const lines = (read.body['data'] as { lines: { qty: number }[] }).lines;

  // A colleague changes the note, the first quantity, and adds a line; here, on what was read before, the note, the same
  // quantity and another one are changed. The colleague is first, so that no reconnecting can come between.
  const changed = await sales('PUT', `${document}/SO-KONFLIKT-1`, { notes: 'Nur nach Anruf', lines: [{ ...lines[0], qty: 15 }, lines[1], lines[2], { article: 'MA-4001 Mais', qty: 3, price: 50, vatRate: 7, cost: 40 }] }, { 'if-match': read.headers.get('etag') ?? '' });
  expect(changed.status, changed.text).toBe(200);
  cut(backend);
  await untilOffline(app);
  const outcome = await send(app, record, (content) => withQty(withQty(withFields(content, { notes: 'Bitte vor 8 Uhr' }), 0, '12'), 1, '25'));
  expect(outcome.status).toBe('queued');
  await expect(outbox(page)).toHaveAttribute('data-count', '1');
  await page.keyboard.press('Alt+0');
  await expect(page.getByTestId('why')).toContainText('nicht erreichbar');
  await picture(page, 'waiting-offline');
  await reconnect(app, backend);

  await expect(page.getByTestId('conflict')).toBeVisible({ timeout: 30_000 });
  await expect(outbox(page)).toHaveAttribute('data-word', 'person');
  await expect(page.getByTestId('conflict')).toContainText('0 von 2 entschieden');
  await page.keyboard.press('J');
  await picture(page, 'conflict');
  // Sending too early is refused and says what is missing.
  await page.keyboard.press('Control+Enter');
  expect((bodyOf(backend, 'SO-KONFLIKT-1')['lines'] as { qty: number }[])[0]?.qty).toBe(15);
  const focused = async (): Promise<string | null> => page.evaluate(() => globalThis.document.activeElement?.closest('[data-place]')?.getAttribute('data-place') ?? null);
  await page.keyboard.press('K');
  await expect.poll(focused).toBe('fields.notes');
  await page.keyboard.press('3');
  await page.keyboard.press('J');
  await expect.poll(focused).toBe('lines.0.qty');
  await page.keyboard.press('2');
  await expect(page.getByTestId('conflict')).toContainText('2 von 2 entschieden');
  await expect(page.getByTestId('merged-places')).toContainText('2 Stellen von selbst zusammengeführt');
  await picture(page, 'conflict-decided');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('outcome')).toContainText('SO-KONFLIKT-1 ist auf dem Server gespeichert');
  await expect(outbox(page)).toHaveAttribute('data-count', '0');
  await picture(page, 'resolved');
  const stored = bodyOf(backend, 'SO-KONFLIKT-1') as { notes: string; lines: { article: string; qty: number }[] };
  expect(stored.notes).toBe('Nur nach Anruf');
  expect(stored.lines.map(({ article, qty }) => `${article.slice(0, 7)} ${qty}`)).toEqual(['OS-1101 12', 'WW-2001 25', 'HF-3001 5', 'MA-4001 3']);
});

test('an approval noted offline is confirmed against what the server has by then, never sent by itself', async ({ serve, install }) => {
  const backend = await serve({ documents: 40 });
  const app = await (await install(backend)).start();
  const { page } = app;
  const sales = await as(backend, 'sales');
  await signInAs(app, backend, 'manager');
  await untilPulled(app);
  const record = await storedOrder(app, sales, 'SO-FREIGABE-1');
  const submitted = await sales('POST', '/api/workflow/sales/SO-FREIGABE-1/transition?action=submit', { total: 3500, lines: [], user_info: { roles: [] } });
  expect(submitted.status, submitted.text).toBe(200);
  await valueOf(app, 'documents.refresh', { type: 'sales_order', number: record.document.number });
  await goTo(page, 'Freigaben', 'Approvals');
  await page.getByRole('row').filter({ hasText: 'SO-FREIGABE-1' }).click();
  cut(backend);
  await untilOffline(app);
  await expect(page.getByTestId('approve')).toContainText('sobald wieder online');
  await page.keyboard.press('A');
  await expect(page.getByRole('row').filter({ hasText: 'SO-FREIGABE-1' })).toContainText('Freigabe vorgemerkt');
  await picture(page, 'approvals-noted');
  await expect(outbox(page)).toHaveAttribute('data-word', 'decisions');

  // Meanwhile the order becomes dearer on the server.
  backend.control.clearFaults();
  const read = await sales('GET', `${document}/SO-FREIGABE-1`);
  const lines = (read.body['data'] as { lines: object[] }).lines;
  const admin = await as(backend, 'admin');
  const changed = await admin('PUT', `${document}/SO-FREIGABE-1`, { lines: [{ ...lines[0], qty: 100 }, ...lines.slice(1)] }, { 'if-match': read.headers.get('etag') ?? '' });
  expect(changed.status, changed.text).toBe(200);
  backend.control.clearRequests();
  await reconnect(app, backend);
  await page.keyboard.press('Alt+0');
  const review = page.getByTestId('decision-review');
  await expect(review).toHaveAttribute('data-changed', 'true', { timeout: 30_000 });
  await expect(page.getByTestId('decision-changes')).toContainText('Menge');
  await picture(page, 'decision-changed');
  expect(backend.control.requests.filter(({ path }) => path.includes('action=approve'))).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('outcome')).toContainText('Freigegeben');
  expect(backend.control.requests.filter(({ path, status }) => path.includes('action=approve') && status === 200)).toHaveLength(1);
  await expect(outbox(page)).toHaveAttribute('data-count', '0');
});

test('what waits can be taken back, what was refused says why and can be sent again', async ({ serve, install }) => {
  const backend = await serve({ documents: 40 });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const sales = await as(backend, 'operator');
  const first = await storedOrder(app, sales, 'SO-WARTET-1');
  const second = await storedOrder(app, sales, 'SO-WARTET-2');
  cut(backend);
  await untilOffline(app);
  await send(app, first, (content) => withFields(content, { notes: 'eins' }));
  await send(app, second, (content) => withFields(content, { notes: 'zwei' }));
  await expect(outbox(page)).toHaveAttribute('data-count', '2');
  await outbox(page).click();
  await expect(page.getByTestId('outbox-command')).toHaveAttribute('data-number', 'SO-WARTET-1');
  await expect(page.getByTestId('retry')).toHaveAttribute('aria-disabled', 'true');
  await page.getByTestId('withdraw').click();
  await expect(outbox(page)).toHaveAttribute('data-count', '1');
  const drafts = await valueOf<{ number: string; state: string }[]>(app, 'drafts.list');
  expect(drafts.map(({ number, state }) => `${number} ${state}`).toSorted()).toEqual(['SO-WARTET-1 open', 'SO-WARTET-2 queued']);

  // The server refuses the second one; the reason stands there, and sending again works once the server is willing.
  backend.control.clearFaults();
  backend.control.fail({ method: 'PUT', path: /SO-WARTET-2/, fault: { kind: 'answer', status: 422, body: { detail: [{ type: 'value_error', loc: ['body', 'notes'], msg: 'Ungültig', input: 'x' }] } } });
  await reconnectKeepingFaults(app);
  await outbox(page).click();
  await expect(page.getByTestId('outbox-command')).toHaveAttribute('data-state', 'rejected', { timeout: 30_000 });
  await expect(page.getByTestId('outbox-command').getByRole('alert')).toHaveAttribute('data-code', 'server.invalid');
  await picture(page, 'rejected');
  await page.keyboard.press('F5');
  await expect(outbox(page)).toHaveAttribute('data-count', '0', { timeout: 30_000 });
  await expect(page.getByText('Der Postausgang ist leer', { exact: true })).toBeVisible();
  await picture(page, 'empty');
  expect(bodyOf(backend, 'SO-WARTET-2')['notes']).toBe('zwei');
  expect(bodyOf(backend, 'SO-WARTET-1')['notes']).toBe('Anlieferung vormittags');
});

async function reconnectKeepingFaults(app: LaunchedApp): Promise<void> {
  await call(app, 'connection.retry');
  await expect(app.page.getByTestId('offline')).toBeHidden({ timeout: 30_000 });
}

test('a document that was posted meanwhile is not merged: what was typed becomes a new draft', async ({ serve, install }) => {
  const backend = await serve({ documents: 40 });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const sales = await as(backend, 'sales');
  const record = await storedOrder(app, sales, 'SO-GEBUCHT-1');
  const body = { total: 3500, lines: [{ article: 'x', qty: 1, price: 100, cost: 80 }], user_info: { roles: [] } };
  for (const [name, action] of [['sales', 'submit'], ['manager', 'approve'], ['controller', 'post']] as const) {
    const answer = await (await as(backend, name))('POST', `/api/workflow/sales/SO-GEBUCHT-1/transition?action=${action}`, body);
    expect(answer.status, answer.text).toBe(200);
  }
  const changed = await (await as(backend, 'admin'))('PUT', `${document}/SO-GEBUCHT-1`, { notes: 'gebucht' });
  expect(changed.status, changed.text).toBeLessThan(500);
  // What is sent was begun before all that.
  cut(backend);
  await untilOffline(app);
  await send(app, record, (content) => withFields(content, { notes: 'noch eine Palette' }));
  await reconnect(app, backend);
  await outbox(page).click();
  await expect(page.getByTestId('final-conflict')).toContainText('verbucht', { timeout: 30_000 });
  await picture(page, 'posted');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId('outcome')).toContainText('neuer Entwurf');
  const [draft] = await valueOf<{ id: string; isNew: boolean; state: string }[]>(app, 'drafts.list');
  expect(draft).toMatchObject({ isNew: true, state: 'open' });
  expect((await valueOf<Draft>(app, 'drafts.get', { id: draft?.id })).content.fields['notes']).toBe('noch eine Palette');
});

test('a document that is submitted while it is being changed: sending closes, and what was typed goes on as a draft of its own', async ({ serve, install }) => {
  const backend = await serve({ documents: 40 });
  const app = await (await install(backend)).start();
  const { page } = app;
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  const sales = await as(backend, 'sales');
  await storedOrder(app, sales, 'SO-OFFEN-1');
  await openDocument(page, 'SO-OFFEN-1');
  await page.keyboard.press('F2');
  await page.getByTestId('field-notes').fill('noch eine Palette');
  const answer = await sales('POST', '/api/workflow/sales/SO-OFFEN-1/transition?action=submit', { total: 3500, lines: [], user_info: { roles: [] } });
  expect(answer.status, answer.text).toBe(200);

  await expect(page.getByTestId('changed-state')).toContainText('Ausstehend', { timeout: 30_000 });
  await expect(page.getByTestId('save')).toBeDisabled();
  await expect(page.getByTestId('outlook')).toContainText('Nichts davon wird gesendet');
  await page.keyboard.press('Control+s');
  await picture(page, 'changed-state');
  await page.getByTestId('as-new-draft').click();
  await expect(page.getByTestId('new-document')).toBeVisible();
  await expect(page.getByTestId('field-notes')).toHaveValue('noch eine Palette');
  const [draft] = await valueOf<{ id: string; isNew: boolean; number: string }[]>(app, 'drafts.list');
  expect(draft).toMatchObject({ isNew: true });
  expect(draft?.number).not.toBe('SO-OFFEN-1');
  expect(bodyOf(backend, 'SO-OFFEN-1')).toMatchObject({ notes: 'Anlieferung vormittags' });
});
