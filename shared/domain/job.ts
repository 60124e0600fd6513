import { z } from 'zod';
import { appErrorSchema } from '../ipc/errors.ts';

/** Work that takes longer than a second: it says how far it is and can be cancelled. */
export const jobSchema = z.object({
  id: z.uuid(),
  /** Names the text of what is going on: `jobs.<kind>`. */
  kind: z.string().max(64),
  status: z.enum(['running', 'done', 'failed', 'cancelled']),
  done: z.number().int().min(0),
  /** 0 while not known. */
  total: z.number().int().min(0),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  error: appErrorSchema.nullable(),
});
export type Job = z.infer<typeof jobSchema>;
