import { unzipSync, strFromU8 } from 'fflate';
import fc from 'fast-check';
import readXlsxFile from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { exact } from '../../../shared/domain/money.ts';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { exportColumns, type ExportWords } from '../../../shared/domain/list-export.ts';
import { paperWords } from '../../../test/fixtures/paper.ts';
import { csvHead, csvRows, guardText } from './csv.ts';
import { xlsxWriter } from './xlsx.ts';

const words = (language: 'de' | 'en'): ExportWords => ({
  language, sheet: 'Belege [1]/2', columns: Object.fromEntries(exportColumns.map((name) => [name, name])) as ExportWords['columns'], types: paperWords(language).types,
  workflow: { draft: 'Entwurf', pending: 'Ausstehend', approved: 'Freigegeben', posted: 'Verbucht', rejected: 'Abgelehnt' }, statuses: paperWords(language).statuses,
});
const row = (change: Partial<ListRow> = {}): ListRow => ({
  type: 'sales_order', number: 'SO-1', date: '2026-11-22', partnerName: 'Meyer', net: exact('-1234.5'), gross: exact('12345678901234.56'), status: 'ENTWURF', workflow: 'pending',
  submittedBy: 'anna', submittedAt: null, changedAt: null, fetchedAt: 0, ...change,
});

/** A reader of RFC 4180 of its own. */
function readCsv(text: string, separator: string): string[] {
  const cells: string[] = [];
  const pattern = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r\\n|$)`, 'gy');
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    cells.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    if (match[3] !== separator) break;
  }
  return cells;
}

function workbook(rows: ListRow[], language: 'de' | 'en' = 'de'): Buffer {
  const chunks: Uint8Array[] = [];
  const writer = xlsxWriter(words(language), (chunk) => chunks.push(chunk));
  writer.rows(rows);
  writer.end();
  return Buffer.concat(chunks);
}

describe('CSV', () => {
  it('writes what Excel of the country reads', () => {
    expect(csvHead(words('de')).startsWith('\uFEFFnumber;type;')).toBe(true);
    expect(csvRows([row()], words('de'))).toBe('SO-1;Auftrag;22.11.2026;Meyer;-1234,5;12345678901234,56;Entwurf;Ausstehend;anna;;\r\n');
    expect(csvRows([row()], words('en'))).toBe('SO-1,Order,2026-11-22,Meyer,-1234.5,12345678901234.56,Draft,Ausstehend,anna,,\r\n');
  });

  it.each(['=1+1', '+49 441', '-x', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1+1', '\u0000=1'])('keeps %j from being a formula', (text) => expect(guardText(text).startsWith("'")).toBe(true));
  it('leaves ordinary texts alone', () => expect([guardText('Meyer & Co. = gut'), guardText('5-7'), guardText('')]).toEqual(['Meyer & Co. = gut', '5-7', '']));

  it('gives back every text as it was, for any separator in it', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom('de' as const, 'en' as const), (partnerName, language) => {
      const cells = readCsv(csvRows([row({ partnerName })], words(language)), language === 'de' ? ';' : ',');
      expect(cells).toHaveLength(exportColumns.length);
      expect(cells[3]).toBe(guardText(partnerName));
    }));
  });
});

describe('XLSX', () => {
  it('holds exact digits, typed days, and texts as texts', async () => {
    const file = workbook([row({ partnerName: '=HYPERLINK("x")<&>_x0041_\u0001', date: '2026-02-28' }), row({ date: null, partnerName: null })]);
    const sheet = strFromU8(unzipSync(file)['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
    expect(sheet).toContain('<v>12345678901234.56</v>');
    expect(sheet).not.toContain('<f>');
    const [read] = await readXlsxFile(file);
    expect(read?.sheet).toBe('Belege  1  2');
    expect(read?.data[1]?.slice(0, 5)).toEqual(['SO-1', 'Auftrag', new Date('2026-02-28T00:00:00Z'), expect.stringContaining('=HYPERLINK("x")<&>'), -1234.5]);
    expect(read?.data[2]?.slice(2, 4)).toEqual([null, null]);
  });

  it('is opened by a reader of its own whatever stands in the rows', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 20 }), async (names) => {
      const [read] = await readXlsxFile(workbook(names.map((partnerName) => row({ partnerName }))));
      expect(read?.data).toHaveLength(names.length + 1);
    }), { numRuns: 40 });
  });
});
