import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPaper, type Paper } from '../../main/documents/paper/index.ts';
import { Jobs } from '../../main/jobs.ts';
import { silentLog } from '../../main/log/log.ts';
import { everything } from '../../shared/domain/audit.ts';
import type { AuditExportFormat } from '../../shared/domain/audit-export.ts';
import { startWorld, type Pc, type World } from './workspace-world.ts';

let world: World;
let pc: Pc;
let paper: Paper;
let jobs: Jobs;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-audit-'));
  world = await startWorld({ documents: 30, audit: 700 });
  pc = await world.pc();
  await pc.as('admin');
  const visit = pc.workspace.audit.visit();
  await pc.jobs.ended(visit.id);
  jobs = new Jobs({ now: Date.now, after: () => () => undefined, log: silentLog });
  paper = createPaper({
    profile: pc.workspace.profile, erp: pc.workspace.erp, host: pc.host, documents: pc.workspace.documents, journal: pc.workspace.audit.notes, jobs, isOnline: () => false, now: Date.now, log: silentLog,
    paper: { printToPdf: async (html) => new TextEncoder().encode(html), printWithDialog: async () => true, showPreview: () => '', forgetPreviews: () => undefined },
    files: { saveFile: async (name) => path.join(folder, name), openFile: async () => undefined, showInFolder: () => undefined },
  });
});
afterEach(async () => {
  await world.end();
  await rm(folder, { recursive: true, force: true });
});

async function write(format: AuditExportFormat, filter = everything): Promise<string> {
  const begun = await paper.auditExports.start({ filter, format, language: 'de', name: 'log' });
  expect((await jobs.ended(begun?.job.id ?? ''))?.error ?? null).toBeNull();
  return begun?.path ?? '';
}

describe('the cached log as files, without a server', () => {
  it('has every entry that the filter leaves, in each format, with words of its own', async () => {
    const { size } = await pc.workspace.audit.status();
    const approvals = (await pc.host.audit('audit.list', { filter: { ...everything, action: 'approve' }, offset: 0, limit: 1 })).total;
    expect(approvals).toBeGreaterThan(0);
    const csv = await readFile(await write('csv'), 'utf8');
    expect(csv.trimEnd().split('\r\n'), 'the head, the entries, and what the file is').toHaveLength(size + 2);
    expect(csv).toContain('Alle Einträge, ohne Filter.');
    expect(csv).toContain('Nr;Datum;Uhrzeit;Person');
    const json = (await readFile(await write('jsonl', { ...everything, action: 'approve' }), 'utf8')).trimEnd().split('\n');
    expect(json).toHaveLength(approvals + 1);
    expect(JSON.parse(json[0] ?? '')).toMatchObject({ conditions: 'Nur Einträge nach diesem Filter: Aktion approve.' });
    expect(json[0]).toContain(`${size} von ${size} Einträgen geprüft`);
    const parts = unzipSync(await readFile(await write('gobd')));
    expect(strFromU8(parts['protokoll.csv'] ?? new Uint8Array()).trimEnd().split('\r\n')).toHaveLength(size + 1);
    expect(strFromU8(parts['aufbewahrung.csv'] ?? new Uint8Array())).toContain('"voucher";"Buchungsbelege";"8"');
    const from = Date.UTC(2026, 0, 1);
    const narrowed = strFromU8(unzipSync(await readFile(await write('gobd', { ...everything, actor: 'sales', from, text: 'eilig', hours: 'outside' })))['index.xml'] ?? new Uint8Array());
    for (const said of ['Person sales', 'ab 01.01.2026', 'außerhalb Mo–Fr', 'Suchworte „eilig“']) expect(narrowed).toContain(said);
    expect(strFromU8(parts['index.xml'] ?? new Uint8Array())).toContain('<URL>protokoll.csv</URL>');
    const report = await readFile(await write('pdf'), 'utf8');
    for (const text of ['Auszug aus dem Protokoll', 'Aufbewahrungsklassen', `von ${new Intl.NumberFormat('de-DE').format(size)} Einträgen geprüft`]) expect(report).toContain(text);
    expect(report).not.toContain('{{');
    expect((await readdir(folder)).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('ends without a file when it is cancelled', async () => {
    const begun = await paper.auditExports.start({ filter: everything, format: 'csv', language: 'en', name: 'log' });
    await jobs.cancel(begun?.job.id ?? '');
    expect((await jobs.ended(begun?.job.id ?? ''))?.status).toBe('cancelled');
    expect(await readdir(folder)).toEqual([]);
  });
});
