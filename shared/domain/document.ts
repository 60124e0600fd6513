import { z } from 'zod';
import { documentTypes } from './document-types.ts';
import { decimal, type Decimal } from './money.ts';
import { workflowStateSchema } from './workflow.ts';

export const documentTypeSchema = z.enum(documentTypes);

/** Exact decimal in plain notation; see money.ts. */
export const decimalSchema = z.string().transform((text, context): Decimal => {
  const value = decimal(text);
  if (value !== null) return value;
  context.addIssue({ code: 'custom', message: 'not a decimal' });
  return z.NEVER;
});

/** `YYYY-MM-DD`, and a day that exists. */
export const dateSchema = z.iso.date();

/** Fits into one path segment: `.` and `..` would be resolved away by every URL parser, encoded or not. */
export const documentNumberSchema = z.string().trim().min(1).max(64).regex(/^(?!\.{1,2}$)[^\s/\\?#%]+$/);

export const lineSchema = z.object({
  article: z.string().max(200),
  qty: decimalSchema,
  price: decimalSchema.nullable(),
  /** Percent. */
  vatRate: decimalSchema.nullable(),
  cost: decimalSchema.nullable(),
});
export type DocumentLine = z.infer<typeof lineSchema>;

export const totalsSchema = z.object({ net: decimalSchema, tax: decimalSchema, gross: decimalSchema });

/** Header fields that only some types have (`validUntil`, `carrier`, `bankReference`, …), by the name of the form spec. */
export const fieldValueSchema = z.union([z.string().max(4000), z.number(), z.boolean(), z.null()]);

/** A document in the client's own words; main/erp translates to and from the wire. */
export const documentSchema = z.object({
  type: documentTypeSchema,
  number: documentNumberSchema,
  date: dateSchema.nullable(),
  partnerId: z.string().max(200).nullable(),
  partnerName: z.string().max(400).nullable(),
  /** As the server says it, never mapped: unknown values are shown as they are. */
  status: z.string().max(64),
  lines: z.array(lineSchema).max(1000),
  totals: totalsSchema,
  fields: z.record(z.string().max(64), fieldValueSchema),
});
export type BusinessDocument = z.infer<typeof documentSchema>;

export const documentKeySchema = z.object({ type: documentTypeSchema, number: documentNumberSchema });
export type DocumentKey = z.infer<typeof documentKeySchema>;

export const workflowInfoSchema = z.object({
  state: workflowStateSchema,
  /** Version for If-Match; null on servers without one. */
  version: z.string().nullable(),
  /** Login name of who submitted, for the segregation of duties; null when not known. */
  submittedBy: z.string().nullable(),
  /** Epoch milliseconds. */
  submittedAt: z.number().nullable(),
});
export type WorkflowInfo = z.infer<typeof workflowInfoSchema>;

/** A document as the cache holds it: with what is known about it and since when. */
export const documentRecordSchema = z.object({
  document: documentSchema,
  workflow: workflowInfoSchema.nullable(),
  /** ETag for If-Match; null on servers without one. */
  etag: z.string().nullable(),
  /** Epoch milliseconds of the last change on the server, as far as it says. */
  changedAt: z.number().nullable(),
  /** Epoch milliseconds when this client read it: the age that the screen shows. */
  fetchedAt: z.number(),
});
export type DocumentRecord = z.infer<typeof documentRecordSchema>;

/** One entry of a document's trail. Fields that a server does not give are null, never invented. */
export const trailEntrySchema = z.object({
  seq: z.number().int().nullable(),
  /** Epoch milliseconds. */
  at: z.number(),
  user: z.string().nullable(),
  action: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: z.string().nullable(),
  policy: z.string().nullable(),
  correlationId: z.string().nullable(),
  hash: z.string().nullable(),
  /** False for a refused attempt. */
  accepted: z.boolean(),
});
export type TrailEntry = z.infer<typeof trailEntrySchema>;
