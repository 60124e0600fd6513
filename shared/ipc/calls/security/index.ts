import { scoreCalls } from './score.ts';
import { postureCalls } from './posture.ts';
import { findingsCalls } from './findings.ts';
import { alertsCalls } from './alerts.ts';
import { metricsCalls } from './metrics.ts';
import { backupsCalls } from './backups.ts';
import { secretsCalls } from './secrets.ts';
import { incidentsCalls } from './incidents.ts';
import { gdprCalls } from './gdpr.ts';
import { checklistsCalls } from './checklists.ts';
import { reviewCalls } from './review.ts';

/** The security centre: one file an area. */
export const securityCentreCalls = {
  ...scoreCalls,
  ...postureCalls,
  ...findingsCalls,
  ...alertsCalls,
  ...metricsCalls,
  ...backupsCalls,
  ...secretsCalls,
  ...incidentsCalls,
  ...gdprCalls,
  ...checklistsCalls,
  ...reviewCalls,
};
