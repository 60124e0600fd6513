import { documentTypeInfo, initialStatus, type DocumentType } from '../../../../shared/domain/document-types.ts';
import type { BusinessDocument, DocumentLine, DocumentRecord } from '../../../../shared/domain/document.ts';
import type { LookupItem } from '../../../../shared/domain/form-spec.ts';
import { decimal, parseTyped, totalsOf, zero, type Decimal, type Totals } from '../../../../shared/domain/money.ts';

export type FieldValue = BusinessDocument['fields'][string];

/**
 * A number as it is being typed. `text` holds what was typed until it is a number and the cell is left; then only the
 * value counts, so that a change of language cannot turn 1.234 into something else, and nothing unreadable is dropped.
 */
export type Cell = { text: string | null; value: Decimal | null };

/** In the order of the grid, of Enter, and of a paste. */
export const lineColumns = ['article', 'qty', 'price', 'cost', 'vatRate'] as const;
export type LineColumn = (typeof lineColumns)[number];
export type NumberColumn = Exclude<LineColumn, 'article'>;

export type LineDraft = { id: number; article: string } & Record<NumberColumn, Cell>;

/** A document being written. It is plain data, so that it outlives the screen it was typed on. */
export type Draft = {
  isNew: boolean;
  etag: string | null;
  /** What it started from: the server's state, or the blank form. */
  base: BusinessDocument;
  type: DocumentType;
  number: string;
  /** The number is ours, not the server's, and may be replaced. */
  numberProvisional: boolean;
  date: string | null;
  partnerId: string | null;
  partnerName: string | null;
  status: string;
  fields: Readonly<Record<string, FieldValue>>;
  /** The last line is always empty: the row that is ready for typing. */
  lines: readonly LineDraft[];
  nextLineId: number;
  /** Places that were left once: only those show what is wrong with them. */
  visited: Readonly<Record<string, true>>;
  /** Set by the first attempt to save: from then on everything wrong is shown. */
  attempted: boolean;
};

/** VAT of a line nobody said otherwise about: the German standard rate. */
export const defaultVatRate = '19' as Decimal;

const cell = (value: Decimal | null): Cell => ({ text: null, value });
const emptyLine = (id: number): LineDraft => ({ id, article: '', qty: cell(null), price: cell(null), vatRate: cell(null), cost: cell(null) });
export const isEmptyLine = (line: LineDraft): boolean =>
  line.article.trim() === '' && (['qty', 'price', 'vatRate', 'cost'] as const).every((column) => line[column].value === null && (line[column].text ?? '').trim() === '');

const fromLine = (line: DocumentLine, id: number): LineDraft =>
  ({ id, article: line.article, qty: cell(line.qty), price: cell(line.price), vatRate: cell(line.vatRate), cost: cell(line.cost) });

/** Keeps exactly one empty line at the end, for types that have lines at all. */
export function withReadyRow(draft: Draft): Draft {
  if (!documentTypeInfo[draft.type].hasLines) return draft;
  const last = draft.lines.at(-1);
  if (last !== undefined && isEmptyLine(last)) return draft;
  return { ...draft, lines: [...draft.lines, emptyLine(draft.nextLineId)], nextLineId: draft.nextLineId + 1 };
}

function fromDocument(document: BusinessDocument, more: { isNew: boolean; etag: string | null; numberProvisional: boolean }): Draft {
  const { type, number, date, partnerId, partnerName, status, fields } = document;
  return withReadyRow({
    ...more, base: document, type, number, date, partnerId, partnerName, status, fields,
    lines: document.lines.map(fromLine), nextLineId: document.lines.length, visited: {}, attempted: false,
  });
}

/** Opens a stored document for editing. */
export const editDraft = (record: DocumentRecord): Draft => fromDocument(record.document, { isNew: false, etag: record.etag, numberProvisional: false });

/** A blank document of a type, dated today (`YYYY-MM-DD`). Its number follows from the server. */
export function newDraft(type: DocumentType, today: string): Draft {
  const totals: Totals = totalsOf([]);
  const blank: BusinessDocument = { type, number: '', date: today, partnerId: null, partnerName: null, status: initialStatus(type), lines: [], totals, fields: {} };
  return fromDocument(blank, { isNew: true, etag: null, numberProvisional: false });
}

export type DraftAction =
  | { type: 'set'; name: 'number' | 'status'; value: string }
  | { type: 'setDate'; value: string | null }
  | { type: 'setPartner'; id: string | null; name: string | null }
  | { type: 'setField'; name: string; value: FieldValue }
  | { type: 'propose'; number: string; provisional: boolean }
  | { type: 'setArticle'; line: number; text: string }
  | { type: 'pickArticle'; line: number; item: LookupItem }
  | { type: 'typeCell'; line: number; column: NumberColumn; text: string; language: 'de' | 'en' }
  | { type: 'settleCell'; line: number; column: NumberColumn }
  | { type: 'insertLine'; before: number }
  | { type: 'deleteLine'; line: number }
  | { type: 'restoreLine'; index: number; line: LineDraft }
  | { type: 'paste'; line: number; column: LineColumn; rows: readonly (readonly string[])[]; language: 'de' | 'en' }
  | { type: 'visit'; path: string }
  | { type: 'attempt' };

const changeLine = (draft: Draft, id: number, change: (line: LineDraft) => LineDraft): Draft =>
  withReadyRow({ ...draft, lines: draft.lines.map((line) => (line.id === id ? change(line) : line)) });

