import { z } from 'zod';
import { unlockedCall } from '../call.ts';
import { bulkPlanSchema, bulkSchema } from '../../domain/bulk.ts';
import { documentKeySchema } from '../../domain/document.ts';
import { selectionLimit } from '../../domain/document-list.ts';
import { workflowActionSchema } from '../../domain/workflow.ts';

const onMany = z.object({ action: workflowActionSchema, keys: z.array(documentKeySchema).min(1).max(selectionLimit) });
const bulkId = z.object({ id: z.uuid() });

/** One workflow action on many documents. It runs as a job: `jobs.cancel` ends it, `bulk.changed` tells row by row. */
export const bulkCalls = {
  /** What would happen, from the cache; nothing is sent. */
  'bulk.plan': unlockedCall(onMany, bulkPlanSchema),
  'bulk.start': unlockedCall(onMany.extend({ reason: z.string().trim().max(1000).nullable() }), bulkSchema),
  /** Null when it is no longer known. */
  'bulk.get': unlockedCall(bulkId, bulkSchema.nullable()),
  /** Sends what was refused or never sent once more. */
  'bulk.retry': unlockedCall(bulkId, bulkSchema),
};
