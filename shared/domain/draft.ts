import { z } from 'zod';
import { decimalSchema, documentNumberSchema, documentRecordSchema, documentTypeSchema, fieldValueSchema } from './document.ts';

/**
 * A number as it is being typed. `text` holds what was typed until it is a number and the cell is left; then only the
 * value counts, so that a change of language cannot turn 1.234 into something else, and nothing unreadable is dropped.
 * `assumed` stands there until somebody was in the cell: nobody typed the value, and no server named it.
 */
export const cellSchema = z.object({ text: z.string().max(200).nullable(), value: decimalSchema.nullable(), assumed: z.literal(true).optional() });
export type Cell = z.infer<typeof cellSchema>;

/** `id` is stable for the life of the draft: 0 … n−1 are the lines of the base in its order, higher ones were added here. */
export const draftLineSchema = z.object({
  id: z.number().int().min(0), article: z.string().max(200), qty: cellSchema, price: cellSchema, vatRate: cellSchema, cost: cellSchema,
});
export type DraftLine = z.infer<typeof draftLineSchema>;

/** What a person has typed so far. Everything may be missing or unreadable: a draft may be incomplete. */
export const draftContentSchema = z.object({
  type: documentTypeSchema,
  /** May be empty until the server or the person gives one. */
  number: z.string().max(64),
  /** The number is ours, not the server's, and is replaced when the server can give one. */
  numberProvisional: z.boolean(),
  /** `YYYY-MM-DD`, or what was typed while that is no day. */
  date: z.string().max(64).nullable(),
  partnerId: z.string().max(200).nullable(),
  partnerName: z.string().max(400).nullable(),
  status: z.string().max(64),
  fields: z.record(z.string().max(64), fieldValueSchema),
  lines: z.array(draftLineSchema).max(1001),
  nextLineId: z.number().int().min(0),
});
export type DraftContent = z.infer<typeof draftContentSchema>;

export const draftIdSchema = z.uuid();

/**
 * `open`: being written. `queued`: a command in the outbox carries it. `conflict`: the server's document changed too.
 * `rejected`: the server refused it for a reason a person must mend. Only `open` drafts are written to by the form; the
 * others are opened again by withdrawing or resolving their command.
 */
export const draftStates = ['open', 'queued', 'conflict', 'rejected'] as const;
export const draftStateSchema = z.enum(draftStates);
export type DraftState = z.infer<typeof draftStateSchema>;

/** A draft as it is stored in the encrypted cache, the only copy of what a person typed. */
export const draftSchema = z.object({
  id: draftIdSchema,
  state: draftStateSchema,
  content: draftContentSchema,
  /** The record it started from, for the merge; null for a new document. */
  base: documentRecordSchema.nullable(),
  /** Grows with each stored change. */
  version: z.number().int().min(1),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  savedAt: z.number(),
});
export type Draft = z.infer<typeof draftSchema>;

/** One row of a list of drafts. */
export const draftSummarySchema = z.object({
  id: draftIdSchema,
  state: draftStateSchema,
  type: documentTypeSchema,
  number: z.string(),
  numberProvisional: z.boolean(),
  isNew: z.boolean(),
  partnerName: z.string().nullable(),
  lineCount: z.number().int(),
  gross: decimalSchema,
  createdAt: z.number(),
  savedAt: z.number(),
});
export type DraftSummary = z.infer<typeof draftSummarySchema>;

/** One that was thrown away and can be brought back for a while; epoch milliseconds. */
export const discardedDraftSchema = draftSummarySchema.extend({ discardedAt: z.number() });
export type DiscardedDraft = z.infer<typeof discardedDraftSchema>;

/** One earlier state of a draft. */
export const draftVersionSchema = z.object({ version: z.number().int(), savedAt: z.number(), lineCount: z.number().int(), gross: decimalSchema });
export type DraftVersion = z.infer<typeof draftVersionSchema>;

/** Whether a draft is of a number that could be a document's. */
export const hasUsableNumber = (content: Pick<DraftContent, 'number'>): boolean => documentNumberSchema.safeParse(content.number).success;
