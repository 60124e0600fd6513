import { z } from 'zod';
import { unlockedCall } from '../call.ts';
import { bulkPlanSchema, bulkSchema } from '../../domain/bulk.ts';
import { documentKeySchema } from '../../domain/document.ts';
import { selectionLimit } from '../../domain/document-list.ts';
import { seenSchema } from '../../domain/seen.ts';
import { workflowActionSchema } from '../../domain/workflow.ts';

const onMany = <K extends typeof documentKeySchema>(key: K) => z.object({ action: workflowActionSchema, keys: z.array(key).min(1).max(selectionLimit) });
/** A document with the fingerprint that the plan said; null for one that was not in the cache then. */
const plannedKey = documentKeySchema.extend({ seen: seenSchema.nullable() });
const bulkId = z.object({ id: z.uuid() });

/** One workflow action on many documents. It runs as a job: `jobs.cancel` ends it, `bulk.changed` tells row by row. */
export const bulkCalls = {
  /** What would happen, from the cache; nothing is sent. */
  'bulk.plan': unlockedCall(onMany(documentKeySchema), bulkPlanSchema),
  /** Documents that are not any more what the plan was made of are left out, and named. */
  'bulk.start': unlockedCall(onMany(plannedKey).extend({ reason: z.string().trim().max(1000).nullable() }), bulkSchema),
  /** Null when it is no longer known. */
  'bulk.get': unlockedCall(bulkId, bulkSchema.nullable()),
  /** The last one of this account that was not closed, for a window that begins anew; null when there is none. */
  'bulk.latest': unlockedCall(z.undefined(), bulkSchema.nullable()),
  /** The person has seen what became of it. */
  'bulk.close': unlockedCall(bulkId, z.null()),
  /** Sends what was refused or never sent once more. */
  'bulk.retry': unlockedCall(bulkId, bulkSchema),
};
