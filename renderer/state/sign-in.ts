import { useCallback } from 'react';
import { create } from 'zustand';
import type { AppError } from '../../shared/ipc/errors.ts';
import { call, errorOf } from '../bridge/call.ts';

type SignIn = { isPending: boolean; error: AppError | null };

/** The sign-in of this window. It is one thing wherever it was started from: only one can run. */
export const useSignInState = create<SignIn>(() => ({ isPending: false, error: null }));

/** Starts the sign-in in the browser. The session itself arrives by its event; a failure stays in the state. */
export function useSignIn(): SignIn & { run: () => void } {
  const { isPending, error } = useSignInState();
  const run = useCallback(() => {
    if (useSignInState.getState().isPending) return;
    useSignInState.setState({ isPending: true, error: null });
    void call('session.signIn').then(
      () => useSignInState.setState({ isPending: false }),
      (thrown: unknown) => useSignInState.setState({ isPending: false, error: errorOf(thrown) }),
    );
  }, []);
  return { isPending, error, run };
}
