import { z } from 'zod';
import { documentTypeInfo, type DocumentType } from '../../../shared/domain/document-types.ts';
import { dateSchema, documentNumberSchema, documentSchema, type BusinessDocument, type DocumentLine, type DocumentRecord, type WorkflowInfo } from '../../../shared/domain/document.ts';
import { decimal, totalsOf, toCents, zero, type Decimal, type Totals } from '../../../shared/domain/money.ts';
import { workflowStateSchema } from '../../../shared/domain/workflow.ts';
import { instantOf } from '../time.ts';

/** A document as it stands on the wire: an open object, because servers add and lack fields. */
export const wireDocumentSchema = z.looseObject({ number: z.union([z.string(), z.number()]).transform(String) });
export type WireDocument = z.infer<typeof wireDocumentSchema>;

/** What has a place of its own in a BusinessDocument, or is the server's bookkeeping; everything else is a field. */
const ownNames = new Set([
  'number', 'type', 'date', 'customerId', 'supplierId', 'partnerName', 'customerName', 'supplierName', 'status', 'lines', 'subtotalNet', 'totalTax', 'totalGross',
  'updated_at', 'updatedAt', 'created_at', 'version', 'workflow', 'deleted', 'id', 'ok',
]);

/** Header fields that hold money: decimals here, numbers on the wire. */
const moneyFields = new Set(['amount']);

const text = (value: unknown, limit: number): string | null => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, limit) : null;
};

function lineFrom(value: unknown): DocumentLine | null {
  if (typeof value !== 'object' || value === null) return null;
  const wire = value as Record<string, unknown>;
  return {
    article: text(wire['article'] ?? wire['articleId'], 200) ?? '',
    qty: decimal(wire['qty'] ?? wire['quantity']) ?? zero,
    price: decimal(wire['price']),
    vatRate: decimal(wire['vatRate']),
    cost: decimal(wire['cost']),
  };
}

/** The server's totals where it sent all three, else ours; a payment's total is its amount. */
function totalsFrom(wire: WireDocument, lines: readonly DocumentLine[]): Totals {
  const [net, tax, gross] = [decimal(wire['subtotalNet']), decimal(wire['totalTax']), decimal(wire['totalGross'])];
  if (net !== null && tax !== null && gross !== null) return { net: toCents(net), tax: toCents(tax), gross: toCents(gross) };
  const amount = decimal(wire['amount']);
  if (lines.length === 0 && amount !== null) return { net: toCents(amount), tax: toCents(zero), gross: toCents(amount) };
  return totalsOf(lines);
}

function fieldsFrom(wire: WireDocument): BusinessDocument['fields'] {
  const fields: BusinessDocument['fields'] = {};
  for (const [name, value] of Object.entries(wire)) {
    if (ownNames.has(name) || name.length > 64) continue;
    if (moneyFields.has(name)) fields[name] = decimal(value);
    else if (typeof value === 'string') fields[name] = value.slice(0, 4000);
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) fields[name] = value;
    // Lists and objects have no place in a form; the server keeps them, because PUT merges.
  }
  return fields;
}

export const wireWorkflowSchema = z.looseObject({
  state: z.string().transform((state) => state.toLowerCase()).pipe(workflowStateSchema),
  version: z.union([z.string(), z.number()]).transform(String).nullish(),
  submittedBy: z.string().nullish(),
  submittedAt: z.union([z.string(), z.number()]).nullish(),
});

export const workflowFrom = ({ state, version, submittedBy, submittedAt }: z.infer<typeof wireWorkflowSchema>): WorkflowInfo =>
  ({ state, version: version ?? null, submittedBy: submittedBy ?? null, submittedAt: instantOf(submittedAt) });

/**
 * A document from the wire. What a person typed into the server is kept as it is; what cannot be a document (no usable
 * number, absurd sizes) is refused.
 * @throws z.ZodError
 */
