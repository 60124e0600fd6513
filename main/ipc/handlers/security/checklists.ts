import type { checklistsCalls } from '../../../../shared/ipc/calls/security/checklists.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function checklistsHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof checklistsCalls> {
  return {};
}
