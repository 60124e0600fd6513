import type { Account } from '../../shared/domain/session.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { decide } from '../../shared/rbac/access.ts';

const missing = { scopes: 'admin:all', roles: 'admin' };

/** Acting in the security centre is for administrators. */
export const canAct = ({ roles, scopes, scopeSource: source }: Account): boolean => decide({ roles, scopes, source }, { anyOf: ['admin:all'] }).allowed;

/** Auditors read it as well. */
export const canRead = (account: Account): boolean => account.roles.includes('auditor') || canAct(account);

/** @throws AppFailure access.missingScope */
export function mustRead(account: Account): void {
  if (!canRead(account)) throw failure('access.missingScope', { params: missing });
}

/** @throws AppFailure access.missingScope */
export function mustAct(account: Account): void {
  if (!canAct(account)) throw failure('access.missingScope', { params: missing });
}
