import { z } from 'zod';
import { openCall } from '../call.ts';
import { jobSchema } from '../../domain/job.ts';

/** Long work of any kind. What starts a job is a call of its own area; it answers with the job. */
export const jobCalls = {
  /** Running ones and those that ended in the last minutes, newest first. */
  'jobs.list': openCall(z.undefined(), z.array(jobSchema)),
  'jobs.cancel': openCall(z.object({ id: z.uuid() }), z.null()),
};
