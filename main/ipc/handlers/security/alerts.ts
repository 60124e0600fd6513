import type { alertsCalls } from '../../../../shared/ipc/calls/security/alerts.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function alertsHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof alertsCalls> {
  return {};
}
