import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import { auditFallback } from '../audit/fallback.ts';
import { createAuditLog, type AuditLog } from '../audit/log.ts';
import { auditRoutes } from '../audit/routes.ts';
import type { Db } from '../db.ts';
import type { Sessions } from '../idp/sessions.ts';
import { policyRoutes, shippedPolicyRoutes, type Policy } from '../policy/routes.ts';
import { shippedAuditRoutes, type ShippedAuditRow } from '../shipped/audit-logs.ts';
import { createShippedWorkflow } from '../shipped/workflow.ts';
import { exportRoutes } from '../paper/export.ts';
import { paperRoutes } from '../paper/routes.ts';
import { shippedDocumentRoutes } from '../shipped/documents.ts';
import { createTokenChecker, type TokenChecker } from './auth.ts';
import { documentRoutes } from './document-routes.ts';
import { createDocuments, type Documents } from './documents.ts';
import { createEvents } from './events.ts';
import { formRoutes } from './form-routes.ts';
import { healthRoutes } from './health.ts';
import { createOnce } from './idempotency.ts';
import { lookupRoutes } from './lookups.ts';
import { createMetrics } from './metrics.ts';
import { numberingRoutes } from './numbering.ts';
import { shippedGdprRoutes } from '../security/gdpr.ts';
import type { Weaknesses } from '../security/posture.ts';
import { securityRoutes, type SecurityControl } from '../security/index.ts';
import { createServer } from './server.ts';
import { sessionRoutes } from './session-routes.ts';
import { verifyRoutes } from './verify.ts';
import { workflowRoutes } from './workflow-routes.ts';
import { createWorkflow } from './workflow.ts';

export type ErpOptions = {
  db: Db;
  api: 'security' | 'shipped';
  issuer: string;
  audience: string;
  rateLimits: boolean;
  tenant: string;
  /** Seconds after a sign-in within which what cannot be undone may be done. */
  freshSeconds: number;
  /** The identity provider reads its keys again. */
  keysChanged: () => void;
  now: () => number;
  log: Logger;
  audit: Audit;
  sessions: Sessions;
  disabled: ReadonlySet<string>;
  weaknesses: Weaknesses;
  /** Entries in the audit table of the shipped server. */
  shippedAudit: number;
  /** True when the database held data before this process. */
  restarted: boolean;
};

export type Erp = {
  app: FastifyInstance;
  tokens: TokenChecker;
  documents: Documents;
  /** Null on the shipped server, which signs nothing. */
  auditLog: AuditLog | null;
  /** The table of the shipped server; null elsewhere. */
  auditRows: ShippedAuditRow[] | null;
  policy: Policy;
  /** Null on the shipped server, which has no security centre. */
  security: SecurityControl | null;
  loseWorkflowState(): void;
  dropEventStreams(): void;
  close(): Promise<void>;
};

/** The ERP's HTTP API in one of its two profiles. */
export async function createErp(options: ErpOptions): Promise<Erp> {
  const { db, api, now, issuer } = options;
  const shipped = api === 'shipped';
  const tokens = createTokenChecker({
    issuer, audience: options.audience, now, malformedIsCrash: shipped, weaknesses: options.weaknesses,
    mayGoOn: ({ subject, sessionId }, from) => !options.disabled.has(subject) && (sessionId === null || options.sessions.used(sessionId, from)),
  });
  const { app, routes } = await createServer({ shipped, rateLimits: options.rateLimits, log: options.log, tokens, weaknesses: options.weaknesses });
  const documents = createDocuments(db, now);
  const events = createEvents(db, now, !shipped);
  const metrics = createMetrics(events.count, shipped);
  const auditLog = shipped ? null : createAuditLog(db);
  let lose = (): void => undefined;
  let policy: Policy;
  let security: SecurityControl | null = null;
  let auditRows: ShippedAuditRow[] | null = null;

  metrics.routes(app);
  if (shipped) {
    const workflow = createShippedWorkflow(db, now, events, metrics.transition, options.restarted);
    lose = workflow.lose;
    shippedDocumentRoutes(app, db, documents);
    shippedGdprRoutes(app, db, documents);
    workflow.routes(app);
    auditRows = shippedAuditRoutes(app, { count: options.shippedAudit, now });
    policy = shippedPolicyRoutes(app, db, now);
  } else {
    const once = createOnce(db, now);
    const { audit } = options;
    auditFallback(app, audit);
    sessionRoutes(app, options.sessions, audit);
    documentRoutes(app, documents, once);
    numberingRoutes(app, db, now, once);
    formRoutes(app);
    lookupRoutes(app, db);
    workflowRoutes(app, db, { workflow: createWorkflow(db, now, { documents, audit, events }), audit, documents, once, transitions: metrics.transition });
    security = securityRoutes(app, { db, audit, now, once, sessions: options.sessions, documents, tenant: options.tenant, freshSeconds: options.freshSeconds, keysChanged: () => { options.keysChanged(); tokens.reloadKeys(); } });
    policy = policyRoutes(app, db, { now, once, tenant: options.tenant, freshSeconds: options.freshSeconds });
  }
  if (auditLog !== null) auditRoutes(app, auditLog);
  events.routes(app);
  paperRoutes(app, { db, documents, now, publicUrl: new URL(issuer).origin, shipped });
  exportRoutes(app, documents);
  verifyRoutes(app, documents);
  healthRoutes(app, { api, db, issuer, now, routes });
  await app.ready();

  return {
    app, tokens, documents, auditLog, auditRows, policy, security,
    loseWorkflowState: () => {
      lose();
      if (!shipped) db.exec('DELETE FROM workflow');
    },
    dropEventStreams: events.dropAll,
    close: async () => {
      events.close();
      await app.close();
    },
  };
}
