import { scoreHandlers } from './score.ts';
import { postureHandlers } from './posture.ts';
import { findingsHandlers } from './findings.ts';
import { alertsHandlers } from './alerts.ts';
import { metricsHandlers } from './metrics.ts';
import { backupsHandlers } from './backups.ts';
import { secretsHandlers } from './secrets.ts';
import { incidentsHandlers } from './incidents.ts';
import { gdprHandlers } from './gdpr.ts';
import { checklistsHandlers } from './checklists.ts';
import { reviewHandlers } from './review.ts';
import type { SecurityHandlerPorts } from './ports.ts';
import type { securityCentreCalls } from '../../../../shared/ipc/calls/security/index.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';

/** Calls of the security centre. */
export const securityCentreHandlers = (ports: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof securityCentreCalls> => ({
  ...scoreHandlers(ports),
  ...postureHandlers(ports),
  ...findingsHandlers(ports),
  ...alertsHandlers(ports),
  ...metricsHandlers(ports),
  ...backupsHandlers(ports),
  ...secretsHandlers(ports),
  ...incidentsHandlers(ports),
  ...gdprHandlers(ports),
  ...checklistsHandlers(ports),
  ...reviewHandlers(ports),
});
