import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readXlsxFile from 'read-excel-file/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentKey } from '../../shared/domain/document.ts';
import { exportColumns, type ExportWords } from '../../shared/domain/list-export.ts';
import { workflowStates } from '../../shared/domain/workflow.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { createPaper, type Paper } from '../../main/documents/paper/index.ts';
import { measureHash } from '../../main/documents/paper/measure.ts';
import { Jobs } from '../../main/jobs.ts';
import { silentLog } from '../../main/log/log.ts';
import type { BackendOptions } from '../backend/index.ts';
import { qrPng } from '../backend/paper/qr-png.ts';
import { paperWords } from '../fixtures/paper.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let pc: Pc;
let paper: Paper;
let jobs: Jobs;
let folder = '';
let target: string | null = '';
let online = true;
let previews: string[] = [];
const key: DocumentKey = { type: 'sales_order', number: '' };

async function start(options: BackendOptions = {}, user = 'admin'): Promise<void> {
  world = await startWorld(options);
  key.number = (world.backend.control.db.prepare(`SELECT number FROM documents WHERE type = 'sales_order' LIMIT 1`).get() as { number: string }).number;
  world.backend.control.setStatus('sales_order', key.number, 'BESTAETIGT');
  pc = await world.pc();
  await pc.as(user);
  await pc.pulled();
  jobs = new Jobs({ now: Date.now, after: () => () => undefined, log: silentLog });
  paper = createPaper({
    profile: pc.workspace.profile, erp: pc.workspace.erp, host: pc.host, documents: pc.workspace.documents, journal: pc.workspace.audit.notes, jobs, isOnline: () => online, now: Date.now, log: silentLog,
    // The browser's layout is looked at in the app itself; here it counts what is handed to it.
    paper: { printToPdf: async (html) => new TextEncoder().encode(html), printWithDialog: async () => true, showPreview: (html) => { previews.push(html); return 'app://paper/x'; }, forgetPreviews: () => { previews = []; } },
    files: { saveFile: async (name) => (target === '' ? path.join(folder, name) : target), openFile: async () => undefined, showInFolder: () => undefined },
  });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-paper-'));
  [target, online, previews] = ['', true, []];
});
afterEach(async () => {
  await world.end();
  await rm(folder, { recursive: true, force: true });
});

const codeOf = (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));
const printsAsked = (): number => world.backend.control.requests.filter(({ path: one }) => one.endsWith('/print')).length;
const bytesOf = async (file: string): Promise<Uint8Array<ArrayBuffer>> => Uint8Array.from(await readFile(file));

describe('printing on the server', () => {
  it('saves exactly the archived bytes, and the archive says measured and claimed apart', async () => {
    await start();
    const saved = await paper.print.printOnServer(key, 'Auftrag');
    expect(saved?.name).toBe(`Auftrag ${key.number}.pdf`);
    expect(createHash('sha256').update(await readFile(saved?.path ?? '')).digest('hex')).toBe(saved?.sha256);
    const history = await paper.archive.history(key);
    expect(history).toMatchObject({ source: 'server', value: [{ user: 'admin', sha256: saved?.sha256, server: { valid: true }, here: { same: true, file: saved?.name } }] });
    world.backend.control.db.prepare(`UPDATE archives SET content = 'x' WHERE number = ?`).run(key.number);
    await writeFile(saved?.path ?? '', 'changed');
    const again = await paper.archive.recheck(key, history.value[0]?.path ?? '');
    expect(again).toMatchObject({ server: { valid: false }, here: { same: false } });
    await rm(saved?.path ?? '');
    online = false;
    expect(await paper.archive.history(key)).toMatchObject({ source: 'cache', value: [{ server: { valid: false }, here: { same: null } }] });
  });

  it('asks once, and never before the place is known and can be written', async () => {
    await start();
    target = null;
    expect(await paper.print.printOnServer(key, 'Auftrag')).toBeNull();
    target = path.join(folder, 'missing', 'x.pdf');
    expect(await codeOf(paper.print.printOnServer(key, 'Auftrag'))).toBe('file.notWritten');
    expect(printsAsked()).toBe(0);
    target = '';
    world.backend.control.fail({ path: /\/print$/, fault: { kind: 'dropAfter' } });
    await expect(paper.print.printOnServer(key, 'Auftrag')).rejects.toMatchObject({ error: { messageKey: 'errors.paper.outcomeUnknown', retry: 'never' } });
    expect(printsAsked()).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes nothing under the name of a PDF that is none', async () => {
    await start();
    world.backend.control.fail({ path: /\/print$/, fault: { kind: 'html', status: 200 } });
    expect(await codeOf(paper.print.printOnServer(key, 'Auftrag'))).toBe('server.notJson');
    world.backend.control.fail({ path: /\/print$/, fault: { kind: 'answer', status: 200, body: 'no pdf', headers: { 'content-type': 'application/pdf' } } });
    expect(await codeOf(paper.print.printOnServer(key, 'Auftrag'))).toBe('server.unexpected');
    expect(await readdir(folder)).toEqual([]);
  });

  it('names the missing right, and shows no remembered history to whoever may not see it', async () => {
    await start({}, 'controller');
    expect(await codeOf(paper.print.printOnServer(key, 'Auftrag'))).toBe('server.forbidden');
    expect(await codeOf(paper.archive.history(key))).toBe('server.forbidden');
    online = false;
    expect(await codeOf(paper.archive.history(key))).toBe('network.unreachable');
  });
});