export function documentFrom(type: DocumentType, wire: WireDocument): BusinessDocument {
  const { partner } = documentTypeInfo[type];
  const lines = (Array.isArray(wire['lines']) ? wire['lines'] : []).map(lineFrom).filter((line) => line !== null);
  const date = dateSchema.safeParse(typeof wire['date'] === 'string' ? wire['date'].slice(0, 10) : null);
  const document: BusinessDocument = {
    type,
    number: documentNumberSchema.parse(wire.number),
    date: date.success ? date.data : null,
    partnerId: text(wire[partner === 'customer' ? 'customerId' : 'supplierId'] ?? wire['customerId'] ?? wire['supplierId'], 200),
    partnerName: text(wire['partnerName'] ?? wire['customerName'] ?? wire['supplierName'], 400),
    status: text(wire['status'], 64) ?? '',
    lines,
    totals: totalsFrom(wire, lines),
    fields: fieldsFrom(wire),
  };
  return documentSchema.parse(document);
}

/** The record of a row or a single answer. The ETag comes from the header, or from the row's version. */
export function recordFrom(type: DocumentType, wire: WireDocument, { etag, fetchedAt }: { etag: string | null; fetchedAt: number }): DocumentRecord {
  const version = text(wire['version'], 64);
  const workflow = wireWorkflowSchema.safeParse(wire['workflow']);
  return {
    document: documentFrom(type, wire),
    workflow: workflow.success ? workflowFrom(workflow.data) : null,
    etag: etag ?? (version === null ? null : `"${version}"`),
    changedAt: instantOf(wire['updated_at'] ?? wire['updatedAt']),
    fetchedAt,
  };
}

/** A JSON number that means exactly this decimal; its text where a double cannot hold it. */
export function wireNumber(value: Decimal): number | string {
  const number = Number(value);
  return decimal(number) === value ? number : value;
}

const wireLine = ({ article, qty, price, vatRate, cost }: DocumentLine): Record<string, unknown> => ({
  article,
  qty: wireNumber(qty),
  // Left out rather than null: the shipped server ends in an error on a price of null.
  ...(price === null ? {} : { price: wireNumber(price) }),
  ...(vatRate === null ? {} : { vatRate: wireNumber(vatRate) }),
  ...(cost === null ? {} : { cost: wireNumber(cost) }),
});

export const wireLines = (lines: readonly DocumentLine[]): Record<string, unknown>[] => lines.map(wireLine);

/** The body of a POST or PUT. Totals are computed anew from the lines: what is sent always adds up. */
export function wireDocument(document: BusinessDocument): Record<string, unknown> {
  const info = documentTypeInfo[document.type];
  const { net, tax, gross } = totalsOf(document.lines);
  const fields = Object.entries(document.fields).map(([name, value]) => {
    const amount = moneyFields.has(name) ? decimal(value) : null;
    return [name, amount === null ? value : wireNumber(amount)] as const;
  });
  return {
    ...Object.fromEntries(fields.filter(([name]) => !ownNames.has(name))),
    number: document.number,
    ...(document.date === null ? {} : { date: document.date }),
    ...(document.partnerId === null ? {} : { [info.partner === 'customer' ? 'customerId' : 'supplierId']: document.partnerId }),
    status: document.status,
    ...(info.hasLines ? { lines: wireLines(document.lines) } : {}),
    ...(info.sendsTotals ? { subtotalNet: wireNumber(net), totalTax: wireNumber(tax), totalGross: wireNumber(gross) } : {}),
  };
}

/** Of the body of a PUT only what differs from any of `before`; the number always, as servers expect it in every document. */
export function wireChanges(before: readonly BusinessDocument[], after: BusinessDocument): Record<string, unknown> {
  const old = before.map(wireDocument);
  return Object.fromEntries(Object.entries(wireDocument(after)).filter(([name, value]) => name === 'number' || old.some((one) => JSON.stringify(one[name]) !== JSON.stringify(value))));
}
