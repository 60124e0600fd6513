import { z } from 'zod';
import { correlationIdSchema, logLineSchema } from '../../../security/metrics/log.ts';
import { metricRanges, panelSchema } from '../../../security/metrics/panels.ts';
import { appErrorSchema } from '../../errors.ts';
import { centreRead } from '../../call.ts';

const at = z.number().nullable();

export const metricsCalls = {
  /** The six panels. `error` says why a part is missing or older than it should be. */
  'metrics.panels': centreRead(z.object({ range: z.enum(metricRanges) }), z.object({
    source: z.enum(['prometheus', 'sampled']),
    host: z.string(),
    error: appErrorSchema.nullable(),
    panels: z.array(panelSchema).max(6),
    /** From when to when anything was measured in this range, epoch milliseconds. */
    since: at, asOf: at,
    readiness: z.object({ at: z.number(), isReady: z.boolean(), since: z.number(), wasEverReady: z.boolean() }).nullable(),
  })),
  /** Looks at the server now. */
  'metrics.refresh': centreRead(z.undefined(), z.null()),
  /** The server's log under one correlation id, around a time (epoch milliseconds; null: now). */
  'metrics.searchLog': centreRead(z.object({ correlationId: correlationIdSchema, around: at }), z.object({
    host: z.string(), from: z.number(), to: z.number(), isCut: z.boolean(), lines: z.array(logLineSchema),
  })),
};
