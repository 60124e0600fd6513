import { severities } from '../../../shared/security/findings/severity.ts';
import type { FindingRow } from '../../../shared/security/findings/finding.ts';
import { byteOrderMark, dialects, guardText, quote } from '../../host/export/csv.ts';

export type CsvWords = { language: 'de' | 'en'; heads: readonly string[]; words: Readonly<Record<string, string>> };

const line = (cells: readonly string[], separator: string): string => `${cells.map((cell) => quote(guardText(cell), separator)).join(separator)}\r\n`;

export const findingsCsvHead = ({ language, heads }: CsvWords): string => `${byteOrderMark}${line(heads, dialects[language].separator)}`;

/** Rows in the dialect of the language; texts of foreign reports never become formulas. */
export function findingsCsvRows(rows: readonly FindingRow[], { language, words }: CsvWords): string {
  const { separator, moment } = dialects[language];
  const word = (key: string): string => words[key] ?? key;
  const at = (time: number | null): string => (time === null ? '' : moment(time));
  return rows.map((row) => line([
    String(row.id), word(`severity.${severities.includes(row.severity) ? row.severity : 'medium'}`), word(`status.${row.status}`), row.title, row.place, row.tools.join(', '), at(row.dueAt), at(row.firstSeen), at(row.lastSeen), row.fix ?? '', row.isNew ? word('new') : '',
  ], separator)).join('');
}
