import type { Account } from '../../shared/domain/session.ts';
import type { CallRight } from '../../shared/ipc/call.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { centreRoles, centreScope, mayInCentre, type CentreRight } from '../../shared/rbac/centre.ts';
import { explain } from '../../shared/rbac/explain.ts';

const may = ({ roles, scopes, scopeSource: source }: Account, right: CentreRight): boolean => mayInCentre({ roles, scopes, source }, right);

/** Acting in the security centre is for administrators. */
export const canAct = (account: Account): boolean => may(account, 'act');

/** Auditors read it as well. */
export const canRead = (account: Account): boolean => may(account, 'read');

/**
 * What the dispatcher asks before every call that names a right. Servers as shipped check none for policies: there this is
 * all that stands between the window and the rules.
 * @throws AppFailure access.missingScope
 */
export function mustBeAllowed(account: Account, right: CallRight): void {
  if (right !== 'policy.read' && right !== 'policy.write') return mustHold(account, right);
  const { roles, scopes, scopeSource: source } = account;
  const told = explain({ roles, scopes, source }, right);
  if (!told.allowed) throw failure('access.missingScope', { params: { scopes: told.missing.join(', '), roles: told.heldBy.join(', ') } });
}

/**
 * What calls of the centre ask for. Services ask it themselves only where something begins without a call.
 * @throws AppFailure access.missingScope
 */
export function mustHold(account: Account, right: CentreRight): void {
  if (!may(account, right)) throw failure('access.missingScope', { params: { scopes: centreScope, roles: centreRoles[right].join(', ') } });
}

/** @throws AppFailure access.missingScope */
export const mustRead = (account: Account): void => mustHold(account, 'read');

/** @throws AppFailure access.missingScope */
export const mustAct = (account: Account): void => mustHold(account, 'act');
