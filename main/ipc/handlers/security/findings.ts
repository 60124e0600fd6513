import type { findingsCalls } from '../../../../shared/ipc/calls/security/findings.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import type { SecurityHandlerPorts } from './ports.ts';

export function findingsHandlers(_ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof findingsCalls> {
  return {};
}
