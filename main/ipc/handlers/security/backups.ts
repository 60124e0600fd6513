import type { backupsCalls } from '../../../../shared/ipc/calls/security/backups.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function backupsHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof backupsCalls> {
  return {};
}
