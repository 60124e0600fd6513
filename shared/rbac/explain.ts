import { decide, type Access } from './access.ts';
import { actionOf, type ActionId } from './actions.ts';
import { roles, roleScopes, type Role, type Scope } from './scopes.ts';

export type Explanation =
  | {
    allowed: true;
    /** The scopes that allow it; only `admin:all` where that opens everything. */
    because: Scope[];
    /** Where those scopes come from: the token, or these own roles by the role table. */
    from: { source: 'token' } | { source: 'roles'; roles: Role[] };
    /** Own roles that the workflow accepts; empty where it asks for none. */
    asRoles: Role[];
    /** Not on a document that the same person submitted. */
    needsOtherPerson: boolean;
    /** May do it on an own document all the same, with a reason that the audit keeps. */
    mayOverride: boolean;
  }
  | {
    allowed: false;
    /** Scopes that are missing: every one of them, or one of them where `needsAll` is false. Empty where the roles are what is missing. */
    missing: Scope[];
    needsAll: boolean;
    /** Roles of which the workflow asks for one and the person has none; empty where that is not the reason. */
    missingRoles: Role[];
    /** Roles that may do it with what the role table gives them. */
    heldBy: Role[];
  };

/** What a person has who holds just these roles, by the role table. */
export function accessOfRoles(held: readonly Role[]): Access {
  return { roles: held, scopes: [...new Set(held.flatMap((role) => roleScopes[role]))], source: 'roles' };
}

/** Whether an action is open to somebody, by scopes and by the roles that the workflow asks for. */
export function isAllowed(access: Access, id: ActionId): boolean {
  const { requirement, roles: wanted } = actionOf(id);
  return decide(access, requirement).allowed && (wanted === null || wanted.some((role) => access.roles.includes(role)));
}

/** The roles that may do something by themselves. */
export const rolesAllowed = (id: ActionId): Role[] => roles.filter((role) => isAllowed(accessOfRoles([role]), id));

/**
 * Says why an action is open to somebody, or what is missing and who has it. It speaks of rights only: a document may
 * still be in the wrong state, or its figures may not pass.
 */
export function explain(access: Access, id: ActionId): Explanation {
  const { requirement, roles: wanted, needsOtherPerson } = actionOf(id);
  const decision = decide(access, requirement);
  const asRoles = wanted === null ? [] : wanted.filter((role) => access.roles.includes(role));
  const isRoleMissing = wanted !== null && asRoles.length === 0;
  if (!decision.allowed || isRoleMissing) {
    return {
      allowed: false, missing: decision.allowed ? [] : decision.missing, needsAll: 'allOf' in requirement,
      missingRoles: isRoleMissing ? [...wanted] : [], heldBy: rolesAllowed(id),
    };
  }
  const gives = (role: Role): boolean => decision.because.some((scope) => roleScopes[role].includes(scope));
  const from = access.source === 'token' ? { source: 'token' as const } : { source: 'roles' as const, roles: access.roles.filter(gives) };
  return { allowed: true, because: decision.because, from, asRoles, needsOtherPerson, mayOverride: needsOtherPerson && access.roles.includes('admin') };
}
