import { normaliseStatus } from '../../../shared/domain/document-types.ts';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { exportColumns, type ExportColumn, type ExportWords } from '../../../shared/domain/list-export.ts';

/** What a spreadsheet program of the language takes for a list: Excel reads a file by the rules of its own country. */
type Dialect = { separator: string; decimal: string; day: (day: string) => string; moment: (at: number) => string };

const two = (value: number): string => String(value).padStart(2, '0');
const parts = (at: number): { day: string; time: string; iso: string } => {
  const date = new Date(at);
  const iso = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return { iso, day: germanDay(iso), time: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}` };
};
const germanDay = (day: string): string => `${day.slice(8, 10)}.${day.slice(5, 7)}.${day.slice(0, 4)}`;

export const dialects: Readonly<Record<ExportWords['language'], Dialect>> = {
  de: { separator: ';', decimal: ',', day: germanDay, moment: (at) => `${parts(at).day} ${parts(at).time}` },
  en: { separator: ',', decimal: '.', day: (day) => day, moment: (at) => `${parts(at).iso} ${parts(at).time}` },
};

/** Excel takes a file without it for its own old code page, and every umlaut breaks. */
export const byteOrderMark = '\uFEFF';

/**
 * A text that no spreadsheet program takes for a formula (OWASP, CSV injection): what begins like one gets an apostrophe
 * before it. Numbers of ours are never passed through here, so a negative amount stays one.
 */
export const guardText = (text: string): string => (/^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text);

/** Quoted where RFC 4180 wants it. */
export function quote(text: string, separator: string): string {
  return text.includes(separator) || /["\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

const columnOf: Readonly<Record<ExportColumn, (row: ListRow, words: ExportWords, dialect: Dialect) => string>> = {
  number: (row, _words, { separator }) => quote(guardText(row.number), separator),
  type: (row, words, { separator }) => quote(guardText(words.types[row.type]), separator),
  date: (row, _words, { day }) => (row.date === null ? '' : day(row.date)),
  partner: (row, _words, { separator }) => quote(guardText(row.partnerName ?? ''), separator),
  net: (row, _words, { decimal }) => row.net.replace('.', decimal),
  gross: (row, _words, { decimal }) => row.gross.replace('.', decimal),
  status: (row, words, { separator }) => quote(guardText(words.statuses[normaliseStatus(row.status)] ?? row.status), separator),
  workflow: (row, words, { separator }) => quote(row.workflow === null ? '' : guardText(words.workflow[row.workflow]), separator),
  submittedBy: (row, _words, { separator }) => quote(guardText(row.submittedBy ?? ''), separator),
  submittedAt: (row, _words, { moment }) => (row.submittedAt === null ? '' : moment(row.submittedAt)),
  changedAt: (row, _words, { moment }) => (row.changedAt === null ? '' : moment(row.changedAt)),
};

export const csvHead = (words: ExportWords): string => {
  const { separator } = dialects[words.language];
  return `${byteOrderMark}${exportColumns.map((column) => quote(guardText(words.columns[column]), separator)).join(separator)}\r\n`;
};

/** The rows as lines, in the dialect of the language; amounts exactly as they are stored. */
export function csvRows(rows: readonly ListRow[], words: ExportWords): string {
  const dialect = dialects[words.language];
  return rows.map((row) => `${exportColumns.map((column) => columnOf[column](row, words, dialect)).join(dialect.separator)}\r\n`).join('');
}
