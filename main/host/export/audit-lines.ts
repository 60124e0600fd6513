import type { AuditRow } from '../../../shared/domain/audit.ts';
import { auditColumns, retentionClasses, retentionOf, type AuditColumn, type AuditExportWords } from '../../../shared/domain/audit-export.ts';
import { retentionYears } from '../../../shared/domain/retention.ts';
import { byteOrderMark, dialects, guardText, quote } from './csv.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time, as everything for people; the correlation id leads to the exact moment. */
function momentOf(at: number): { iso: string; time: string } {
  const date = new Date(at);
  return { iso: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`, time: `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}` };
}

/** The cells of an entry as texts; days in ISO spelling. */
export function cellsOf(row: AuditRow, words: AuditExportWords): Record<AuditColumn, string> {
  const { iso, time } = momentOf(row.at);
  const { type, kind, until } = retentionOf(row.resource, iso);
  return {
    number: String(row.index + 1), day: iso, time, actor: row.actor, role: row.role ?? '', client: row.client ?? '', action: row.action, resource: row.resource, from: row.from ?? '', to: row.to ?? '', reason: row.reason ?? '', policy: row.policy ?? '',
    correlationId: row.correlationId, outcome: words.outcomes[row.outcome], verified: row.index < words.verifiedSize ? words.yes : words.no, documentType: type === null ? '' : words.types[type], retention: kind, keptUntil: until ?? '',
  };
}

/** Columns whose texts come from outside: no spreadsheet program may take them for a formula. */
const isDay: ReadonlySet<AuditColumn> = new Set(['day', 'keptUntil']);

export const csvAuditHead = (words: AuditExportWords): string => {
  const { separator } = dialects[words.language];
  return `${byteOrderMark}${auditColumns.map((column) => quote(guardText(words.columns[column]), separator)).join(separator)}\r\n`;
};

/** An entry as a line of the language's dialect. */
export function csvAuditRow(row: AuditRow, words: AuditExportWords): string {
  const dialect = dialects[words.language];
  const cells = cellsOf(row, words);
  return `${auditColumns.map((column) => (isDay.has(column) ? (cells[column] === '' ? '' : dialect.day(cells[column])) : quote(guardText(cells[column]), dialect.separator))).join(dialect.separator)}\r\n`;
}

/** The last line: what the file is, in the column of reasons, so that every line has the same cells. */
export const csvAuditTail = (words: AuditExportWords): string => {
  const { separator } = dialects[words.language];
  return `${auditColumns.map((column) => (column === 'reason' ? quote(guardText(`${words.origin} ${words.conditions}`), separator) : '')).join(separator)}\r\n`;
};

/** The first line of a file of JSON lines: what it is and how far it can be trusted. */
export const jsonHead = ({ origin, conditions, verifiedSize }: AuditExportWords, total: number): string => `${JSON.stringify({ format: 'valeo-audit-export/1', entries: total, verifiedSize, origin, conditions })}\n`;

/** An entry as a line of JSON, exactly as it was read, with its bytes' place and how long it is kept. */
export function jsonRow(row: AuditRow, words: AuditExportWords): string {
  const { type, kind, years, until } = retentionOf(row.resource, momentOf(row.at).iso);
  const { index, at, ...rest } = row;
  return `${JSON.stringify({ seq: index + 1, ts: new Date(at).toISOString(), ...rest, verified: index < words.verifiedSize, documentType: type, retention: { class: kind, years, keptUntil: until } })}\n`;
}

/** A line of the hand-over: every text quoted and exactly as it was, but on one line. */
const gobdLine = (cells: readonly string[]): string => `${cells.map((cell) => `"${cell.replaceAll(/[\r\n]+/g, ' ').replaceAll('"', '""')}"`).join(';')}\r\n`;
const germanDay = (day: string): string => (day === '' ? '' : dialects.de.day(day));

export const gobdHead = (words: AuditExportWords): string => gobdLine(auditColumns.map((column) => words.columns[column]));
export function gobdRow(row: AuditRow, words: AuditExportWords): string {
  const cells = cellsOf(row, words);
  return gobdLine(auditColumns.map((column) => (isDay.has(column) ? germanDay(cells[column]) : cells[column])));
}

/** The retention classes with their legal basis, the second table of the hand-over. */
export const gobdClasses = (words: AuditExportWords): string => [
  gobdLine([words.classColumns.name, words.classColumns.meaning, words.classColumns.years, words.classColumns.basis]),
  ...retentionClasses.map((kind) => gobdLine([kind, words.classes[kind], String(retentionYears[kind]), words.bases[kind]])),
].join('');

// oxlint-disable-next-line no-control-regex -- XML 1.0 forbids exactly these
const xml = (text: string): string => text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Kind = 'number' | 'day' | 'text';
const columnXml = (name: string, kind: Kind, isKey = false): string => {
  const type = kind === 'number' ? '<Numeric/>' : kind === 'day' ? '<Date><Format>DD.MM.YYYY</Format></Date>' : '<AlphaNumeric/>';
  const element = isKey ? 'VariablePrimaryKey' : 'VariableColumn';
  return `          <${element}><Name>${xml(name)}</Name>${type}</${element}>`;
};

function tableXml(url: string, name: string, description: string, columns: readonly string[], foreign: string): string {
  return `    <Table>
      <URL>${url}</URL>
      <Name>${xml(name)}</Name>
      <Description>${xml(description)}</Description>
      <UTF8/>
      <DecimalSymbol>,</DecimalSymbol>
      <DigitGroupingSymbol>.</DigitGroupingSymbol>
      <Range><From>2</From></Range>
      <VariableLength>
          <ColumnDelimiter>;</ColumnDelimiter>
          <RecordDelimiter>&#13;&#10;</RecordDelimiter>
          <TextEncapsulator>"</TextEncapsulator>
${columns.join('\n')}
${foreign}      </VariableLength>
    </Table>`;
}

/** Description of the data after the standard for handing over data carriers; see docs/audit-export.md. */
export function gobdIndex(words: AuditExportWords): string {
  const log = auditColumns.map((column) => columnXml(words.columns[column], column === 'number' ? 'number' : isDay.has(column) ? 'day' : 'text', column === 'number'));
  const classes = [columnXml(words.classColumns.name, 'text', true), columnXml(words.classColumns.meaning, 'text'), columnXml(words.classColumns.years, 'number'), columnXml(words.classColumns.basis, 'text')];
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">
<DataSet>
  <Version>1.0</Version>
  <DataSupplier>
    <Name>${xml(words.supplier)}</Name>
    <Location>${xml(words.location)}</Location>
    <Comment>${xml(`${words.origin} ${words.conditions}`)}</Comment>
  </DataSupplier>
  <Media>
    <Name>${xml(words.title)}</Name>
${tableXml('aufbewahrung.csv', words.classTitle, words.classTitle, classes, '')}
${tableXml('protokoll.csv', words.title, words.origin, log, `          <ForeignKey><Name>${xml(words.columns.retention)}</Name><References>${xml(words.classTitle)}</References></ForeignKey>\n`)}
  </Media>
</DataSet>
`;
}
