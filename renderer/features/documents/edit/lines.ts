import { cellOf, type NumberColumn } from '../../../../shared/domain/draft-document.ts';
import type { Cell, DraftLine } from '../../../../shared/domain/draft.ts';
import { exact, parseTyped, type Decimal } from '../../../../shared/domain/money.ts';

export type NumberLanguage = 'de' | 'en';

/** In the order of the grid, of Enter, and of a paste. */
export const lineColumns = ['article', 'qty', 'price', 'cost', 'vatRate'] as const;
export type LineColumn = (typeof lineColumns)[number];

/** VAT of a line nobody said otherwise about: the German standard rate. */
export const defaultVatRate = exact('19');

/** A line that begins to be filled gets quantity 1, and the rate that is known for its article; without one the standard rate, as an assumption. */
export const started = (line: DraftLine, rate: Decimal | null = null): DraftLine => ({
  ...line,
  qty: line.qty.value === null && line.qty.text === null ? cellOf(exact('1')) : line.qty,
  vatRate: line.vatRate.value === null && line.vatRate.text === null ? (rate === null ? { ...cellOf(defaultVatRate), assumed: true } : cellOf(rate)) : line.vatRate,
});

/** The number in a cell's text: a rate may be written with its sign, `19 %`; anywhere else that would be another number. */
export const numberText = (column: NumberColumn, text: string): string => (column === 'vatRate' ? text.replace(/\s*%\s*$/, '') : text);

/** A cell while it is typed in. */
export const typedCell = (column: NumberColumn, text: string, language: NumberLanguage): Cell => ({ text: text.slice(0, 200), value: parseTyped(numberText(column, text), language) });
/** A cell that is left: the text goes when it has become a value, or was deleted; what cannot be read stays, and what was assumed was seen. */
export const settledCell = (cell: Cell): Cell => {
  if (cell.text === null) return cell.assumed === true ? cellOf(cell.value) : cell;
  if (cell.text.trim() === '') return cellOf(null);
  return cell.value === null ? cell : cellOf(cell.value);
};
