import { z } from 'zod';
import { dateSchema, decimalSchema, documentKeySchema, documentNumberSchema, type BusinessDocument, type DocumentKey } from './document.ts';
import { documentTypeInfo, initialStatus, normaliseStatus, type DocumentType } from './document-types.ts';
import type { DraftContent } from './draft.ts';
import { contentOf } from './draft-document.ts';
import { add, compare, subtract, zero, type Decimal } from './money.ts';
import { workflowStateSchema, type WorkflowState } from './workflow.ts';

/** Which type may follow which (Belegfluss), the usual successor first. */
export const followTypes: Readonly<Record<DocumentType, readonly DocumentType[]>> = {
  customer_inquiry: ['sales_offer'],
  sales_offer: ['sales_order'],
  sales_order: ['sales_delivery', 'sales_invoice'],
  sales_delivery: ['sales_invoice'],
  sales_invoice: ['payment_received'],
  payment_received: [],
  purchase_request: ['purchase_offer', 'purchase_order'],
  purchase_offer: ['purchase_order'],
  purchase_order: [],
};

/**
 * The fields by which a document of a type names those it came from. ERP-API section 3; the two names for inquiries and
 * requests are ours, in the pattern of the others, because the interface has none for them.
 */
export const referenceFields: Readonly<Record<DocumentType, Readonly<Record<string, DocumentType>>>> = {
  customer_inquiry: {},
  sales_offer: { customerInquiryId: 'customer_inquiry' },
  sales_order: { salesOfferId: 'sales_offer' },
  sales_delivery: { sourceOrder: 'sales_order' },
  sales_invoice: { sourceOrder: 'sales_order', sourceDelivery: 'sales_delivery' },
  payment_received: { salesInvoiceId: 'sales_invoice' },
  purchase_request: {},
  purchase_offer: { purchaseRequestId: 'purchase_request' },
  purchase_order: { purchaseOfferId: 'purchase_offer', purchaseRequestId: 'purchase_request' },
};

type Referring = Pick<BusinessDocument, 'type' | 'number' | 'fields'>;

/** The documents that this one says it came from; what cannot be a number is no reference. */
export function referencesOf({ type, number, fields }: Referring): DocumentKey[] {
  return Object.entries(referenceFields[type]).flatMap(([field, target]) => {
    const named = documentNumberSchema.safeParse(fields[field]);
    return named.success && !(target === type && named.data === number) ? [{ type: target, number: named.data }] : [];
  });
}

/** What a follow-up takes over when its predecessor has it; the server's own list and the notes. */
const inheritedFields = ['contactPerson', 'deliveryAddress', 'deliveryDate', 'paymentTerms', 'carrier', 'notes'] as const;

const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The days that payment terms give; terms that name none leave the due date to the person. */
const termDays: Readonly<Record<string, number>> = { net30: 30, net14: 14, net7: 7, cash: 0 };

/** The references that a follow-up carries: its predecessor, and what that came from as far as the follow-up has a field for it. */
function followReferences(from: BusinessDocument, toType: DocumentType): Record<string, string> {
  const named = [{ type: from.type, number: from.number }, ...referencesOf(from)];
  return Object.fromEntries(Object.entries(referenceFields[toType]).flatMap(([field, type]) => {
    const target = named.find((key) => key.type === type);
    return target === undefined ? [] : [[field, target.number]];
  }));
}

/**
 * The follow-up as this client makes it without the server: lines, partner, texts and references of its predecessor,
 * nothing invented. It has no number yet.
 * @param today `YYYY-MM-DD`
 */
export function followUpOf(from: BusinessDocument, toType: DocumentType, today: string): BusinessDocument {
  const fields: BusinessDocument['fields'] = {};
  for (const name of inheritedFields) if (from.fields[name] !== undefined && from.fields[name] !== null) fields[name] = from.fields[name];
  if (!documentTypeInfo[toType].hasLines) fields['amount'] = from.totals.gross;
  const samePartner = documentTypeInfo[from.type].partner === documentTypeInfo[toType].partner;
  return withFollowFacts(from, {
    type: toType, number: '', date: today, status: initialStatus(toType), partnerId: samePartner ? from.partnerId : null, partnerName: samePartner ? from.partnerName : null,
    lines: documentTypeInfo[toType].hasLines ? from.lines : [], totals: from.totals, fields,
  }, today);
}

/** Adds what follows from the predecessor and the day, and a server's own follow-up may lack: date, references, partner's name, due date. */
export function withFollowFacts(from: BusinessDocument, draft: BusinessDocument, today: string): BusinessDocument {
  const date = draft.date ?? today;
  const days = draft.type === 'sales_invoice' && !dateSchema.safeParse(draft.fields['dueDate']).success ? termDays[String(draft.fields['paymentTerms'])] : undefined;
  return {
    ...draft, date,
    partnerName: draft.partnerName ?? (draft.partnerId === from.partnerId ? from.partnerName : null),
    fields: { ...draft.fields, ...followReferences(from, draft.type), ...(days === undefined ? {} : { dueDate: dayAfter(date, days) }) },
  };
}

