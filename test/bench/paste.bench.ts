import { blankContent, draftTotals } from '../../shared/domain/draft-document.ts';
import { fallbackFormSpec } from '../../shared/domain/form-specs-fallback.ts';
import { changeContent } from '../../renderer/features/documents/edit/content.ts';
import { lineFindings } from '../../renderer/features/documents/edit/guards.ts';
import { readBlock, reportOf, spreadsheetCells } from '../../renderer/features/documents/edit/paste.ts';
import { problemsOf } from '../../renderer/features/documents/edit/problems.ts';
import { median, percentile, timed, type Report } from './report.ts';

const spec = fallbackFormSpec('sales_order');

/** 1,000 × 12 cells as a spreadsheet copies them, with a row of heads; every fiftieth price cannot be read. */
const table = (rows: number): string => [
  ['Pos', 'Artikel', 'Menge', 'Preis', 'EK', 'USt %', 'Lager', 'Charge', 'Termin', 'Kostenstelle', 'Notiz', 'Wert'],
  ...Array.from({ length: rows }, (_, index) => [
    String(index + 1), `GE-${1000 + index} Weizen "A"`, String((index % 40) + 1), index % 50 === 7 ? 'auf Anfrage' : `1.${200 + (index % 700)},50`, '980,00', index % 3 === 0 ? '19' : '7',
    'Nord', `CH-${index}`, '24.12.2026', '4711', 'ab Hof\ngesackt', '12,00',
  ]),
].map((row) => row.map((cell) => (/["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\r\n');

/** Pasting a table into the lines, and one key in a document that has them: everything but the painting. */
export async function run({ scale, add, note }: Report): Promise<void> {
  const rows = Math.max(20, Math.round(1000 * scale));
  const text = table(rows);
  const blank = blankContent('sales_order', '2026-11-22');
  const judge = (content: typeof blank): number => problemsOf(content, spec).length + lineFindings(content).length + Number(draftTotals(content).gross);
  let content = blank;
  const pastes: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    pastes.push(await timed(() => {
      const block = readBlock(spreadsheetCells(text) ?? [], { column: 'article', position: 0, language: 'de' });
      content = changeContent(blank, { type: 'paste', line: 0, columns: block.columns, rows: block.rows, language: block.language });
      judge(content);
      if (reportOf(block, content.lines).unreadable !== Math.ceil((rows - 7) / 50)) throw new Error('the table was read wrongly');
    }));
  }
  add({ name: `paste ${rows} × 12 cells: read, put in, judged`, value: median(pastes), unit: 'ms', limit: 100 });
  const keys: number[] = [];
  for (let turn = 0; turn < 200; turn++) {
    keys.push(await timed(() => {
      content = changeContent(content, { type: 'typeCell', line: content.lines[turn % content.lines.length]?.id ?? 0, column: 'price', text: `12${turn}`, language: 'de' });
      judge(content);
    }));
  }
  add({ name: `one key in ${rows} lines, p95`, value: percentile(keys, 0.95), unit: 'ms', limit: 16 });
  note(`${rows} rows pasted, a key takes ${median(keys).toFixed(2)} ms in the middle`);
}
