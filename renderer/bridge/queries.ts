import { keepPreviousData, QueryClient, useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { CallInput, CallName, CallOutput } from '../../shared/ipc/contract.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import { call, errorOf, type CallArguments } from './call.ts';

/** IPC answers offline too, and main decides what is tried again: so react-query must neither pause nor retry. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { networkMode: 'always', retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false },
    mutations: { networkMode: 'always', retry: false },
  },
});

/** Milliseconds before a skeleton may show: what is faster would only flicker. */
const skeletonDelay = 200;

/** True once `active` has lasted for the skeleton delay. */
export function useSlow(active: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setSlow(true), skeletonDelay);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [active]);
  return active && slow;
}

export type UseCallOptions = {
  /** False keeps the call from being made. Default true. */
  enabled?: boolean;
  /** Milliseconds for which an answer counts as fresh when a screen comes back. Default 0: shown at once and read again. */
  staleTime?: number;
  /** Show the previous answer while the next input loads. Default true. */
  keepPrevious?: boolean;
};

export type CallState<T> = {
  data: T | undefined;
  error: AppError | null;
  /** Nothing to show yet. */
  isLoading: boolean;
  /** Nothing to show yet, and for so long that a skeleton is due. */
  isSlow: boolean;
  /** Running now, whether or not there is something to show. */
  isFetching: boolean;
  /** `data` belongs to the previous input. */
  isPrevious: boolean;
  refetch: () => void;
};

/** Reads through a call of the contract; answers are cached by name and input and follow the events of main. */
export function useCall<N extends CallName>(name: N, input: CallInput<N>, options: UseCallOptions = {}): CallState<CallOutput<N>> {
  const query = useQuery({
    queryKey: [name, input],
    queryFn: () => call(name, ...([input] as CallArguments<N>)),
    enabled: options.enabled ?? true,
    staleTime: options.staleTime ?? 0,
    ...(options.keepPrevious === false ? {} : { placeholderData: keepPreviousData }),
  });
  const { refetch } = query;
  const again = useCallback(() => void refetch(), [refetch]);
  return {
    data: query.data,
    error: query.error === null ? null : errorOf(query.error),
    isLoading: query.isLoading,
    isSlow: useSlow(query.isLoading),
    isFetching: query.isFetching,
    isPrevious: query.isPlaceholderData,
    refetch: again,
  };
}

export type ActionState<N extends CallName> = {
  /** Resolves with the value, or with null when it failed; the reason then stands in `error`. */
  run: (...input: CallArguments<N>) => Promise<CallOutput<N> | null>;
  isPending: boolean;
  /** The failure of the last run; it stays until the next run or `reset`. */
  error: AppError | null;
  data: CallOutput<N> | undefined;
  reset: () => void;
};

/** Does something through a call of the contract. Errors stay with the component that asked. */
export function useAction<N extends CallName>(name: N): ActionState<N> {
  const { mutateAsync, isPending, error, data, reset } = useMutation<CallOutput<N>, Error, CallArguments<N>>({ mutationFn: (input) => call(name, ...input) });
  const run = useCallback((...input: CallArguments<N>) => mutateAsync(input).catch(() => null), [mutateAsync]);
  return { run, isPending, error: error === null ? null : errorOf(error), data, reset };
}
