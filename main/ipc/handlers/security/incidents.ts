import type { incidentsCalls } from '../../../../shared/ipc/calls/security/incidents.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function incidentsHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof incidentsCalls> {
  return {};
}
