import type { SecurityPorts } from '../ports.ts';

export type Secrets = object;

export function createSecrets(_ports: SecurityPorts): Secrets {
  return {};
}
