import type { SecurityPorts } from '../ports.ts';

export type Incidents = object;

export function createIncidents(_ports: SecurityPorts): Incidents {
  return {};
}
