import type { metricsCalls } from '../../../../shared/ipc/calls/security/metrics.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function metricsHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof metricsCalls> {
  return {};
}
