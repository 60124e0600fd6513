import type { jobCalls } from '../../../shared/ipc/calls/jobs.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import type { Jobs } from '../../jobs.ts';

/** Calls about long work. */
export function jobHandlers(jobs: Jobs): Pick<CallHandlers, keyof typeof jobCalls> {
  return {
    'jobs.list': () => jobs.list(),
    'jobs.cancel': async ({ id }) => {
      await jobs.cancel(id);
      return null;
    },
  };
}