describe('our own paper', () => {
  it('carries the measured hash of what it shows, and offline says its age and carries none', async () => {
    await start();
    await paper.print.preview({ kind: 'document', key }, paperWords('de'));
    const { body } = await pc.workspace.erp.paper.stored(key);
    expect(previews[0]).toContain(`${world.backend.erp}/verify/sales/${key.number}/${measureHash('sales', key.number, body)}`);
    expect(previews[0]).toContain('ohne Archivierung');
    online = false;
    await paper.print.preview({ kind: 'document', key }, paperWords('de'));
    expect(previews[1]).toContain(`>${world.backend.erp}/verify/sales/${key.number}<`);
    expect(previews[1]).toContain('Offline gedruckt');
    expect(printsAsked()).toBe(0);
  });
});

describe('verifying', () => {
  it('finds the printed PDF valid, archived and measured, and tells a changed status from changed content', async () => {
    await start();
    const saved = await paper.print.printOnServer(key, 'Auftrag');
    const dropped = { kind: 'file' as const, name: 'Auftrag.pdf', bytes: await bytesOf(saved?.path ?? '') };
    expect(await paper.verify.check(dropped)).toMatchObject({
      verdict: 'valid', domain: 'sales', number: key.number, type: 'sales_order', measured: 'same', source: 'code', file: { kind: 'pdf', asked: true, archived: { user: 'admin' } },
    });
    world.backend.control.setStatus('sales_order', key.number, 'TEILGELIEFERT');
    expect(await paper.verify.check(dropped)).toMatchObject({ verdict: 'statusChanged', printedStatus: 'BESTAETIGT', status: 'TEILGELIEFERT', measured: 'same', file: { archived: { user: 'admin' } } });
    await pc.workspace.erp.documents.update({ ...(await pc.workspace.erp.documents.get(key)).document, fields: { notes: 'something else' } }, { idempotencyKey: 'k', etag: null });
    expect(await paper.verify.check(dropped)).toMatchObject({ verdict: 'changed', measured: 'same' });
    world.backend.control.db.prepare('UPDATE documents SET deleted = 1 WHERE number = ?').run(key.number);
    expect(await paper.verify.check(dropped)).toMatchObject({ verdict: 'unknown', number: key.number });
  });

  it('reads pictures, pasted addresses and typed numbers alike', async () => {
    await start();
    const { hash } = await pc.workspace.erp.paper.verify('sales', key.number, null);
    const address = `${world.backend.erp}/verify/sales/${key.number}/${hash ?? ''}`;
    expect(await paper.verify.check({ kind: 'file', name: 'photo.png', bytes: Uint8Array.from(qrPng(address)) })).toMatchObject({ verdict: 'valid', source: 'code', file: { kind: 'png', asked: false } });
    expect(await paper.verify.check({ kind: 'text', text: ` ${address} ` })).toMatchObject({ verdict: 'valid', source: 'text', file: null });
    expect(await paper.verify.check({ kind: 'number', number: key.number, hash })).toMatchObject({ verdict: 'valid' });
    expect(await paper.verify.check({ kind: 'number', number: key.number, hash: null })).toMatchObject({ verdict: 'exists', status: 'BESTAETIGT' });
    expect(await paper.verify.check({ kind: 'number', number: 'SO-NONE-1', hash: null })).toMatchObject({ verdict: 'unknown' });
    expect(await codeOf(paper.verify.check({ kind: 'text', text: '0123456789abcdef' }))).toBe('verify.noNumber');
    expect(await codeOf(paper.verify.check({ kind: 'text', text: 'nothing at all' }))).toBe('verify.nothing');
  });

  it('never asks another server, and says when its own cannot be reached', async () => {
    await start();
    const other = await startWorld({ documents: 20 });
    const address = `${other.backend.erp}/verify/sales/${key.number}/0123456789abcdef`;
    other.backend.control.clearRequests();
    expect(await paper.verify.check({ kind: 'text', text: address })).toMatchObject({ verdict: 'foreign', foreignHost: new URL(other.backend.erp).host, status: null });
    expect(await paper.verify.check({ kind: 'file', name: 'a.png', bytes: Uint8Array.from(qrPng(address)) })).toMatchObject({ verdict: 'foreign' });
    expect(other.backend.control.requests).toEqual([]);
    await other.end();
    world.backend.control.fail({ path: /\/verify\//, fault: { kind: 'dropBefore' }, times: 9 });
    expect(await codeOf(paper.verify.check({ kind: 'number', number: key.number, hash: null }))).toBe('network.interrupted');
  });

  it('on the shipped server finds by number what carries only a number', async () => {
    await start({ api: 'shipped' });
    const saved = await paper.print.printOnServer(key, 'Auftrag');
    expect(await paper.verify.check({ kind: 'file', name: 'x.pdf', bytes: await bytesOf(saved?.path ?? '') })).toMatchObject({ verdict: 'exists', number: key.number, hash: null, file: { archived: { user: 'admin' } } });
    expect((await paper.archive.history(key)).value).toMatchObject([{ server: { valid: true }, here: { same: true } }]);
  });
});

describe('exporting', () => {
  const words = (language: 'de' | 'en'): ExportWords => ({
    language, sheet: 'Belege', columns: Object.fromEntries(exportColumns.map((name) => [name, name])) as ExportWords['columns'], types: paperWords(language).types,
    workflow: Object.fromEntries(workflowStates.map((state) => [state, state])) as ExportWords['workflow'], statuses: paperWords(language).statuses,
  });
  const query = { sort: { by: 'number' as const, direction: 'asc' as const }, types: ['sales_order' as const] };

  it('writes the list as filtered and sorted, in the dialect of the language', async () => {
    await start();
    const writing = await paper.exports.list({ query, format: 'csv', words: words('de'), name: 'Belege' });
    expect(await jobs.ended(writing?.job.id ?? '')).toMatchObject({ status: 'done', error: null });
    const [head, first, ...more] = (await readFile(writing?.path ?? '', 'utf8')).trimEnd().split('\r\n');
    const { rows, total } = await pc.host.documents.list({ ...query, offset: 0, limit: 500 });
    expect(head).toBe(`\uFEFF${exportColumns.join(';')}`);
    expect(first?.startsWith(`${rows[0]?.number ?? ''};Auftrag;`)).toBe(true);
    expect(first).toContain(rows[0]?.net.replace('.', ','));
    expect(more).toHaveLength(total - 1);
    expect(await readdir(folder)).toEqual(['Belege.csv']);
  });

  it('writes a workbook that a reader of its own opens, amounts and days as such', async () => {
    await start();
    const writing = await paper.exports.list({ query, format: 'xlsx', words: words('en'), name: 'Documents' });
    expect(await jobs.ended(writing?.job.id ?? '')).toMatchObject({ status: 'done', error: null });
    const [sheet] = await readXlsxFile(await readFile(writing?.path ?? ''));
    const { rows, total } = await pc.host.documents.list({ ...query, offset: 0, limit: 500 });
    expect(sheet?.sheet).toBe('Belege');
    expect(sheet?.data).toHaveLength(total + 1);
    expect(sheet?.data[1]?.slice(0, 6)).toEqual([rows[0]?.number, 'Order', new Date(`${rows[0]?.date ?? ''}T00:00:00Z`), rows[0]?.partnerName, Number(rows[0]?.net), Number(rows[0]?.gross)]);
  });

  it('leaves nothing when cancelled, and says where it cannot write', async () => {
    await start();
    const writing = await paper.exports.list({ query, format: 'csv', words: words('de'), name: 'Belege' });
    await jobs.cancel(writing?.job.id ?? '');
    expect(['cancelled', 'done']).toContain((await jobs.ended(writing?.job.id ?? ''))?.status);
    expect((await readdir(folder)).filter((name) => name.includes('.part'))).toEqual([]);
    target = path.join(folder, 'missing', 'x.csv');
    const refused = await paper.exports.list({ query, format: 'csv', words: words('de'), name: 'Belege' });
    expect(await jobs.ended(refused?.job.id ?? '')).toMatchObject({ status: 'failed', error: { code: 'file.notWritten' } });
  });

  it('saves the server\'s own file', async () => {
    await start();
    const writing = await paper.exports.server({ type: 'sales_order', from: null, to: null, format: 'xlsx', name: 'Server' });
    expect(await jobs.ended(writing?.job.id ?? '')).toMatchObject({ status: 'done', error: null });
    const [sheet] = await readXlsxFile(await readFile(writing?.path ?? ''));
    expect(sheet?.data.length).toBeGreaterThan(5);
  });
});
