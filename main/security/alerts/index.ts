import type { Metrics } from '../metrics/index.ts';
import type { SecurityPorts } from '../ports.ts';
import { AlertsService } from './alerts.ts';

export type Alerts = AlertsService;

export const createAlerts = (ports: SecurityPorts, metrics: Pick<Metrics, 'watch'>): Alerts => new AlertsService(ports, metrics);
