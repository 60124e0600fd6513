import type { reviewCalls } from '../../../../shared/ipc/calls/security/review.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function reviewHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof reviewCalls> {
  return {};
}
