import { useCallback, useState } from 'react';
import type { AppError } from '../../shared/ipc/errors.ts';
import { errorOf } from './call.ts';

export type Guarded = {
  /** Resolves with whether it was done; else the reason stands in `error`. */
  guard: (work: () => Promise<unknown>) => Promise<boolean>;
  isPending: boolean;
  /** The failure of the last run; it stays until the next one or `clear`. */
  error: AppError | null;
  clear: () => void;
};

/** Does one thing after another and keeps the reason of the last failure with the component that asked. */
export function useGuarded(): Guarded {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const guard = useCallback(async (work: () => Promise<unknown>): Promise<boolean> => {
    setPending(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(errorOf(thrown));
      return false;
    } finally {
      setPending(false);
    }
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { guard, isPending, error, clear };
}
