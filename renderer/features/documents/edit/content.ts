import { cellOf, emptyLine, isBlankCell, isEmptyLine, maxLines, numberColumns, withReadyRow, type NumberColumn } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent, DraftLine } from '../../../../shared/domain/draft.ts';
import type { LookupItem } from '../../../../shared/domain/form-spec.ts';
import { decimal, type Decimal } from '../../../../shared/domain/money.ts';
import { settledCell, started, typedCell, type LineColumn, type NumberLanguage } from './lines.ts';
import { pastedLines, type PasteColumn } from './paste.ts';

export type FieldValue = DraftContent['fields'][string];

/** A change that a person makes. Lines are named by their id, never by position. */
export type ContentAction =
  | { type: 'set'; name: 'number' | 'status'; value: string }
  | { type: 'setDate'; value: string | null }
  | { type: 'setPartner'; id: string | null; name: string | null }
  | { type: 'setField'; name: string; value: FieldValue }
  | { type: 'setArticle'; line: number; text: string }
  /** `keep` are the cells that were typed in while the article was looked up. */
  | { type: 'pickArticle'; line: number; item: LookupItem; keep?: readonly NumberColumn[] }
  | { type: 'typeCell'; line: number; column: NumberColumn; text: string; language: NumberLanguage }
  | { type: 'settleCell'; line: number; column: NumberColumn }
  /** The rate that an article had last, for its lines that have none but an assumed one. */
  | { type: 'knownRate'; article: string; rate: Decimal }
  | { type: 'insertLine'; before: number }
  | { type: 'deleteLines'; lines: readonly number[] }
  | { type: 'moveLine'; line: number; by: -1 | 1 }
  | { type: 'fill'; from: number; to: readonly number[]; columns: readonly LineColumn[] }
  | { type: 'clear'; lines: readonly number[]; columns: readonly LineColumn[] }
  | { type: 'paste'; line: number; columns: readonly PasteColumn[]; rows: readonly (readonly string[])[]; language: NumberLanguage }
  | { type: 'replace'; content: DraftContent };

const changeLines = (content: DraftContent, ids: ReadonlySet<number>, change: (line: DraftLine) => DraftLine): DraftContent =>
  withReadyRow({ ...content, lines: content.lines.map((line) => (ids.has(line.id) ? change(line) : line)) });
const changeLine = (content: DraftContent, id: number, change: (line: DraftLine) => DraftLine): DraftContent => changeLines(content, new Set([id]), change);

/** Lines name their article by number and name, as the ERP's own do. */
export const articleText = ({ id, label }: LookupItem): string => (label.startsWith(id) ? label : `${id} ${label}`).slice(0, 200);

/** The rate that another line has for this article; null where nobody named one. */
const rateBeside = ({ lines }: DraftContent, article: string, id: number): Decimal | null =>
  lines.find((line) => line.id !== id && line.article === article && line.vatRate.value !== null && line.vatRate.assumed !== true)?.vatRate.value ?? null;

function picked(content: DraftContent, line: DraftLine, item: LookupItem, keep: readonly NumberColumn[]): DraftLine {
  const rate = decimal(item.vatRate) ?? rateBeside(content, articleText(item), line.id);
  // What stands there may be the rate of another article.
  const vatRate = rate !== null ? cellOf(rate) : line.vatRate.value !== null && line.vatRate.text === null ? { ...line.vatRate, assumed: true as const } : line.vatRate;
  const given = { price: cellOf(decimal(item.price)), cost: cellOf(decimal(item.cost)), vatRate };
  return started({ ...line, article: articleText(item), ...Object.fromEntries(Object.entries(given).filter(([column]) => !keep.some((kept) => kept === column))) });
}

/** The cells of a line that were typed in since it was looked at; an assumed rate came by itself. */
export const typedSince = (line: DraftLine, before: DraftLine): NumberColumn[] =>
  numberColumns.filter((column) => line[column] !== before[column] && !(column === 'vatRate' && line.vatRate.assumed === true));

