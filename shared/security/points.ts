/** The areas of the security score, as the product's source documents name them. */
export const scoreAreas = [
  'authentication', 'authorisation', 'rateLimiting', 'containers', 'logging', 'gdpr', 'audit', 'policy', 'backups', 'scans', 'secretRotation', 'tls', 'health', 'observability',
  'dataIntegrity', 'infrastructure', 'humanLayer', 'aiGovernance',
] as const;
export type ScoreArea = (typeof scoreAreas)[number];

/** Everything that can earn points, `<area>.<what>`. What each is worth stands in resources/security/score-weights.json. */
export const pointIds = [
  'authentication.oidcPkce', 'authentication.tokensRefused', 'authentication.noDevelopmentToken', 'authentication.mfa', 'authentication.keyRotation',
  'authorisation.scopes', 'authorisation.closedEndpoints', 'authorisation.segregation', 'authorisation.review',
  'rateLimiting.enforced', 'rateLimiting.announced',
  'containers.hardening', 'containers.signedImages',
  'logging.redaction', 'logging.correlation', 'logging.noLeaks', 'logging.central',
  'gdpr.requestsInTime', 'gdpr.automation', 'gdpr.dpia',
  'audit.signedLog', 'audit.verified', 'audit.noOpenAlarm',
  'policy.fourEyes', 'policy.lint',
  'backups.recent', 'backups.offsite', 'backups.drill', 'backups.retention',
  'scans.static', 'scans.dependencies', 'scans.images', 'scans.dynamic', 'scans.noneOverdue',
  'secretRotation.inTime',
  'tls.version', 'tls.certificate', 'tls.hsts', 'tls.headers', 'tls.cors',
  'health.live', 'health.ready', 'health.clock',
  'observability.metrics', 'observability.alerts',
  'dataIntegrity.verify', 'dataIntegrity.concurrency',
  'infrastructure.asCode', 'infrastructure.policyAsCode',
  'humanLayer.awareness', 'humanLayer.phishing', 'humanLayer.offboarding', 'humanLayer.exercise',
  'aiGovernance.register',
] as const;
export type PointId = (typeof pointIds)[number];

/** The area that a point counts for. */
export const areaOf = (point: PointId): ScoreArea => point.slice(0, point.indexOf('.')) as ScoreArea;
