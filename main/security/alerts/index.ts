import type { SecurityPorts } from '../ports.ts';

export type Alerts = object;

export function createAlerts(_ports: SecurityPorts): Alerts {
  return {};
}
