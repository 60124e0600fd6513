import type { SecurityPorts } from '../ports.ts';

export type Backups = object;

export function createBackups(_ports: SecurityPorts): Backups {
  return {};
}
