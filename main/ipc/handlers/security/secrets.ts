import type { secretsCalls } from '../../../../shared/ipc/calls/security/secrets.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function secretsHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof secretsCalls> {
  return {};
}
