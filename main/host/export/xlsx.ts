import { Zip, ZipDeflate, ZipPassThrough, strToU8 } from 'fflate';
import { normaliseStatus } from '../../../shared/domain/document-types.ts';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { exportColumns, type ExportColumn, type ExportWords } from '../../../shared/domain/list-export.ts';

/** Cell formats of the style sheet below, by position. */
const styles = { plain: 0, head: 1, day: 2, moment: 3, amount: 4 } as const;

const widths: Readonly<Record<ExportColumn, number>> = { number: 16, type: 18, date: 12, partner: 34, net: 14, gross: 14, status: 16, workflow: 16, submittedBy: 16, submittedAt: 18, changedAt: 18 };

/** XML 1.0 has no place for these, and Excel calls a file with one damaged. `_x0041_` is Excel's own escape, so a text that looks like one is escaped itself. */
export function xmlText(text: string): string {
  return text
    // oxlint-disable-next-line no-control-regex -- exactly these are forbidden
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replaceAll(/\p{Cs}/gu, '')
    .replaceAll(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';

/** A sheet's name: 31 characters, without those that Excel uses in references. */
const sheetName = (name: string): string => xmlText(name.replaceAll(/[[\]:*?/\\']/g, ' ').trim().slice(0, 31) || 'VALEO');

const parts = (words: ExportWords): Record<string, string> => ({
  '[Content_Types].xml': `${head}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  '_rels/.rels': `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="${sheetName(words.sheet)}" sheetId="1" r:id="r1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${packages}/relationships"><Relationship Id="r1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  // Built-in formats follow the reader's country: 14 is a day, 22 a day with time, 4 an amount with groups and two digits.
  'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>`,
});

const letters = 'ABCDEFGHIJK';
const textCell = (text: string, style: number = styles.plain): string => (text === '' ? '' : `<c${style === 0 ? '' : ` s="${style}"`} t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`);
/** The exact digits go into the file; Excel itself reckons with 15 significant ones, which is below a cent only from ten trillion on. */
const amountCell = (value: string): string => `<c s="${styles.amount}"><v>${value}</v></c>`;

const dayMs = 86_400_000;
/** Days since the last one of 1899, as Excel counts; right from March 1900 on, before which it counts a day that never was. */
const excelEpoch = Date.UTC(1899, 11, 30);
const dayCell = (day: string | null): string => {
  const at = day === null ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) || at < Date.UTC(1900, 2, 1) ? textCell(day ?? '') : `<c s="${styles.day}"><v>${(at - excelEpoch) / dayMs}</v></c>`;
};
/** Excel knows no time zones: the reader's own is written down. */
function momentCell(at: number | null): string {
  if (at === null || at < Date.UTC(1900, 2, 1)) return '';
  const local = at - new Date(at).getTimezoneOffset() * 60_000;
  return `<c s="${styles.moment}"><v>${((local - excelEpoch) / dayMs).toFixed(8)}</v></c>`;
}

const cellOf: Readonly<Record<ExportColumn, (row: ListRow, words: ExportWords) => string>> = {
  number: (row) => textCell(row.number),
  type: (row, words) => textCell(words.types[row.type]),
  date: (row) => dayCell(row.date),
  partner: (row) => textCell(row.partnerName ?? ''),
  net: (row) => amountCell(row.net),
  gross: (row) => amountCell(row.gross),
  status: (row, words) => textCell(words.statuses[normaliseStatus(row.status)] ?? row.status),
  workflow: (row, words) => textCell(row.workflow === null ? '' : words.workflow[row.workflow]),
  submittedBy: (row) => textCell(row.submittedBy ?? ''),
  submittedAt: (row) => momentCell(row.submittedAt),
  changedAt: (row) => momentCell(row.changedAt),
};

/** A row of cells, each with its address: optional in the standard, but readers other than Excel count on it. */
const rowOf = (number: number, cells: readonly string[]): string =>
  `<row r="${number}">${cells.map((cell, index) => (cell === '' ? '' : `<c r="${letters[index] ?? ''}${number}"${cell.slice(2)}`)).join('')}</row>`;

/**
 * Writes a workbook with one sheet as a stream (ECMA-376 part 1): rows go in, bytes come out, and neither is ever held
 * as a whole. @param put gets the bytes of the file in order
 */
export function xlsxWriter(words: ExportWords, put: (chunk: Uint8Array) => void): { rows: (rows: readonly ListRow[]) => void; end: () => void } {
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    put(chunk);
  });
  for (const [name, text] of Object.entries(parts(words))) {
    const part = new ZipPassThrough(name);
    zip.add(part);
    part.push(strToU8(text), true);
  }
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 1 });
  zip.add(sheet);
  const last = letters[exportColumns.length - 1] ?? 'K';
  const columns = exportColumns.map((column, index) => `<col min="${index + 1}" max="${index + 1}" width="${widths[column]}" customWidth="1"/>`).join('');
  // The head stays in sight while the list is scrolled.
  sheet.push(strToU8(`${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns}</cols><sheetData>${rowOf(1, exportColumns.map((column) => textCell(words.columns[column], styles.head)))}`));
  let written = 1;
  return {
    rows: (some) => sheet.push(strToU8(some.map((row) => rowOf(++written, exportColumns.map((column) => cellOf[column](row, words)))).join(''))),
    end: () => {
      sheet.push(strToU8(`</sheetData><autoFilter ref="A1:${last}${written}"/></worksheet>`), true);
      zip.end();
    },
  };
}
