import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import readXlsxFile from 'read-excel-file/node';
import { extractText } from 'unpdf';
import { inspect } from '../../main/host/files/inspector.ts';
import { answerSaveDialogs } from '../runtime/file-dialog.ts';
import { openDocument, openDocuments, untilPulled } from '../runtime/hands.ts';
import { call, expect, signInAs, test } from './fixtures.ts';

const textOf = async (file: string): Promise<string> => (await extractText(new Uint8Array(await readFile(file)), { mergePages: true })).text;

test('prints on the server into the archive, verifies the dropped PDF, and sees that only the status has changed', async ({ serve, install }) => {
  const backend = await serve();
  const { number } = backend.control.db.prepare(`SELECT number FROM documents WHERE type = 'sales_order' ORDER BY number DESC LIMIT 1`).get() as { number: string };
  backend.control.setStatus('sales_order', number, 'BESTAETIGT');
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  const file = path.join(installation.folder, 'original.pdf');
  const asked = await answerSaveDialogs(app.app, file);

  await openDocument(page, number);
  await page.getByTestId('print-menu').click();
  await page.getByTestId('print-server').click();
  await expect(page.getByTestId('written')).toContainText('archiviert');
  expect((await asked())[0]).toMatchObject({ extensions: ['pdf'], defaultPath: expect.stringContaining(`Auftrag ${number}.pdf`) });
  expect(await textOf(file)).toContain(`Auftrag ${number}`);
  const sha256 = createHash('sha256').update(await readFile(file)).digest('hex');

  await page.getByRole('tab', { name: 'Archiv' }).click();
  const copy = page.getByTestId('archive-copy');
  await expect(copy).toHaveCount(1);
  await expect(copy).toContainText('Server bestätigt');
  await expect(copy).toContainText('Hier nachgerechnet: original.pdf');
  await expect(copy).toContainText(sha256.slice(0, 16));

  await page.keyboard.press('Control+Shift+P');
  await page.getByTestId('verify-file').setInputFiles(file);
  const result = page.getByTestId('verify-result');
  await expect(result).toHaveAttribute('data-verdict', 'valid');
  await expect(result).toHaveAttribute('data-measured', 'same');
  await expect(result).toContainText('Archiviertes Original');
  backend.control.setStatus('sales_order', number, 'ABGESCHLOSSEN');
  await page.getByTestId('verify-file').setInputFiles(file);
  await expect(result).toHaveAttribute('data-verdict', 'statusChanged');
  await expect(result).toContainText('Beim Druck: Bestätigt, heute: Abgeschlossen');

  // A dropped file takes the same way as a chosen one.
  const bytes = [...await readFile(file)];
  await page.evaluate((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(content)], 'dropped.pdf', { type: 'application/pdf' }));
    document.querySelector('[data-testid="verify-drop"]')?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, bytes);
  await expect(result).toContainText('dropped.pdf');
  await page.getByTestId('verify-number').fill('https://erp.elsewhere.example/verify/sales/SO-1/0123456789abcdef');
  await page.getByTestId('verify-start').click();
  await expect(result).toHaveAttribute('data-verdict', 'foreign');
});

test('shows the pages of a draft, and saves them as a PDF that says ENTWURF and carries a readable code', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'admin');
  await openDocuments(page);
  await page.keyboard.press('Control+n');
  await page.getByTestId('new-sales_order').click();
  const field = page.getByTestId('field-number');
  await expect(field).not.toHaveValue('');
  const number = await field.inputValue();
  await page.getByTestId('print-menu').click();
  await expect(page.getByTestId('print-server')).toHaveAttribute('aria-disabled', 'true');
  await page.getByTestId('print-preview').click();
  const frame = page.frameLocator('[data-testid="preview-frame"]');
  await expect(frame.locator('.stamp').first()).toHaveText('ENTWURF');
  await expect(frame.locator('h1')).toHaveText(`Auftrag ${number}`);
  // The frame has no script and its style sheet counts: the page is as wide as paper.
  expect(await frame.locator('.page').first().evaluate((one) => getComputedStyle(one).overflow)).toBe('hidden');
  await page.screenshot({ path: path.join(installation.folder, 'preview.png') });

  const file = path.join(installation.folder, 'entwurf.pdf');
  await answerSaveDialogs(app.app, file);
  await page.getByTestId('preview-save').click();
  await expect(page.getByTestId('written')).toContainText('nicht archiviert');
  const text = await textOf(file);
  expect(text).toContain('ENTWURF');
  expect(text).toContain('Kein gültiger Beleg');
  const inspection = await inspect(new Uint8Array(await readFile(file)));
  expect(inspection).toMatchObject({ ok: true, findings: { kind: 'pdf', codes: [`${backend.erp}/verify/sales/${number}`] } });
  expect(backend.control.requests.filter(({ path: one }) => one.endsWith('/print'))).toEqual([]);
});

test('exports the list as it stands into a workbook that opens', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  await signInAs(app, backend, 'manager');
  await untilPulled(app);
  await openDocuments(page);
  await page.getByTestId('documents-search').fill('Weizen');
  const { value } = await call(app, 'documents.list', { text: 'Weizen', sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 1 });
  const { total: count } = value as { total: number };
  // The line keeps the number of the whole list until the answer is there.
  await expect(page.locator('footer')).toHaveText(new RegExp(`^${count} Beleg.*Filter aktiv`));
  const file = path.join(installation.folder, 'liste.xlsx');
  await answerSaveDialogs(app.app, file);
  await page.getByTestId('export-list').click();
  await page.getByTestId('export-start').click();
  await expect(page.getByTestId('written')).toContainText('ist geschrieben');
  const [sheet] = await readXlsxFile(await readFile(file));
  expect(sheet?.data[0]?.slice(0, 3)).toEqual(['Nr.', 'Art', 'Datum']);
  expect(sheet?.data).toHaveLength(count + 1);
  expect((await readdir(installation.folder)).filter((name) => name.includes('.part'))).toEqual([]);
});
