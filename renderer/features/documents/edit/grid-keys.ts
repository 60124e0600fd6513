import type { DraftLine } from '../../../../shared/domain/draft.ts';
import { lineColumns, type LineColumn } from './lines.ts';

/** A cell of the grid: the position of its line, and its column. */
export type Place = { index: number; column: LineColumn };
/** Where Enter goes: along the line, or down the column for those who fill one column after the other. */
export type EnterDirection = 'right' | 'down';

/**
 * Cost and rate come with the article, so Enter passes them by: three keys a line, always the same three, however long a
 * server takes to answer. Who stands in one of them goes on through them, and a rate that is only assumed is stopped at.
 */
const passedBy: ReadonlySet<LineColumn> = new Set(['cost', 'vatRate']);

function along(count: number, { index, column }: Place, by: 1 | -1, isAssumed: (index: number) => boolean): Place | null {
  if (by === 1 && column === 'price' && isAssumed(index)) return { index, column: 'vatRate' };
  const neighbour = lineColumns[lineColumns.indexOf(column) + by];
  if (neighbour !== undefined && (passedBy.has(column) || !passedBy.has(neighbour))) return { index, column: neighbour };
  const row = index + by;
  return row < 0 || row >= count ? null : { index: row, column: by === 1 ? 'article' : 'price' };
}

/** The cell that Enter (or Shift+Enter, with `by` −1) goes to; null at the ends. @param count lines there are @param isAssumed whether nobody named the rate of a line */
export function onwards(count: number, from: Place, direction: EnterDirection, by: 1 | -1, isAssumed: (index: number) => boolean = () => false): Place | null {
  if (direction === 'right') return along(count, from, by, isAssumed);
  const index = from.index + by;
  return index >= 0 && index < count ? { index, column: from.column } : null;
}

/** A rectangle of cells: from where it was begun to where it reaches. */
export type Selection = { from: Place; to: Place };

export type Marked = { first: number; last: number; columns: readonly LineColumn[] };
/** The lines and columns of a selection, in the order of the grid. */
export function markedBy({ from, to }: Selection): Marked {
  const [a, b] = [lineColumns.indexOf(from.column), lineColumns.indexOf(to.column)];
  return { first: Math.min(from.index, to.index), last: Math.max(from.index, to.index), columns: lineColumns.slice(Math.min(a, b), Math.max(a, b) + 1) };
}

/** What of a field's caret decides whether an arrow key leaves the cell. */
export type Caret = { start: number | null; end: number | null; length: number };
/** Arrow left and right leave a cell at the ends of its text, and when all of it is marked, as it is on arrival. */
export function leavesCell({ start, end, length }: Caret, key: 'ArrowLeft' | 'ArrowRight'): boolean {
  if (start === 0 && end === length) return true;
  return start === end && (key === 'ArrowLeft' ? start === 0 : end === length);
}

/** A text for the clipboard that spreadsheets take as cells. */
export function clipboardText(lines: readonly DraftLine[], { first, last, columns }: Marked, show: (line: DraftLine, column: LineColumn) => string): string {
  const cell = (text: string): string => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return lines.slice(first, last + 1).map((line) => columns.map((column) => cell(show(line, column))).join('\t')).join('\n');
}
