import { useCallback, useState } from 'react';
import type { CallName } from '../../../shared/ipc/contract.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf, type CallArguments } from '../../bridge/call.ts';

export type Done<N extends CallName> = { /** Resolves with whether it was done; else the reason stands in `error`. */ run: (...input: CallArguments<N>) => Promise<boolean>; isPending: boolean; error: AppError | null };

/** Does something whose call answers nothing: unlike its value, having been done can be told from having failed. */
export function useDone<N extends CallName>(name: N): Done<N> {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const run = useCallback(async (...input: CallArguments<N>): Promise<boolean> => {
    setPending(true);
    setError(null);
    try {
      await call(name, ...input);
      return true;
    } catch (thrown) {
      setError(errorOf(thrown));
      return false;
    } finally {
      setPending(false);
    }
  }, [name]);
  return { run, isPending, error };
}
