import type { DocumentType } from './document-types.ts';

/**
 * How long German law keeps what a trader writes, in years: books and the description of procedures 10, vouchers 8 (since
 * 2025), letters 6. § 147 (1) and (3) AO, § 257 (1) and (4) HGB, as changed by the Viertes Bürokratieentlastungsgesetz.
 */
export const retentionYears = { books: 10, voucher: 8, letter: 6 } as const;
export type RetentionClass = keyof typeof retentionYears;

/** Invoices and payments are booked; everything else of the flow is a letter about the deal. */
const vouchers: ReadonlySet<DocumentType> = new Set<DocumentType>(['sales_invoice', 'payment_received']);

export const retentionClassOf = (type: DocumentType): RetentionClass => (vouchers.has(type) ? 'voucher' : 'letter');

/**
 * The last day on which it has to be kept, `YYYY-12-31`: the period begins with the end of the calendar year in which it was
 * made (§ 147 (4) AO).
 * @param date day of the document, `YYYY-MM-DD`. @returns null when the day cannot be read
 */
export function keptUntil(kind: RetentionClass, date: string | null): string | null {
  const year = /^(\d{4})-\d{2}-\d{2}/.exec(date ?? '')?.[1];
  return year === undefined ? null : `${String(Number(year) + retentionYears[kind]).padStart(4, '0')}-12-31`;
}

/** Whether a document has to be kept on a day (`YYYY-MM-DD`). One without a date counts as to be kept. */
export function isKept(type: DocumentType, date: string | null, today: string): boolean {
  const until = keptUntil(retentionClassOf(type), date);
  return until === null || today <= until;
}
