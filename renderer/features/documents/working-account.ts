import { useState } from 'react';
import type { Account, SessionState } from '../../../shared/domain/session.ts';
import { useSession } from '../../state/session.ts';

/**
 * Runs when what was typed or decided belongs to nobody present any more: at sign-out, and when another person signs in.
 * Renewing the sign-in of the same person passes through "signing in" and is neither.
 */
export function onPersonLeft(run: () => void): void {
  let last: string | null = null;
  const follow = (state: SessionState | null): void => {
    if (state === null || state.status === 'signingIn') return;
    const next = state.status === 'signedIn' ? state.account.id : null;
    if (last !== null && next !== last) run();
    last = next;
  };
  follow(useSession.getState().state);
  useSession.subscribe(({ state }) => follow(state));
}

/** The account that works here. It stays through a renewed sign-in, so that no screen goes blank under somebody's hands. */
export function useWorkingAccount(): Account | null {
  const account = useSession(({ state }) => (state?.status === 'signedIn' ? state.account : null));
  const [last, setLast] = useState(account);
  if (account !== null && account !== last) setLast(account);
  return account ?? last;
}
