import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentSchema } from '../../../../shared/domain/document.ts';
import { draftContentSchema } from '../../../../shared/domain/draft.ts';
import { blankContent, contentOf, maxLines, toDocument } from '../../../../shared/domain/draft-document.ts';
import { changeContent } from './content.ts';
import { clipboardText } from './grid-keys.ts';
import { readBlock, reportOf, spreadsheetCells, type PasteReport } from './paste.ts';

const blank = blankContent('sales_offer', '2026-11-22');
function paste(text: string, column: 'article' | 'qty' | 'price' = 'article', language: 'de' | 'en' = 'de'): { lines: ReturnType<typeof toDocument>['lines']; report: PasteReport } {
  const block = readBlock(spreadsheetCells(text) ?? [], { column, position: 0, language });
  const content = changeContent(blank, { type: 'paste', line: 0, columns: block.columns, rows: block.rows, language: block.language });
  return { lines: toDocument(content).lines, report: reportOf(block, content.lines) };
}

describe('cells of a spreadsheet', () => {
  it('are rows and columns, whatever the line ends', () => {
    expect(spreadsheetCells('a\t1\r\nb\t2\r\n')).toEqual([['a', '1'], ['b', '2']]);
    expect(spreadsheetCells('a\nb')).toEqual([['a'], ['b']]);
    expect(spreadsheetCells('a\t\n\t1')).toEqual([['a', ''], ['', '1']]);
  });
  it('leave a single value to the field', () => expect(['1,5', '1,5\n', '', '"x'].map(spreadsheetCells)).toEqual([null, null, null, null]));
  it('may hold line ends, tabs and quotes in quotes', () => {
    expect(spreadsheetCells('"Weizen\nlose"\t"2"\n"ein ""guter"""\t\r\n')).toEqual([['Weizen\nlose', '2'], ['ein "guter"', '']]);
    expect(spreadsheetCells('"Profi"-Öl\t5\n19" Rad\t1')).toEqual([['"Profi"-Öl', '5'], ['19" Rad', '1']]);
  });
  it('come back as they were written', () => {
    const cell = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\r', ''));
    fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
      const text = rows.map((row) => row.map((one) => (/["\t\n]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one)).join('\t')).join('\n');
      expect(spreadsheetCells(text)).toEqual(rows);
    }));
  });
});

describe('a pasted block', () => {
  it('follows the columns of the grid', () => {
    const { lines } = paste('A-1\t2\t1.234,50\t\t7\nA-2\t3\n\t\n');
    expect(lines).toEqual([{ article: 'A-1', qty: '2', price: '1234.5', vatRate: '7', cost: null }, { article: 'A-2', qty: '3', price: null, vatRate: '19', cost: null }]);
  });

  it('is read as accounting programs and spreadsheets write numbers', () => {
    const { lines, report } = paste('A-1\t2\t12,50 EUR\t10,00 €\t19 %\nA-2\t1.234,00-\t1.250\t\t7,0%');
    expect(lines).toEqual([{ article: 'A-1', qty: '2', price: '12.5', vatRate: '19', cost: '10' }, { article: 'A-2', qty: '-1234', price: '1250', vatRate: '7', cost: null }]);
    expect(report).toMatchObject({ unreadable: 0, ambiguous: 1, language: 'de' });
    // What shows the language of a block may carry its currency; a quantity in per cent is none.
    expect(paste('A-1\t2\t12.50 EUR\nA-2\t5 %\t1,250', 'article', 'de').report).toMatchObject({ language: 'en', unreadable: 1 });
  });

  it('is read by its heads where it has some, in their order, and says what has no place', () => {
    const { lines, report } = paste('Pos\tMenge\tArtikel\tLager\tPreis\n1\t5\tA-1\tNord\t9,90\n2\t6\tA-2\t\t8');
    expect(lines).toMatchObject([{ article: 'A-1', qty: '5', price: '9.9' }, { article: 'A-2', qty: '6', price: '8' }]);
    expect(report).toMatchObject({ lines: 2, leftColumns: ['Pos', 'Lager'] });
  });

  it('names columns beyond the grid by their letters, and only those that hold something', () => {
    expect(paste('2\t3\t4\t5\t6\t\tx\n1\t1', 'qty').report.leftColumns).toEqual(['E', 'G']);
  });

  it('fits 1,000 lines and says how many did not', () => {
    const rows = Array.from({ length: maxLines + 5 }, (_, index) => `A-${index}\t1`).join('\n');
    const { lines, report } = paste(rows);
    expect(lines).toHaveLength(maxLines);
    expect(report).toMatchObject({ lines: maxLines, leftRows: 5 });
    // Full: there is no row ready any more, and none can be inserted.
    const full = contentOf(documentSchema.parse({ ...toDocument(blank), number: 'ANG-1', lines }));
    expect(full.lines).toHaveLength(maxLines);
    expect(changeContent(full, { type: 'insertLine', before: 0 })).toBe(full);
    expect(draftContentSchema.safeParse(changeContent(full, { type: 'deleteLines', lines: [7] })).success).toBe(true);
  });

  it('counts what cannot be read and keeps it', () => {
    const { report } = paste('A-1\tviel\t12\nA-2\t2\t1,2,3');
    expect(report.unreadable).toBe(2);
    const block = readBlock(spreadsheetCells('A-1\tviel') ?? [], { column: 'article', position: 0, language: 'de' });
    expect(changeContent(blank, { type: 'paste', line: 0, ...block }).lines[0]?.qty).toEqual({ text: 'viel', value: null });
  });

  it('takes the language that its own numbers speak', () => {
    expect(paste('A-1\t1\t1,234.50\nA-2\t1\t1,500', 'article', 'de')).toMatchObject({ lines: [{ price: '1234.5' }, { price: '1500' }], report: { language: 'en', ambiguous: 1, example: '1,500' } });
    expect(paste('A-1\t1\t1.234,50\nA-2\t1\t1.500', 'article', 'en')).toMatchObject({ lines: [{ price: '1234.5' }, { price: '1500' }], report: { language: 'de' } });
    expect(paste('A-1\t1\t1.500', 'article', 'de')).toMatchObject({ lines: [{ price: '1500' }], report: { language: 'de', ambiguous: 1 } });
    // Both kinds side by side prove nothing.
    expect(paste('A-1\t1\t2,50\nA-2\t1\t2.50', 'article', 'de').report.language).toBe('de');
  });

  it('drops nothing that fits: every cell is a value or its own text', () => {
    const text = fc.constantFrom('', '1', '2,5', '1.234', 'abc', '7 %', '-3');
    fc.assert(fc.property(fc.array(fc.tuple(text, text, text, text), { minLength: 1, maxLength: 20 }), (rows) => {
      const block = readBlock(rows, { column: 'qty', position: 0, language: 'de' });
      const { lines } = changeContent(blank, { type: 'paste', line: 0, ...block });
      rows.forEach((row, index) => (['qty', 'price', 'cost', 'vatRate'] as const).forEach((column, at) => {
        const cell = lines[index]?.[column];
        if ((row[at] ?? '') !== '') expect(cell?.value !== null || cell.text === row[at]).toBe(true);
      }));
    }));
  });

  it('can be copied out again', () => {
    const { content } = { content: changeContent(blank, { type: 'paste', line: 0, columns: ['article', 'qty'], rows: [['A "1"', '2'], ['B', '3']], language: 'de' }) };
    const text = clipboardText(content.lines, { first: 0, last: 1, columns: ['article', 'qty'] }, (line, column) => (column === 'article' ? line.article : (line[column].value ?? '')));
    expect(spreadsheetCells(text)).toEqual([['A "1"', '2'], ['B', '3']]);
  });
});
