import type { PointId } from '../points.ts';

/** Where a point is proven: an address of the app. What a person alone can prove is vouched for on the score itself. */
const byPrefix: readonly (readonly [string, string])[] = [
  ['authentication.oidcPkce', '/access'], ['authentication.mfa', '/access'], ['authentication.keyRotation', '/security/secrets'], ['authentication.', '/security/posture'],
  ['authorisation.closedEndpoints', '/security/posture'], ['authorisation.', '/access'], ['rateLimiting.', '/security/posture'],
  ['logging.redaction', '/security/checklists'], ['logging.central', '/security/checklists'], ['logging.', '/security/posture'], ['gdpr.', '/security/gdpr'], ['audit.', '/audit'], ['policy.', '/policies'],
  ['backups.', '/security/backups'], ['scans.', '/security/findings'], ['secretRotation.', '/security/secrets'], ['tls.', '/security/posture'], ['health.', '/security/posture'],
  ['observability.alerts', '/security/alerts'], ['observability.', '/security/metrics'], ['dataIntegrity.', '/documents'], ['humanLayer.offboarding', '/security/incidents'], ['humanLayer.exercise', '/security/incidents'],
  ['containers.', '/security/checklists'], ['infrastructure.', '/security/checklists'], ['humanLayer.', '/security/checklists'], ['aiGovernance.', '/security/score'],
];

/** The address at which a point is proven. */
export const provenAt = (point: PointId): string => byPrefix.find(([prefix]) => point.startsWith(prefix))?.[1] ?? '/security/score';

/**
 * Points that a person may vouch for, because no probe and no file can see them from here. Everything else is measured or
 * imported, and a word of somebody would only cover up that it was not.
 */
const attestable: ReadonlySet<PointId> = new Set<PointId>([
  'authentication.mfa', 'authentication.keyRotation', 'authorisation.segregation', 'authorisation.review', 'containers.hardening', 'containers.signedImages', 'logging.redaction', 'logging.central',
  'backups.offsite', 'backups.retention', 'infrastructure.asCode', 'infrastructure.policyAsCode', 'humanLayer.awareness', 'humanLayer.phishing', 'humanLayer.offboarding', 'humanLayer.exercise', 'aiGovernance.register',
]);
export const isAttestable = (point: PointId): boolean => attestable.has(point);
