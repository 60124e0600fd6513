import type { postureCalls } from '../../../../shared/ipc/calls/security/posture.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls of the posture check. */
export function postureHandlers({ security }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof postureCalls> {
  return {
    'posture.state': async () => (await security()).posture.state(),
    'posture.plan': async () => (await security()).posture.plan(),
    'posture.run': async ({ id }) => (await security()).posture.run(id),
    'posture.start': async () => (await security()).posture.check(),
    'posture.setSchedule': async ({ schedule }) => {
      await (await security()).posture.setSchedule(schedule);
      return null;
    },
  };
}
