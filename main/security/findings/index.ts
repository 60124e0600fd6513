import type { SecurityPorts } from '../ports.ts';

export type Findings = object;

export function createFindings(_ports: SecurityPorts): Findings {
  return {};
}