/** Fields that belong to one business event and not to its copy. */
const uncopied = new Set(['bankReference']);

/**
 * A new document with the content of another, posted ones too: dated today, without number and references, in its first
 * status. Days that have passed by then are left out, because they would be wrong in a new document.
 */
export function copyOf(document: BusinessDocument, today: string): DraftContent {
  const references = referenceFields[document.type];
  const fields = Object.fromEntries(Object.entries(document.fields).filter(([name, value]) =>
    !(name in references) && !uncopied.has(name) && !(typeof value === 'string' && dateSchema.safeParse(value).success && value < today)));
  return contentOf({ ...document, number: '', date: today, status: initialStatus(document.type), fields });
}

/** One document of a chain. `cached` is false for one that is named by others and that this client has never read. */
export const flowNodeSchema = z.object({
  key: documentKeySchema,
  cached: z.boolean(),
  date: z.string().nullable(),
  partnerName: z.string().nullable(),
  gross: decimalSchema.nullable(),
  status: z.string().nullable(),
  workflow: workflowStateSchema.nullable(),
  /** Epoch milliseconds; null when it is not cached. */
  fetchedAt: z.number().nullable(),
});
export type FlowNode = z.infer<typeof flowNodeSchema>;

/** By position in `nodes`: the successor names the predecessor. */
export const flowEdgeSchema = z.object({ from: z.number().int(), to: z.number().int() });

const articleProgressSchema = z.object({ article: z.string(), ordered: decimalSchema, delivered: decimalSchema, invoiced: decimalSchema });

/** How far a sales chain has come: quantities by article, and gross amounts. Null where no document of that kind is known. */
export const flowProgressSchema = z.object({
  articles: z.array(articleProgressSchema),
  /** Deliveries have no amount of their own: many carry no prices. */
  ordered: decimalSchema.nullable(), invoiced: decimalSchema.nullable(), paid: decimalSchema.nullable(),
});
export type FlowProgress = z.infer<typeof flowProgressSchema>;

export const flowSchema = z.object({
  /** The document that was asked for first, then in the order of the flow. */
  nodes: z.array(flowNodeSchema),
  edges: z.array(flowEdgeSchema),
  /** There is more than is shown. */
  truncated: z.boolean(),
  progress: flowProgressSchema.nullable(),
});
export type Flow = z.infer<typeof flowSchema>;

/** A document of a chain, with what its workflow says. */
export type InChain = { document: BusinessDocument; workflow: WorkflowState | null };

/** A document that counts: not rejected, refused or cancelled. */
export const counts = ({ document, workflow }: { document: { status: string | null }; workflow: WorkflowState | null }): boolean =>
  workflow !== 'rejected' && !['ABGELEHNT', 'STORNIERT'].includes(normaliseStatus(document.status ?? ''));

/** What was ordered, delivered, invoiced and paid in a chain of sales documents; null when there is nothing to compare. */
export function progressOf(chain: readonly InChain[]): FlowProgress | null {
  const of = (type: DocumentType): BusinessDocument[] => chain.filter((one) => one.document.type === type && counts(one)).map(({ document }) => document);
  const [orders, deliveries, invoices, payments] = [of('sales_order'), of('sales_delivery'), of('sales_invoice'), of('payment_received')];
  if (orders.length + invoices.length === 0) return null;
  const gross = (documents: readonly BusinessDocument[]): Decimal | null => (documents.length === 0 ? null : documents.reduce((sum, { totals }) => add(sum, totals.gross), zero));
  const articles = new Map<string, { article: string; ordered: Decimal; delivered: Decimal; invoiced: Decimal }>();
  const count = (documents: readonly BusinessDocument[], kind: 'ordered' | 'delivered' | 'invoiced'): void => {
    for (const { article, qty } of documents.flatMap(({ lines }) => lines)) {
      const row = articles.get(article) ?? { article, ordered: zero, delivered: zero, invoiced: zero };
      articles.set(article, { ...row, [kind]: add(row[kind], qty) });
    }
  };
  count(orders, 'ordered');
  count(deliveries, 'delivered');
  count(invoices, 'invoiced');
  return { articles: [...articles.values()], ordered: gross(orders), invoiced: gross(invoices), paid: gross(payments) };
}

/** What is left of one amount after another, never below nothing; null when either is not known. */
export function openOf(whole: Decimal | null, done: Decimal | null): Decimal | null {
  if (whole === null) return null;
  const rest = subtract(whole, done ?? zero);
  return compare(rest, zero) < 0 ? zero : rest;
}
