import type { gdprCalls } from '../../../../shared/ipc/calls/security/gdpr.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function gdprHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof gdprCalls> {
  return {};
}
