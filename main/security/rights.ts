import type { Account } from '../../shared/domain/session.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { centreRoles, centreScope, mayInCentre, type CentreRight } from '../../shared/rbac/centre.ts';

const may = ({ roles, scopes, scopeSource: source }: Account, right: CentreRight): boolean => mayInCentre({ roles, scopes, source }, right);

/** Acting in the security centre is for administrators. */
export const canAct = (account: Account): boolean => may(account, 'act');

/** Auditors read it as well. */
export const canRead = (account: Account): boolean => may(account, 'read');

/**
 * What the dispatcher asks before every call of the centre. Services ask it themselves only where something begins without a call.
 * @throws AppFailure access.missingScope
 */
export function mustHold(account: Account, right: CentreRight): void {
  if (!may(account, right)) throw failure('access.missingScope', { params: { scopes: centreScope, roles: centreRoles[right].join(', ') } });
}

/** @throws AppFailure access.missingScope */
export const mustRead = (account: Account): void => mustHold(account, 'read');

/** @throws AppFailure access.missingScope */
export const mustAct = (account: Account): void => mustHold(account, 'act');
