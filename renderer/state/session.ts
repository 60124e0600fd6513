import { create } from 'zustand';
import type { Account, SessionState } from '../../shared/domain/session.ts';
import { decide, type Access, type Decision, type Requirement } from '../../shared/rbac/access.ts';

/** Who is signed in; null until main has answered the first time. */
export const useSession = create<{ state: SessionState | null }>(() => ({ state: null }));

/** The signed-in account, or null. */
export const useAccount = (): Account | null => useSession(({ state }) => (state?.status === 'signedIn' ? state.account : null));

/** What an account may do, in the form the rbac functions take. */
export const accessOf = (account: Account): Access => ({ roles: account.roles, scopes: account.scopes, source: account.scopeSource });

/** Whether the signed-in person meets a requirement, and why; null while nobody is signed in. */
export function useDecision(requirement: Requirement): Decision | null {
  const account = useAccount();
  return account === null ? null : decide(accessOf(account), requirement);
}
