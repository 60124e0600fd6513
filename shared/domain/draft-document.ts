import { documentTypeInfo, initialStatus, type DocumentType } from './document-types.ts';
import { dateSchema, type BusinessDocument, type DocumentLine } from './document.ts';
import type { Cell, DraftContent, DraftLine } from './draft.ts';
import { decimal, exact, lineCents, lineNet, sumTotals, totalsOf, zero, type Cents, type Decimal, type Totals } from './money.ts';

/** The columns of a line that hold numbers. */
export const numberColumns = ['qty', 'price', 'cost', 'vatRate'] as const;
export type NumberColumn = (typeof numberColumns)[number];

/** A cell that holds a value and nothing half typed. */
export const cellOf = (value: Decimal | null): Cell => ({ text: null, value });
export const isBlankCell = ({ text, value }: Cell): boolean => value === null && (text ?? '').trim() === '';
/** Something is typed that is no number (yet). */
export const isUnreadable = ({ text, value }: Cell): boolean => value === null && (text ?? '').trim() !== '';

export const emptyLine = (id: number): DraftLine => ({ id, article: '', qty: cellOf(null), price: cellOf(null), vatRate: cellOf(null), cost: cellOf(null) });
export const isEmptyLine = (line: DraftLine): boolean => line.article.trim() === '' && numberColumns.every((column) => isBlankCell(line[column]));

/** The lines that were filled in; empty rows between them are not sent. Their ids are those of the sent lines, in order. */
export const filledLines = (content: Pick<DraftContent, 'lines'>): DraftLine[] => content.lines.filter((line) => !isEmptyLine(line));

/** Lines that a document can have; the contract and the servers take no more. */
export const maxLines = 1000;

/** Keeps exactly one empty line at the end, for types that have lines at all and while there is room: the row that is ready for typing. */
export function withReadyRow<T extends Pick<DraftContent, 'type' | 'lines' | 'nextLineId'>>(content: T): T {
  if (!documentTypeInfo[content.type].hasLines) return content;
  const last = content.lines.at(-1);
  if ((last !== undefined && isEmptyLine(last)) || content.lines.length >= maxLines) return content;
  return { ...content, lines: [...content.lines, emptyLine(content.nextLineId)], nextLineId: content.nextLineId + 1 };
}

const draftLine = (line: DocumentLine, id: number): DraftLine =>
  ({ id, article: line.article, qty: cellOf(line.qty), price: cellOf(line.price), vatRate: cellOf(line.vatRate), cost: cellOf(line.cost) });

/** What is being written when a document is opened for editing, or copied: its lines get the ids 0 … n−1. */
export function contentOf(document: BusinessDocument, numberProvisional = false): DraftContent {
  const { type, number, date, partnerId, partnerName, status, fields } = document;
  return withReadyRow({ type, number, numberProvisional, date, partnerId, partnerName, status, fields: { ...fields }, lines: document.lines.map(draftLine), nextLineId: document.lines.length });
}

/** A blank form, dated `today` (`YYYY-MM-DD`) and without a number. */
export const blankContent = (type: DocumentType, today: string): DraftContent => withReadyRow({
  type, number: '', numberProvisional: false, date: today, partnerId: null, partnerName: null, status: initialStatus(type), fields: {}, lines: [], nextLineId: 0,
});

/**
 * The partner number that was typed instead of chosen: look-ups of some servers know five partners only (ERP-API section
 * 3). A name is none: a number has a digit and no space.
 */
export function typedPartnerNumber({ partnerId, partnerName }: Pick<DraftContent, 'partnerId' | 'partnerName'>): string | null {
  const text = (partnerName ?? '').trim();
  return partnerId === null && /^(?=.*\d)\S{2,64}$/.test(text) ? text : null;
}

/** A day that exists; null for what is missing or half typed. */
export const dayOf = (text: string | null): string | null => (dateSchema.safeParse(text).success ? text : null);

const toLine = (line: DraftLine): DocumentLine =>
  ({ article: line.article.trim(), qty: line.qty.value ?? zero, price: line.price.value, vatRate: line.vatRate.value, cost: line.cost.value });

const cents = new WeakMap<DraftLine, Cents>();
/** Remembered with the line, which never changes in place: 1,000 lines are added up on every key. */
function centsOf(line: DraftLine): Cents {
  const known = cents.get(line);
  if (known !== undefined) return known;
  const made = lineCents(toLine(line));
  cents.set(line, made);
  return made;
}

/** Net amount of a line, to the cent. */
export const draftLineNet = (line: DraftLine): Decimal => lineNet(toLine(line));

const sums = new WeakMap<readonly DraftLine[], Totals>();
function linesTotals(lines: readonly DraftLine[]): Totals {
  const known = sums.get(lines);
  if (known !== undefined) return known;
  const made = sumTotals(lines.map(centsOf));
  sums.set(lines, made);
  return made;
}

const one = exact('1');
/** Totals as the server will get them. A payment has one amount and no tax. */
export function draftTotals(content: Pick<DraftContent, 'type' | 'lines' | 'fields'>): Totals {
  if (documentTypeInfo[content.type].hasLines) return linesTotals(content.lines);
  const amount = decimal(content.fields['amount']);
  return totalsOf(amount === null ? [] : [{ qty: one, price: amount, vatRate: null }]);
}

/**
 * The document that a draft makes. What is half typed is left out, so it is made only of drafts without open problems
 * when it is to be sent; `number` may be empty and then is no document yet.
 */
export function toDocument(content: DraftContent): BusinessDocument {
  const { type, number, status, fields } = content;
  const ownNumber = typedPartnerNumber(content);
  const { partnerId, partnerName } = ownNumber === null ? content : { partnerId: ownNumber, partnerName: null };
  return { type, number: number.trim(), date: dayOf(content.date), partnerId, partnerName, status, lines: filledLines(content).map(toLine), totals: draftTotals(content), fields: { ...fields } };
}
