import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything, type AuditFilter, type AuditRow } from '../../../shared/domain/audit.ts';
import { auditColumns, retentionClasses, type AuditExportWords } from '../../../shared/domain/audit-export.ts';
import { documentTypes } from '../../../shared/domain/document-types.ts';
import type { AuditLog } from '../audit/log.ts';
import { AuditExport, type AuditFileFormat } from './audit-export.ts';

const named = <K extends string>(names: readonly K[]): Record<K, string> => Object.fromEntries(names.map((name) => [name, name])) as unknown as Record<K, string>;
const words = (language: 'de' | 'en'): AuditExportWords => ({
  language, columns: named(auditColumns), outcomes: { accepted: 'angenommen', refused: 'abgewiesen' }, yes: 'ja', no: 'nein', types: named(documentTypes), classes: named(retentionClasses), bases: named(retentionClasses),
  classColumns: { name: 'Klasse', meaning: 'Bedeutung', years: 'Jahre', basis: 'Grundlage' }, supplier: 'Müller & <Söhne>', location: 'erp.example', origin: 'Stand', conditions: 'Nur Person sales', title: 'Protokoll', classTitle: 'Aufbewahrungsklassen', verifiedSize: 2,
});
const at = new Date(2026, 2, 2, 9, 5, 7).getTime();
const row = (index: number, change: Partial<AuditRow> = {}): AuditRow => ({ index, at, actor: 'sales', role: null, client: null, action: 'submit', resource: 'sales/SO-1', from: null, to: null, reason: null, policy: null, correlationId: `c-${index}`, outcome: 'accepted', ...change });
/** What the export needs of a log. */
const logOf = (rows: readonly AuditRow[]): AuditLog => ({ indexes: (_: AuditFilter) => Uint32Array.from(rows, (_one, index) => index), row: (index: number) => rows[index] ?? null }) as unknown as AuditLog;

let folder = '';
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-audit-export-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(rows: readonly AuditRow[], format: AuditFileFormat, language: 'de' | 'en' = 'de'): Promise<Buffer> {
  const file = path.join(folder, 'x');
  const run = await AuditExport.begin(logOf(rows), everything, { format, words: words(language), file, beside: `${file}.part` });
  while (!(await run.step()).finished);
  return readFile(file);
}
const hostile = row(1, { actor: '=HYPERLINK("http://x")', reason: 'a;b\n"c"', resource: 'sales/INV-1' });

describe('the log as a file', () => {
  it('is CSV that German Excel opens, and no text of it becomes a formula', async () => {
    const text = (await write([row(0), hostile, row(2, { outcome: 'refused', resource: 'policy' })], 'csv')).toString('utf8');
    const [head = '', first = '', ...rest] = text.split('\r\n');
    expect(head.startsWith('\uFEFFnumber;day;time;')).toBe(true);
    expect(first).toBe('1;02.03.2026;09:05:07;sales;;;submit;sales/SO-1;;;;;c-0;angenommen;ja;sales_order;letter;31.12.2032');
    expect(rest.join('\r\n')).toContain(`"'=HYPERLINK(""http://x"")";;;submit;sales/INV-1;;;"a;b\n""c""";;c-1;angenommen;ja;sales_invoice;voucher;31.12.2034`);
    expect(rest.at(-3)).toContain('abgewiesen;nein;;books;31.12.2036');
    expect((await write([row(0)], 'csv', 'en')).toString('utf8').split('\r\n')[1]).toContain('1,2026-03-02,09:05:07,sales');
  });

  it('is a line of JSON for each entry, after one that says how far it is verified', async () => {
    const [head, ...lines] = (await write([row(0), hostile, row(2)], 'jsonl')).toString('utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(head).toEqual({ format: 'valeo-audit-export/1', entries: 3, verifiedSize: 2, origin: 'Stand', conditions: 'Nur Person sales' });
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatchObject({ seq: 2, ts: new Date(at).toISOString(), actor: hostile.actor, reason: hostile.reason, verified: true, documentType: 'sales_invoice', retention: { class: 'voucher', years: 8, keptUntil: '2034-12-31' } });
    expect(lines[2]).toMatchObject({ verified: false, retention: { class: 'letter', years: 6 } });
  });

  it('is a hand-over whose description names every column that is there, and whose texts are exact', async () => {
    const parts = unzipSync(await write([row(0), hostile], 'gobd'));
    expect(Object.keys(parts).toSorted()).toEqual(['aufbewahrung.csv', 'index.xml', 'protokoll.csv']);
    const [index, log, classes] = ['index.xml', 'protokoll.csv', 'aufbewahrung.csv'].map((name) => strFromU8(parts[name] ?? new Uint8Array()));
    expect(index).toContain('<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">');
    expect(index).toContain('<Name>Müller &amp; &lt;Söhne&gt;</Name>');
    const table = (index ?? '').slice((index ?? '').indexOf('<URL>protokoll.csv</URL>'));
    const columns = [...table.matchAll(/<Variable(?:PrimaryKey|Column)><Name>([^<]+)<\/Name>/g)].map(([, name]) => name);
    expect(columns).toEqual([...auditColumns]);
    expect(log?.split('\r\n')[0]).toBe(auditColumns.map((name) => `"${name}"`).join(';'));
    expect(log).toContain('"=HYPERLINK(""http://x"")"');
    expect(log).toContain('"a;b ""c"""');
    expect(log?.trimEnd().split('\r\n')).toHaveLength(3);
    expect(classes?.trimEnd().split('\r\n').slice(1)).toEqual(['"books";"books";"10";"books"', '"voucher";"voucher";"8";"voucher"', '"letter";"letter";"6";"letter"']);
  });

  it('leaves nothing behind when it is given up, and goes in steps that serve others between them', async () => {
    const file = path.join(folder, 'x.csv');
    const rows = Array.from({ length: 60_000 }, (_, index) => row(index));
    const run = await AuditExport.begin(logOf(rows), everything, { format: 'csv', words: words('de'), file, beside: `${file}.part` });
    expect(await run.step()).toMatchObject({ finished: false });
    await run.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['csv', 'jsonl', 'gobd'] as const)('says in %s which entries were taken', async (format) => {
    const bytes = await write([row(0)], format);
    const text = format === 'gobd' ? strFromU8(unzipSync(bytes)['index.xml'] ?? new Uint8Array(0)) : bytes.toString('utf8');
    expect(text).toContain('Nur Person sales');
    if (format !== 'csv') return;
    const [head = '', ...others] = text.trimEnd().split('\r\n');
    expect(others.map((line) => line.split(';').length), 'in lines of as many cells as all').toEqual([head.split(';').length, head.split(';').length]);
  });
});
