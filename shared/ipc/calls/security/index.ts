import type { CentreCall } from '../../call.ts';
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

/** The security centre: one file an area. Each call says whether it reads or acts, and the dispatcher holds whoever calls to that. */
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
} satisfies Record<string, CentreCall>;
