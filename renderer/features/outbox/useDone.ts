import { useCallback } from 'react';
import type { CallName } from '../../../shared/ipc/contract.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, type CallArguments } from '../../bridge/call.ts';
import { useGuarded } from '../../bridge/guarded.ts';

export type Done<N extends CallName> = { /** Resolves with whether it was done; else the reason stands in `error`. */ run: (...input: CallArguments<N>) => Promise<boolean>; isPending: boolean; error: AppError | null };

/** Does something whose call answers nothing: unlike its value, having been done can be told from having failed. */
export function useDone<N extends CallName>(name: N): Done<N> {
  const { guard, isPending, error } = useGuarded();
  const run = useCallback((...input: CallArguments<N>): Promise<boolean> => guard(() => call(name, ...input)), [guard, name]);
  return { run, isPending, error };
}
