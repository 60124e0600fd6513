import { z } from 'zod';
import { centreAct, centreRead } from '../../call.ts';
import { jobSchema } from '../../../domain/job.ts';
import { postureCheckIds } from '../../../security/posture/checks.ts';
import { posturePlanSchema, postureRunSchema, postureSchedules, postureSummarySchema } from '../../../security/posture/result.ts';

const nothing = z.undefined();

export const postureCalls = {
  'posture.state': centreRead(nothing, z.object({
    schedule: z.enum(postureSchedules),
    /** When the schedule is due, epoch milliseconds; null without one. */
    nextAt: z.number().nullable(),
    latest: postureRunSchema.nullable(),
    /** Against the run before; both empty while there is only one. */
    changed: z.object({ better: z.array(z.enum(postureCheckIds)), worse: z.array(z.enum(postureCheckIds)) }),
    /** Newest first. */
    history: z.array(postureSummarySchema),
    running: jobSchema.nullable(),
  })),
  /** What a run would send; nothing is sent for it. */
  'posture.plan': centreRead(nothing, posturePlanSchema),
  /** An earlier run; null when it is not kept any more. */
  'posture.run': centreRead(z.object({ id: z.uuid() }), postureRunSchema.nullable()),
  /** Runs the check as a job, or answers the one that runs. */
  'posture.start': centreAct(nothing, jobSchema),
  'posture.setSchedule': centreAct(z.object({ schedule: z.enum(postureSchedules) }), z.null()),
};
