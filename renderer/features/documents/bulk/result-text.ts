import type { BulkRow } from '../../../../shared/domain/bulk.ts';

/** A result as text for the clipboard: one line a document, columns by tabs, so that a spreadsheet takes it too. */
export function resultText(rows: readonly BulkRow[], words: { head: readonly string[]; type: (row: BulkRow) => string; amount: (row: BulkRow) => string; result: (row: BulkRow) => string }): string {
  const cell = (text: string): string => text.replaceAll(/[\t\r\n]+/g, ' ').trim();
  const lines = rows.map((row) => [words.type(row), row.key.number, row.partnerName ?? '', words.amount(row), words.result(row)]);
  return [words.head, ...lines].map((line) => line.map(cell).join('\t')).join('\n');
}
