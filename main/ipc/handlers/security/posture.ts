import type { postureCalls } from '../../../../shared/ipc/calls/security/posture.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function postureHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof postureCalls> {
  return {};
}
