import type { PointId } from '../points.ts';

/** The parts of the posture check, in the order in which they are shown. */
export const postureGroups = ['transport', 'headers', 'tokens', 'doors', 'answers', 'limits', 'service'] as const;
export type PostureGroup = (typeof postureGroups)[number];

type Definition = { group: PostureGroup; /** Point of the score that the result is evidence for. */ point: PointId };

/**
 * Everything that is looked at. To each id belong three texts in the namespace `security-posture`: `check.<id>` (its name),
 * `good.<id>` (what counts as good) and `advice.<id>` (what the administration of the server should do).
 */
const definitions = {
  tlsVersion: { group: 'transport', point: 'tls.version' },
  certificate: { group: 'transport', point: 'tls.certificate' },
  hsts: { group: 'headers', point: 'tls.hsts' },
  csp: { group: 'headers', point: 'tls.headers' },
  frameOptions: { group: 'headers', point: 'tls.headers' },
  nosniff: { group: 'headers', point: 'tls.headers' },
  referrerPolicy: { group: 'headers', point: 'tls.headers' },
  tokenMissing: { group: 'tokens', point: 'authentication.tokensRefused' },
  tokenGarbage: { group: 'tokens', point: 'authentication.tokensRefused' },
  tokenForged: { group: 'tokens', point: 'authentication.tokensRefused' },
  tokenUnsigned: { group: 'tokens', point: 'authentication.tokensRefused' },
  tokenExpired: { group: 'tokens', point: 'authentication.tokensRefused' },
  tokenAudience: { group: 'tokens', point: 'authentication.tokensRefused' },
  tokenDevelopment: { group: 'tokens', point: 'authentication.noDevelopmentToken' },
  closedPaths: { group: 'doors', point: 'authorisation.closedEndpoints' },
  closedDocs: { group: 'doors', point: 'authorisation.closedEndpoints' },
  closedMetrics: { group: 'doors', point: 'authorisation.closedEndpoints' },
  cors: { group: 'doors', point: 'tls.cors' },
  errorLeaks: { group: 'answers', point: 'logging.noLeaks' },
  correlation: { group: 'answers', point: 'logging.correlation' },
  rateAnnounced: { group: 'limits', point: 'rateLimiting.announced' },
  rateCounted: { group: 'limits', point: 'rateLimiting.enforced' },
  clock: { group: 'service', point: 'health.clock' },
  live: { group: 'service', point: 'health.live' },
  ready: { group: 'service', point: 'health.ready' },
} as const satisfies Record<string, Definition>;

export type PostureCheckId = keyof typeof definitions;
export const postureCheckIds = Object.keys(definitions) as [PostureCheckId, ...PostureCheckId[]];
export const postureChecks: Readonly<Record<PostureCheckId, Definition>> = definitions;

/** Requests and handshakes of one run, at most. */
export const largestRun = 60;

/** What nobody may reach without a token (ERP-API sections 3 to 8). Printing is not among them: it archives a copy each time. */
export const closedPaths = [
  '/api/v1/status', '/api/mcp/documents/sales_order?limit=1', '/api/mcp/documents/sales_invoice?limit=1', '/api/workflow?state=pending', '/api/workflow/sales/-',
  '/api/mcp/policy/list', '/api/mcp/policy/export', '/api/mcp/lookup/customers?q=', '/api/numbering/status', '/api/documents/sales_order/-/history',
  '/api/events?stream=workflow', '/api/v1/audit/logs?limit=1', '/api/gdpr/export/-', '/api/v1/gdpr/data-export/-',
  '/security/summary', '/security/audit-log?limit=1', '/security/sessions', '/security/secrets', '/security/backups', '/security/incidents',
] as const;

/** Descriptions of the whole interface: convenient for developers, and for everybody else. */
export const docsPaths = ['/docs', '/openapi.json', '/api/v1/openapi.json'] as const;

/** Fixed tokens that servers of this kind are developed with. */
export const developmentTokens = ['dev-token', 'dev_token', 'test-token'] as const;
