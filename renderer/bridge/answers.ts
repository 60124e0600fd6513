import type { CallInput, CallName, CallOutput } from '../../shared/ipc/contract.ts';
import { call, type CallArguments } from './call.ts';
import { queryClient } from './queries.ts';

/** Puts a known answer in place, after a call that returns what another call reads. */
export function setAnswer<N extends CallName>(name: N, input: CallInput<N>, value: CallOutput<N>): void {
  queryClient.setQueryData([name, input], value);
}

/** Asks before a component does, which then finds the answer. Never rejects: the component asks again and shows the error. */
export async function askAhead<N extends CallName>(name: N, input: CallInput<N>): Promise<void> {
  await queryClient.prefetchQuery({ queryKey: [name, input], queryFn: () => call(name, ...([input] as CallArguments<N>)) });
}
