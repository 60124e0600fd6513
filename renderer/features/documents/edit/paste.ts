import { emptyLine, isEmptyLine, isUnreadable, maxLines, withReadyRow } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent, DraftLine } from '../../../../shared/domain/draft.ts';
import { compacted, isAmbiguous } from '../../../../shared/domain/money.ts';
import { lineColumns, numberText, settledCell, started, typedCell, type LineColumn, type NumberLanguage } from './lines.ts';

/** Which column of the grid a pasted column goes to; null where the grid has none for it. */
export type PasteColumn = LineColumn | null;

/** A block from a spreadsheet, understood: what will be pasted, and what has no place. */
export type PasteBlock = {
  /** The line that the first row goes to. */
  position: number;
  columns: readonly PasteColumn[];
  rows: readonly (readonly string[])[];
  /** How the block writes its numbers, by those that can be read in one way only. */
  language: NumberLanguage;
  /** Heads of columns without a place here, or their letters (`F`, `G`) where the block has no head. */
  leftColumns: readonly string[];
  /** Rows beyond the lines that a document can have. */
  leftRows: number;
};

/**
 * The cells of a clipboard text as spreadsheets write it: columns by tab, rows by line end, and cells in quotes where
 * they hold either, with doubled quotes inside. @returns null for a single value, which is typed as usual.
 */
export function spreadsheetCells(text: string): string[][] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = text[at] === '"' ? quotedCell(text, at) : null;
    const end = quoted?.end ?? plainEnd(text, at);
    row.push(quoted?.value ?? text.slice(at, end));
    if (text[end] === '\t') {
      at = end + 1;
      continue;
    }
    rows.push(row);
    row = [];
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    if (at >= text.length) break;
  }
  return rows.length === 1 && rows[0]?.length === 1 ? null : rows;
}

function plainEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\t' && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

/** A cell that begins with a quote counts as quoted only when its end fits; `"Profi"-Öl` is plain text. */
function quotedCell(text: string, from: number): { value: string; end: number } | null {
  let at = from + 1;
  for (;;) {
    const close = text.indexOf('"', at);
    if (close < 0) return null;
    if (text[close + 1] === '"') {
      at = close + 2;
      continue;
    }
    const next = text[close + 1];
    if (next !== undefined && next !== '\t' && next !== '\n' && next !== '\r') return null;
    return { value: text.slice(from + 1, close).replaceAll('""', '"'), end: close + 1 };
  }
}

/** Column heads as people write them in both languages. */
const heads: Readonly<Record<LineColumn, RegExp>> = {
  article: /^(artikel|artikelnummer|artikel-?nr\.?|art\.?-?nr\.?|bezeichnung|article|item|sku|product|produkt)$/,
  qty: /^(menge|anzahl|stück|stk\.?|qty|quantity|amount)$/,
  price: /^(preis|einzelpreis|e-?preis|vk|vk-preis|verkaufspreis|price|unit price)$/,
  cost: /^(ek|ek-preis|einkaufspreis|einstand|cost|unit cost)$/,
  vatRate: /^(ust\.?|mwst\.?|steuer|steuersatz|vat|vat rate|tax|tax rate)( ?%)?$/,
};
const columnOfHead = (text: string): PasteColumn => lineColumns.find((column) => heads[column].test(text.trim().toLowerCase())) ?? null;

/** Where each column of a head row goes; null when the row is no head: two known names at least, each once. */
function headColumns(row: readonly string[]): PasteColumn[] | null {
  const seen = new Set<LineColumn>();
  const columns = row.map((cell) => {
    const column = columnOfHead(cell);
    if (column === null || seen.has(column)) return null;
    seen.add(column);
    return column;
  });
  return seen.size >= 2 ? columns : null;
}

/** The letter of a spreadsheet column: A, B, … Z, AA. */
function letter(index: number): string {
  return (index >= 26 ? letter(Math.floor(index / 26) - 1) : '') + String.fromCodePoint(65 + (index % 26));
}

