import { roles, roleScopes, type Role, type Scope } from './scopes.ts';

/** What the signed-in person holds. `source` says whether the scopes stand in the token or are derived from roles. */
export type Access = { roles: readonly Role[]; scopes: readonly Scope[]; source: 'token' | 'roles' };

/** A guard as the server writes it: at least one of, or all of, the scopes. */
export type Requirement = { anyOf: readonly Scope[] } | { allOf: readonly Scope[] };

export type Decision =
  | { allowed: true; because: Scope[] }
  | { allowed: false; missing: Scope[]; heldBy: Role[] };

/** `admin:all` passes every guard. */
const holds = (access: Access, scope: Scope): boolean => access.scopes.includes('admin:all') || access.scopes.includes(scope);

/**
 * Decides one guard and says why: the scopes that allow it, or the missing ones with the roles that would open it.
 */
export function decide(access: Access, requirement: Requirement): Decision {
  const wanted = 'anyOf' in requirement ? requirement.anyOf : requirement.allOf;
  const held = wanted.filter((scope) => holds(access, scope));
  const allowed = 'anyOf' in requirement ? held.length > 0 || wanted.length === 0 : held.length === wanted.length;
  if (allowed) return { allowed: true, because: access.scopes.includes('admin:all') ? ['admin:all'] : held };
  const missing = wanted.filter((scope) => !holds(access, scope));
  const gives = (role: Role) => (scope: Scope): boolean => roleScopes[role].includes(scope) || roleScopes[role].includes('admin:all');
  const heldBy = roles.filter((role) => ('anyOf' in requirement ? missing.some(gives(role)) : missing.every(gives(role))));
  return { allowed: false, missing, heldBy };
}
