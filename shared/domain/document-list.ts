import { z } from 'zod';
import { dateSchema, decimalSchema, documentTypeSchema } from './document.ts';
import { workflowStateSchema } from './workflow.ts';

/** `submitted`: since when a document waits, which is its last change where the server does not say. */
export const sortColumns = ['changed', 'number', 'type', 'date', 'partner', 'net', 'gross', 'status', 'workflow', 'submitted'] as const;

/** What a list screen asks the cache for. Filters combine with AND, the values of one filter with OR. */
export const listFilterSchema = z.object({
  types: z.array(documentTypeSchema).optional(),
  /** Normalised spelling, see normaliseStatus. */
  statuses: z.array(z.string().max(64)).max(40).optional(),
  workflow: z.array(workflowStateSchema).optional(),
  /** Inclusive, document date. */
  dateFrom: dateSchema.optional(),
  dateTo: dateSchema.optional(),
  partnerId: z.string().max(200).optional(),
  /** Full-text: every word must occur as a prefix in number, partner, article, contact or notes. */
  text: z.string().max(200).optional(),
  sort: z.object({ by: z.enum(sortColumns), direction: z.enum(['asc', 'desc']) }),
});
export type ListFilter = z.infer<typeof listFilterSchema>;

/** One page of it. */
export const listQuerySchema = listFilterSchema.extend({
  offset: z.number().int().min(0).max(10_000_000),
  limit: z.number().int().min(1).max(500),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/** The most documents that can be chosen and worked on at once. */
export const selectionLimit = 5000;

export const listRowSchema = z.object({
  type: documentTypeSchema,
  number: z.string(),
  date: z.string().nullable(),
  partnerName: z.string().nullable(),
  net: decimalSchema,
  gross: decimalSchema,
  status: z.string(),
  workflow: workflowStateSchema.nullable(),
  submittedBy: z.string().nullable(),
  submittedAt: z.number().nullable(),
  /** Epoch milliseconds. */
  changedAt: z.number().nullable(),
  fetchedAt: z.number(),
});
export type ListRow = z.infer<typeof listRowSchema>;

export const listPageSchema = z.object({
  rows: z.array(listRowSchema),
  offset: z.number().int(),
  total: z.number().int(),
  /** Epoch milliseconds of the oldest complete pull that this page rests on; null before the first one. */
  asOf: z.number().nullable(),
});
export type ListPage = z.infer<typeof listPageSchema>;
