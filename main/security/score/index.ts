import type { SecurityPorts } from '../ports.ts';

export type Score = object;

export function createScore(_ports: SecurityPorts): Score {
  return {};
}
