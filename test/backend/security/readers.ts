import type { FastifyRequest } from 'fastify';
import { callerOf, isAdmin, requireAll } from '../erp/auth.ts';

/** Reading the security centre is for administrators and auditors. @throws HttpError 403 */
export function requireReader(request: FastifyRequest): void {
  const caller = callerOf(request);
  if (!isAdmin(caller) && !caller.roles.includes('auditor')) requireAll(caller, 'admin:all');
}
