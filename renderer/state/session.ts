import { create } from 'zustand';
import type { Account, SessionState } from '../../shared/domain/session.ts';
import { decide, type Access, type Decision, type Requirement } from '../../shared/rbac/access.ts';

type SessionStore = {
  /** Null until main has answered the first time. */
  state: SessionState | null;
  /** Whose work is on screen. It stays while the same window renews its sign-in, so that nothing typed is lost. */
  account: Account | null;
};

/** Whose work is on screen after the session became `next`. */
export function accountAfter(before: Account | null, next: SessionState): Account | null {
  if (next.status === 'signedIn') return next.account;
  return next.status === 'signingIn' ? before : null;
}

/** The session as main tells it. */
export const useSession = create<SessionStore>(() => ({ state: null, account: null }));

/** The account whose work is on screen, or null. */
export const useAccount = (): Account | null => useSession(({ account }) => account);

/** What an account may do, in the form the rbac functions take. */
export const accessOf = (account: Account): Access => ({ roles: account.roles, scopes: account.scopes, source: account.scopeSource });

/** Whether the signed-in person meets a requirement, and why; null while nobody is signed in. */
export function useDecision(requirement: Requirement): Decision | null {
  const account = useAccount();
  return account === null ? null : decide(accessOf(account), requirement);
}
