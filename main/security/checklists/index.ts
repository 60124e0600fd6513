import type { SecurityPorts } from '../ports.ts';

export type Checklists = object;

export function createChecklists(_ports: SecurityPorts): Checklists {
  return {};
}
