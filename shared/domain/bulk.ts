import { z } from 'zod';
import { appErrorSchema } from '../ipc/errors.ts';
import { decimalSchema, documentKeySchema } from './document.ts';
import { seenSchema } from './seen.ts';
import { workflowActionSchema } from './workflow.ts';

/**
 * `waiting`: not sent yet. `sending`: on its way, or next in the queue of the rate limit. `done`. `refused`: the server
 * said no. `skipped`: cannot be done, known before anything of it was sent.
 */
export const bulkRowStates = ['waiting', 'sending', 'done', 'refused', 'skipped'] as const;

/** One document of a bulk action and what became of it. */
export const bulkRowSchema = z.object({
  key: documentKeySchema,
  partnerName: z.string().nullable(),
  gross: decimalSchema.nullable(),
  /** What the action is about; null for a document that was not in the cache. */
  seen: seenSchema.nullable(),
  state: z.enum(bulkRowStates),
  /** Why it was refused or skipped, or why the last attempt came to nothing. */
  error: appErrorSchema.nullable(),
});
export type BulkRow = z.infer<typeof bulkRowSchema>;

/** One action on many documents. */
export const bulkSchema = z.object({
  id: z.uuid(),
  action: workflowActionSchema,
  reason: z.string().max(1000).nullable(),
  /** The job that runs it now, or ran it last: its progress, and why it stopped. */
  jobId: z.uuid(),
  rows: z.array(bulkRowSchema),
});
export type Bulk = z.infer<typeof bulkSchema>;

/** What an action on many documents would do: rows that cannot are `skipped` and say why. */
export const bulkPlanSchema = z.object({
  rows: z.array(bulkRowSchema),
  /** How many of the others the same person has submitted: an admin may approve these, with a reason. */
  needReason: z.number().int(),
});
export type BulkPlan = z.infer<typeof bulkPlanSchema>;

/** How many rows are in each state. */
export function countRows(rows: readonly Pick<BulkRow, 'state'>[]): Record<BulkRow['state'], number> {
  const counts = { waiting: 0, sending: 0, done: 0, refused: 0, skipped: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}
