import { useCallback } from 'react';
import { create } from 'zustand';
import type { EventPayload } from '../../shared/ipc/contract.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import { call, errorOf } from '../bridge/call.ts';
import { onEvent } from '../bridge/events.ts';

type SignIn = {
  isPending: boolean;
  error: AppError | null;
  /** The last one was started for another device; it says what "again" means. */
  isOnDevice: boolean;
  /** What to type there; null until the provider has given it. */
  deviceCode: EventPayload<'session.deviceCode'>;
};

/** The sign-in of this window. It is one thing wherever it was started from: only one can run. */
export const useSignInState = create<SignIn>(() => ({ isPending: false, error: null, isOnDevice: false, deviceCode: null }));

function begin(isOnDevice: boolean): void {
  if (useSignInState.getState().isPending) return;
  useSignInState.setState({ isPending: true, error: null, isOnDevice, deviceCode: null });
  // Before the call, so that a code which comes at once is not missed.
  const stopListening = isOnDevice ? onEvent('session.deviceCode', (deviceCode) => useSignInState.setState({ deviceCode })) : () => undefined;
  void call(isOnDevice ? 'session.signInWithDeviceCode' : 'session.signIn').then(() => null, errorOf).then((error) => {
    stopListening();
    useSignInState.setState({ isPending: false, error, deviceCode: null });
  });
}

/**
 * Starts the sign-in, in the browser (`run`) or on another device (`runOnDevice`). The session itself arrives by its
 * event; a failure stays in the state.
 */
export function useSignIn(): SignIn & { run: () => void; runOnDevice: () => void } {
  const state = useSignInState();
  const run = useCallback(() => begin(false), []);
  const runOnDevice = useCallback(() => begin(true), []);
  return { ...state, run, runOnDevice };
}
