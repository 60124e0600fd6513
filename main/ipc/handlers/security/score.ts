import type { scoreCalls } from '../../../../shared/ipc/calls/security/score.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function scoreHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof scoreCalls> {
  return {};
}