/** A line that begins to be filled gets what nearly every line has: quantity 1 and the standard rate. */
const started = (line: LineDraft): LineDraft =>
  ({ ...line, qty: line.qty.value === null && line.qty.text === null ? cell('1' as Decimal) : line.qty, vatRate: line.vatRate.value === null && line.vatRate.text === null ? cell(defaultVatRate) : line.vatRate });

/** Lines name their article by number and name, as the ERP's own do. */
const articleText = ({ id, label }: LookupItem): string => (label.startsWith(id) ? label : `${id} ${label}`).slice(0, 200);

const typed = (text: string, language: 'de' | 'en'): Cell => ({ text, value: parseTyped(text, language) });
const settled = (value: Cell): Cell => ((value.text ?? '').trim() === '' ? cell(value.text === null ? value.value : null) : value.value === null ? value : cell(value.value));

function pasted(draft: Draft, action: Extract<DraftAction, { type: 'paste' }>): Draft {
  const start = draft.lines.findIndex((line) => line.id === action.line);
  if (start < 0) return draft;
  const column = lineColumns.indexOf(action.column);
  const lines = [...draft.lines];
  let nextLineId = draft.nextLineId;
  action.rows.forEach((row, offset) => {
    let line = lines[start + offset] ?? emptyLine(nextLineId++);
    row.slice(0, lineColumns.length - column).forEach((text, at) => {
      const name = lineColumns[column + at] as LineColumn;
      line = { ...line, [name]: name === 'article' ? text.trim() : settled(typed(text, action.language)) };
    });
    lines[start + offset] = isEmptyLine(line) ? line : started(line);
  });
  return withReadyRow({ ...draft, lines, nextLineId });
}

/** Every change to a draft, and the only place that makes them. Lines are named by their id, never by position. */
export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'set': return { ...draft, [action.name]: action.value, ...(action.name === 'number' && { numberProvisional: false }) };
    case 'setDate': return { ...draft, date: action.value };
    case 'setPartner': return { ...draft, partnerId: action.id, partnerName: action.name };
    case 'setField': return { ...draft, fields: { ...draft.fields, [action.name]: action.value } };
    // A number that was typed in the meantime is not overwritten; a proposal is no change of the person's.
    case 'propose': return draft.number !== draft.base.number ? draft
      : { ...draft, number: action.number, numberProvisional: action.provisional, base: { ...draft.base, number: action.number } };
    case 'setArticle': return changeLine(draft, action.line, (line) => ({ ...line, article: action.text }));
    case 'pickArticle': return changeLine(draft, action.line, (line) => started({
      ...line, article: articleText(action.item), price: cell(decimal(action.item.price)), cost: cell(decimal(action.item.cost)),
      ...(decimal(action.item.vatRate) !== null && { vatRate: cell(decimal(action.item.vatRate)) }),
    }));
    case 'typeCell': return changeLine(draft, action.line, (line) => ({ ...line, [action.column]: typed(action.text, action.language) }));
    case 'settleCell': return changeLine(draft, action.line, (line) => {
      const next = { ...line, [action.column]: settled(line[action.column]) };
      return isEmptyLine(next) ? next : started(next);
    });
    case 'insertLine': {
      const at = draft.lines.findIndex((line) => line.id === action.before);
      return at < 0 ? draft : { ...draft, lines: draft.lines.toSpliced(at, 0, emptyLine(draft.nextLineId)), nextLineId: draft.nextLineId + 1 };
    }
    case 'deleteLine': return withReadyRow({ ...draft, lines: draft.lines.filter((line) => line.id !== action.line) });
    case 'restoreLine': return withReadyRow({ ...draft, lines: draft.lines.toSpliced(Math.min(action.index, draft.lines.length), 0, action.line) });
    case 'paste': return pasted(draft, action);
    case 'visit': return draft.visited[action.path] === true ? draft : { ...draft, visited: { ...draft.visited, [action.path]: true } };
    case 'attempt': return { ...draft, attempted: true };
  }
}

const toLine = (line: LineDraft): DocumentLine =>
  ({ article: line.article.trim(), qty: line.qty.value ?? zero, price: line.price.value, vatRate: line.vatRate.value, cost: line.cost.value });

/** The lines that were filled in; empty rows in between are left out. */
export const filledLines = (draft: Draft): LineDraft[] => draft.lines.filter((line) => !isEmptyLine(line));

/** Totals as the server will get them. A payment has one amount and no tax. */
export function draftTotals(draft: Draft): Totals {
  if (documentTypeInfo[draft.type].hasLines) return totalsOf(filledLines(draft).map(toLine));
  const amount = decimal(draft.fields['amount']);
  return amount === null ? totalsOf([]) : totalsOf([{ qty: '1' as Decimal, price: amount, vatRate: null }]);
}

/**
 * The partner number that was typed instead of chosen: look-ups of some servers know five partners only (ERP-API section
 * 3). A name is none: a number has a digit and no space.
 */
export function typedPartnerNumber({ partnerId, partnerName }: Pick<Draft, 'partnerId' | 'partnerName'>): string | null {
  const text = (partnerName ?? '').trim();
  return partnerId === null && /^(?=.*\d)\S{2,64}$/.test(text) ? text : null;
}

/** The document to be saved. */
export function toDocument(draft: Draft): BusinessDocument {
  const { type, number, date, status, fields } = draft;
  const ownNumber = typedPartnerNumber(draft);
  const { partnerId, partnerName } = ownNumber === null ? draft : { partnerId: ownNumber, partnerName: null };
  return { type, number: number.trim(), date, partnerId, partnerName, status, lines: filledLines(draft).map(toLine), totals: draftTotals(draft), fields: { ...fields } };
}