function moved(content: DraftContent, id: number, by: -1 | 1): DraftContent {
  const at = content.lines.findIndex((line) => line.id === id);
  const line = content.lines[at];
  const neighbour = content.lines[at + by];
  // The row that is ready for typing stays the last one.
  if (line === undefined || neighbour === undefined || (isEmptyLine(neighbour) && at + by === content.lines.length - 1)) return content;
  const lines = [...content.lines];
  lines[at] = neighbour;
  lines[at + by] = line;
  return withReadyRow({ ...content, lines });
}

function filled(content: DraftContent, { from, to, columns }: Extract<ContentAction, { type: 'fill' }>): DraftContent {
  const source = content.lines.find((line) => line.id === from);
  if (source === undefined) return content;
  const values = Object.fromEntries(columns.map((column) => [column, column === 'article' ? source.article : settledCell(source[column])]));
  return changeLines(content, new Set(to), (line) => {
    const next = { ...line, ...values };
    return isEmptyLine(next) ? next : started(next);
  });
}

/** Every change to what is being written, and the only place that makes them. The content itself is never changed in place. */
export function changeContent(content: DraftContent, action: ContentAction): DraftContent {
  switch (action.type) {
    case 'set': return { ...content, [action.name]: action.value, ...(action.name === 'number' && { numberProvisional: false }) };
    case 'setDate': return { ...content, date: action.value };
    case 'setPartner': return { ...content, partnerId: action.id, partnerName: action.name };
    case 'setField': return { ...content, fields: { ...content.fields, [action.name]: action.value } };
    case 'setArticle': return changeLine(content, action.line, (line) => ({ ...line, article: action.text }));
    case 'pickArticle': return changeLine(content, action.line, (line) => picked(content, line, action.item, action.keep ?? []));
    case 'typeCell': return changeLine(content, action.line, (line) => ({ ...line, [action.column]: typedCell(action.column, action.text, action.language) }));
    case 'settleCell': {
      const before = content.lines.find((line) => line.id === action.line);
      if (before === undefined) return content;
      const settled = settledCell(before[action.column]);
      // A cell that was only visited changes nothing, and makes no version of the draft.
      if (settled === before[action.column] && (isEmptyLine(before) || (!isBlankCell(before.qty) && !isBlankCell(before.vatRate)))) return content;
      const next = { ...before, [action.column]: settled };
      return changeLine(content, action.line, () => (isEmptyLine(next) ? next : started(next, rateBeside(content, next.article, next.id))));
    }
    case 'knownRate': return { ...content, lines: content.lines.map((line) => (line.article === action.article && line.vatRate.assumed === true ? { ...line, vatRate: cellOf(action.rate) } : line)) };
    case 'insertLine': {
      const at = content.lines.findIndex((line) => line.id === action.before);
      return at < 0 || content.lines.length >= maxLines ? content : { ...content, lines: content.lines.toSpliced(at, 0, emptyLine(content.nextLineId)), nextLineId: content.nextLineId + 1 };
    }
    case 'deleteLines': {
      const gone = new Set(action.lines);
      return withReadyRow({ ...content, lines: content.lines.filter((line) => !gone.has(line.id)) });
    }
    case 'moveLine': return moved(content, action.line, action.by);
    case 'fill': return filled(content, action);
    case 'clear': {
      const blank = Object.fromEntries(action.columns.map((column) => [column, column === 'article' ? '' : cellOf(null)]));
      return changeLines(content, new Set(action.lines), (line) => ({ ...line, ...blank }));
    }
    case 'paste': return pastedLines(content, action);
    case 'replace': return withReadyRow(action.content);
  }
}

/** A proposed number never goes over one that was typed. */
export const proposeNumber = (content: DraftContent, number: string, provisional: boolean): DraftContent =>
  (content.number.trim() === '' || content.numberProvisional ? { ...content, number, numberProvisional: provisional } : content);
