import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import type { Db } from '../db.ts';
import { callerOf, isAdmin, requireAll } from '../erp/auth.ts';
import type { Documents } from '../erp/documents.ts';
import type { Once } from '../erp/idempotency.ts';
import type { Sessions } from '../idp/sessions.ts';
import { gdprRoutes } from './gdpr.ts';

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
};

/** Reading the security centre is for administrators and auditors. @throws HttpError 403 */
export function requireReader(request: FastifyRequest): void {
  const caller = callerOf(request);
  if (!isAdmin(caller) && !caller.roles.includes('auditor')) requireAll(caller, 'admin:all');
}

/** The security centre of the security profile, ERP-API section 7 and 8: one file an area. */
export function securityRoutes(app: FastifyInstance, options: SecurityRoutesOptions): void {
  gdprRoutes(app, options);
}
