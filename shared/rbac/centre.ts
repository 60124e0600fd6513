import { decide, type Access } from './access.ts';
import type { Role, Scope } from './scopes.ts';

/** What a call of the security centre asks for: reading is for administrators and auditors, acting for administrators. */
export type CentreRight = 'read' | 'act';

/** The scope that opens both, and the roles that hold it or read without it: what a refusal names. */
export const centreScope: Scope = 'admin:all';
export const centreRoles: Readonly<Record<CentreRight, readonly Role[]>> = { read: ['admin', 'auditor'], act: ['admin'] };

/** Whether somebody may read the security centre, or act in it. */
export function mayInCentre(access: Access, right: CentreRight): boolean {
  return (right === 'read' && access.roles.includes('auditor')) || decide(access, { allOf: [centreScope] }).allowed;
}
