import type { SecurityPorts } from '../ports.ts';

export type Gdpr = object;

export function createGdpr(_ports: SecurityPorts): Gdpr {
  return {};
}
