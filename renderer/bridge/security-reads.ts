import type { CallName } from '../../shared/ipc/contract.ts';
import type { SecurityArea } from '../../shared/security/areas.ts';

/** What each area of the security centre reads: stale when main says that the area has something new. */
export const securityReads: Readonly<Record<SecurityArea, readonly CallName[]>> = {
  score: ['score.read', 'score.history', 'score.overview', 'checklists.read'],
  posture: ['posture.state', 'posture.run'],
  findings: ['findings.list', 'findings.get', 'findings.summary', 'findings.imports'],
  alerts: ['alerts.state', 'alerts.firing'],
  metrics: ['metrics.panels'],
  backups: ['backups.state'],
  secrets: ['secrets.state'],
  incidents: ['incidents.list', 'incidents.get', 'incidents.watch', 'incidents.leavers'],
  gdpr: ['gdpr.list'],
  checklists: ['checklists.read'],
  review: ['review.list', 'review.get'],
};