const german = /^-?(\d{1,3}(\.\d{3})+(,\d+)?|\d+,\d+)$/;
const english = /^-?(\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+)$/;
/** `1.234,56` is German and `1,234.56` English wherever one reads them; a block that has one kind only is all of that kind. */
function languageOf(rows: readonly (readonly string[])[], columns: readonly PasteColumn[], otherwise: NumberLanguage): NumberLanguage {
  const found = new Set<NumberLanguage>();
  const numeric = columns.flatMap((column, index) => (column === null || column === 'article' ? [] : [{ column, index }]));
  for (const row of rows) {
    for (const { column, index } of numeric) {
      const text = compacted(numberText(column, row[index] ?? ''));
      if (text === '' || isAmbiguous(text)) continue;
      if (german.test(text)) found.add('de');
      else if (english.test(text)) found.add('en');
      if (found.size === 2) return otherwise;
    }
  }
  return [...found][0] ?? otherwise;
}

/**
 * Understands a block that is pasted into `column` of the line at `position`: a row of known heads names the columns in
 * its own order, else they follow each other as the grid's do.
 */
export function readBlock(cells: readonly (readonly string[])[], { column, position, language }: { column: LineColumn; position: number; language: NumberLanguage }): PasteBlock {
  const width = Math.max(...cells.map((row) => row.length));
  const named = headColumns(cells[0] ?? []);
  const columns = named ?? Array.from({ length: width }, (_, index) => lineColumns[lineColumns.indexOf(column) + index] ?? null);
  const rows = named === null ? cells : cells.slice(1);
  const room = Math.max(0, maxLines - position);
  const hasText = (index: number): boolean => rows.some((row) => (row[index] ?? '').trim() !== '');
  const leftColumns = Array.from({ length: width }, (_, index) => index)
    .filter((index) => (columns[index] ?? null) === null && hasText(index))
    .map((index) => (named === null ? letter(index) : (cells[0]?.[index] ?? '').trim() || letter(index)));
  return { position, columns, rows: rows.slice(0, room), language: languageOf(rows, columns, language), leftColumns, leftRows: Math.max(0, rows.length - room) };
}

/** Puts the rows of a block into the lines from one line on; missing lines are made. */
export function pastedLines(content: DraftContent, { line: first, columns, rows, language }: { line: number; columns: readonly PasteColumn[]; rows: PasteBlock['rows']; language: NumberLanguage }): DraftContent {
  const start = content.lines.findIndex((line) => line.id === first);
  if (start < 0) return content;
  const lines = [...content.lines];
  let { nextLineId } = content;
  rows.forEach((row, offset) => {
    const line: DraftLine = { ...(lines[start + offset] ?? emptyLine(nextLineId++)) };
    columns.forEach((name, index) => {
      const text = row[index];
      if (name === null || text === undefined) return;
      if (name === 'article') line.article = text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
      else line[name] = settledCell(typedCell(name, text.trim(), language));
    });
    lines[start + offset] = isEmptyLine(line) ? line : started(line);
  });
  return withReadyRow({ ...content, lines, nextLineId });
}

/** What is to be said after a paste. */
export type PasteReport = { lines: number; unreadable: number; ambiguous: number; language: NumberLanguage; example: string | null; leftColumns: readonly string[]; leftRows: number };

/** Counts what a pasted block did to the lines. `ambiguous` are numbers like 1.234, which the other language reads differently. */
export function reportOf(block: PasteBlock, lines: readonly DraftLine[]): PasteReport {
  const numeric = block.columns.flatMap((column, index) => (column === null || column === 'article' ? [] : [{ column, index }]));
  let unreadable = 0;
  const ambiguous: string[] = [];
  block.rows.forEach((row, offset) => {
    const line = lines[block.position + offset];
    for (const { column, index } of numeric) {
      if (line !== undefined && isUnreadable(line[column])) unreadable++;
      const text = numberText(column, row[index] ?? '').trim();
      if (isAmbiguous(text)) ambiguous.push(text);
    }
  });
  return { lines: block.rows.length, unreadable, ambiguous: ambiguous.length, example: ambiguous[0] ?? null, language: block.language, leftColumns: block.leftColumns, leftRows: block.leftRows };
}
