import type { SecurityPorts } from '../ports.ts';
import { MetricsService } from './metrics.ts';

export type Metrics = MetricsService;

export const createMetrics = (ports: SecurityPorts): Metrics => new MetricsService(ports);
