import type { CallInput, CallName, CallOutput } from '../../shared/ipc/contract.ts';
import { queryClient } from './queries.ts';

/** Puts a known answer in place, after a call that returns what another call reads. */
export function setAnswer<N extends CallName>(name: N, input: CallInput<N>, value: CallOutput<N>): void {
  queryClient.setQueryData([name, input], value);
}
