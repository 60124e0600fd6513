import { randomUUID } from 'node:crypto';
import { contentOf, cellOf } from '../../shared/domain/draft-document.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import type { Draft, DraftContent, DraftSummary } from '../../shared/domain/draft.ts';
import { exact } from '../../shared/domain/money.ts';
import type { OutboxCommand } from '../../shared/domain/outbox.ts';
import { loginHeadless } from '../backend/login.ts';
import { callerFor, type Caller } from '../integration/backend-client.ts';
import { openDocuments, untilPulled } from '../runtime/hands.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import { call, expect, signInAs, test, type Backend } from './fixtures.ts';

// A day without a network: drafts are begun and edited, two of them on documents that colleagues change meanwhile; in the
// evening everything is on the server, once. The first draft is typed by hand, the others through the calls of the form.

const path = '/api/mcp/documents/sales_order';
const mark = 'Offline-Tag';

async function valueOf<T>(app: LaunchedApp, name: string, input?: unknown): Promise<T> {
  const answer = await call(app, name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.error?.code ?? 'no answer'}`);
  return answer.value as T;
}

const as = async (backend: Backend, name: string): Promise<Caller> => callerFor(backend, (await loginHeadless(backend, name)).accessToken);

const cut = async (app: LaunchedApp, backend: Backend): Promise<void> => {
  backend.control.fail({ path: /.*/, fault: { kind: 'dropBefore' }, times: 1_000_000 });
  backend.control.dropEventStreams();
  await call(app, 'connection.retry');
  await expect(app.page.getByTestId('offline')).toBeVisible({ timeout: 30_000 });
};

const blank = (number: number): DraftContent => ({
  type: 'sales_order', number: '', numberProvisional: true, date: '2026-11-20', partnerId: 'K10001', partnerName: null, status: 'ENTWURF',
  fields: { notes: `${mark} ${number}`, deliveryAddress: 'Hofstraße 1' },
  lines: [{ id: 0, article: 'OS-1101 Raps', qty: cellOf(exact('10')), price: cellOf(exact('479')), vatRate: cellOf(exact('7')), cost: cellOf(exact('445')) }], nextLineId: 1,
});

const stored = (backend: Backend): { number: string; notes: string | null; qty: number }[] =>
  backend.control.db.prepare<[], { number: string; notes: string | null; qty: number }>(`SELECT number, json_extract(body, '$.notes') AS notes, json_extract(body, '$.lines[0].qty') AS qty FROM documents WHERE deleted = 0 AND type = 'sales_order'`).all();

for (const api of ['security', 'shipped'] as const) {
  test(`a day offline: twenty drafts, two conflicts, everything on the server once (${api})`, async ({ serve, install }) => {
    test.setTimeout(360_000);
    const backend = await serve({ api, documents: 40 });
    const app = await (await install(backend)).start();
    const { page } = app;
    await signInAs(app, backend, 'sales');
    await untilPulled(app);
    const colleague = await as(backend, 'sales');
    const shared = ['SO-TAG-1', 'SO-TAG-2'];
    const records: DocumentRecord[] = [];
    for (const number of shared) {
      await colleague('POST', path, { number, date: '2026-11-02', customerId: 'K10001', status: 'ENTWURF', notes: 'alt', deliveryAddress: 'Hofstraße 1', lines: [{ article: 'OS-1101 Raps', qty: 10, price: 479, vatRate: 7, cost: 445 }] });
      records.push(await valueOf<DocumentRecord>(app, 'documents.refresh', { type: 'sales_order', number }));
    }
    await openDocuments(page);
    await cut(app, backend);

    await page.keyboard.press('Control+n');
    await page.getByTestId('new-sales_order').click();
    await page.getByTestId('field-notes').fill(`${mark} 1`);
    await page.getByTestId('field-deliveryAddress').fill('Hofstraße 1');
    await page.getByTestId('field-customerId').fill('K10001');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const article = page.locator('[data-line]').first().getByRole('combobox');
    await article.click();
    await article.pressSequentially('OS-1101 Raps');
    await page.keyboard.press('Enter');
    await page.locator('[data-line]').first().locator('[data-cell$=":price"]').fill('479');
    await expect(page.getByTestId('save-state')).toContainText('Entwurf gespeichert');
    await page.keyboard.press('Control+s');
    await expect(page.getByTestId('waiting-draft')).toBeVisible({ timeout: 20_000 });

    for (let number = 2; number <= 18; number++) {
      const id = randomUUID();
      const draft = await valueOf<Draft>(app, 'drafts.create', { id, content: blank(number), base: null });
      const { version } = await valueOf<{ version: number }>(app, 'drafts.save', { id, version: draft.version, content: { ...draft.content, lines: draft.content.lines.map((line) => ({ ...line, qty: cellOf(exact(String(100 + number))) })) } });
      expect(version).toBeGreaterThan(draft.version);
      expect(await valueOf(app, 'drafts.send', { id, submit: false })).toMatchObject({ status: 'queued' });
    }
    for (const record of records) {
      const content = contentOf(record.document);
      const draft = await valueOf<Draft>(app, 'drafts.create', { id: randomUUID(), content: { ...content, fields: { ...content.fields, notes: 'von mir' } }, base: record });
      expect(await valueOf(app, 'drafts.send', { id: draft.id, submit: false })).toMatchObject({ status: 'queued' });
    }
    await expect(page.getByTestId('outbox')).toHaveAttribute('data-count', '20');
    expect(stored(backend).filter(({ notes }) => notes?.startsWith(mark))).toEqual([]);

    // Colleagues work on.
    backend.control.clearFaults();
    for (const number of shared) {
      const { headers } = await colleague('GET', `${path}/${number}`);
      const etag = headers.get('etag');
      const changed = await colleague('PUT', `${path}/${number}`, { notes: 'von anderen' }, etag === null ? {} : { 'if-match': etag });
      expect(changed.status, changed.text).toBe(200);
    }
    await call(app, 'connection.retry');
    await expect(page.getByTestId('offline')).toBeHidden({ timeout: 30_000 });
    await expect(page.getByTestId('outbox')).toHaveAttribute('data-count', '2', { timeout: 100_000 });

    // On a server without ETags a draft costs five requests, and the client keeps to 95 a minute whatever the server takes.
    // The two conflicts, by keyboard: mine for the first, theirs for the second.
    await page.keyboard.press('Alt+0');
    let decided = '';
    for (const choice of ['2', '3']) {
      const conflict = page.getByTestId('conflict');
      await expect(conflict).toBeVisible({ timeout: 100_000 });
      // The pane of the first stands there for a moment after it was decided.
      if (decided !== '') await expect(conflict).not.toHaveText(decided);
      decided = await conflict.textContent() ?? '';
      await page.keyboard.press('J');
      await page.keyboard.press(choice);
      await page.keyboard.press('Control+Enter');
      await expect(page.getByTestId('outbox')).toHaveAttribute('data-count', choice === '2' ? '1' : '0', { timeout: 100_000 });
    }
    expect(await valueOf<OutboxCommand[]>(app, 'outbox.list')).toEqual([]);
    expect(await valueOf<DraftSummary[]>(app, 'drafts.list')).toEqual([]);
    const all = stored(backend);
    expect(all.filter(({ number }) => shared.includes(number)).map(({ notes }) => notes)).toEqual(expect.arrayContaining(['von anderen', 'von mir']));
    const mine = all.filter(({ notes }) => notes?.startsWith(mark));
    expect(mine.map(({ notes }) => Number(notes?.slice(mark.length))).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
    for (const { notes, qty } of mine) if (notes !== `${mark} 1`) expect(qty, notes ?? '').toBe(100 + Number(notes?.slice(mark.length)));
  });
}
