import type { NumberColumn } from '../../../../shared/domain/draft-document.ts';
import type { DraftLine } from '../../../../shared/domain/draft.ts';
import type { Format } from '../../../i18n/format.ts';
import type { LineColumn } from './lines.ts';

/** Digits shown after the decimal sign at least. */
export const leastDigits: Readonly<Record<NumberColumn, number>> = { qty: 0, price: 2, cost: 2, vatRate: 0 };

/** What stands in a cell: what was typed until it is left, then the value as the language writes it. */
export function cellText(line: DraftLine, column: LineColumn, format: Format): string {
  if (column === 'article') return line.article;
  const { text, value } = line[column];
  return text ?? (value === null ? '' : format.decimal(value, { min: leastDigits[column] }));
}
