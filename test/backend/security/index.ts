import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import type { Documents } from '../erp/documents.ts';
import type { Once } from '../erp/idempotency.ts';
import type { Sessions } from '../idp/sessions.ts';
import { backupRoutes, createBackups, type Backups } from './backups.ts';
import { findingsRoutes } from './findings.ts';
import { checklistRoutes } from './checklists.ts';
import { gdprRoutes } from './gdpr.ts';
import { incidentRoutes } from './incidents.ts';
import { summaryRoutes } from './score.ts';
import { createSecrets, secretRoutes, type Secrets } from './secrets.ts';

/** What the routes of `/security` and `/api/gdpr` stand on. */
export type SecurityRoutesOptions = {
  db: Db;
  audit: Audit;
  now: () => number;
  once: Once;
  sessions: Sessions;
  documents: Documents;
  tenant: string;
  /** Seconds after a sign-in within which what cannot be undone may be done. */
  freshSeconds: number;
  /** Keys have changed in the database: whoever holds them in memory reads them again. */
  keysChanged: () => void;
};

/** What tests reach behind the routes. */
export type SecurityControl = { backups: Backups; secrets: Secrets };

/** The security centre of the security profile, ERP-API section 7 and 8: one file an area. */
export function securityRoutes(app: FastifyInstance, options: SecurityRoutesOptions): SecurityControl {
  gdprRoutes(app, options);
  incidentRoutes(app, options);
  findingsRoutes(app, options);
  summaryRoutes(app, options.db);
  checklistRoutes(app, options);
  const backups = createBackups(options.db, options.now);
  backupRoutes(app, backups, options.audit);
  const secrets = createSecrets(options.db, options.now, options.keysChanged);
  secretRoutes(app, secrets, options.audit, options);
  return { backups, secrets };
}
