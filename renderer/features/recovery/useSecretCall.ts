import { useCallback, useState } from 'react';
import type { CallName, CallOutput } from '../../../shared/ipc/contract.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf, type CallArguments } from '../../bridge/call.ts';

export type SecretCall<N extends CallName> = {
  /** Resolves with the answer, which may itself be null, or with null when it failed; the reason then stands in `error`. */
  run: (...input: CallArguments<N>) => Promise<{ value: CallOutput<N> } | null>;
  isPending: boolean;
  error: AppError | null;
  reset: () => void;
};

/** Like `useAction`, for calls with a recovery key in them: nothing of it gets into a cache that outlives the component. */
export function useSecretCall<N extends CallName>(name: N): SecretCall<N> {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = useCallback(async (...input: CallArguments<N>) => {
    setPending(true);
    setError(null);
    try {
      return { value: await call(name, ...input) };
    } catch (thrown) {
      setError(errorOf(thrown));
      return null;
    } finally {
      setPending(false);
    }
  }, [name]);
  const reset = useCallback(() => setError(null), []);
  return { run, isPending, error, reset };
}
