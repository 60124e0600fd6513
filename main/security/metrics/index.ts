import type { SecurityPorts } from '../ports.ts';

export type Metrics = object;

export function createMetrics(_ports: SecurityPorts): Metrics {
  return {};
}
