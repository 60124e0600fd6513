import type { metricsCalls } from '../../../../shared/ipc/calls/security/metrics.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls of the metrics and of the server's log. */
export function metricsHandlers({ security }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof metricsCalls> {
  return {
    'metrics.panels': async ({ range }) => (await security()).metrics.panels(range),
    'metrics.refresh': async () => {
      await (await security()).metrics.refresh();
      return null;
    },
    'metrics.searchLog': async ({ correlationId, around }) => (await security()).metrics.searchLog(correlationId, around),
  };
}
