import type { alertsCalls } from '../../../../shared/ipc/calls/security/alerts.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls of the alerts. */
export function alertsHandlers({ security }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof alertsCalls> {
  return {
    'alerts.state': async () => (await security()).alerts.state(),
    'alerts.firing': async () => (await security()).alerts.firing(),
    'alerts.silence': async (asked) => (await security()).alerts.silence(asked),
    'alerts.expire': async ({ id }) => {
      await (await security()).alerts.expire(id);
      return null;
    },
    'alerts.setRules': async (rules) => {
      await (await security()).alerts.setRules(rules);
      return null;
    },
  };
}
