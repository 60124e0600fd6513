import { useState } from 'react';
import { create } from 'zustand';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { onPersonLeft } from '../working-account.ts';
import { discard, openStored } from './store.ts';
import { useWorking } from './working.ts';

/** The draft thrown away last, by its id, for bringing it back. */
export const useDiscarded = create<{ last: { id: string; number: string; address: string } | null }>(() => ({ last: null }));
export const forgetDiscarded = (): void => useDiscarded.setState({ last: null });

onPersonLeft(forgetDiscarded);

/** Throws a draft away at once, because it can be brought back. `run` resolves with false when the cache could not. */
export function useDiscard(id: string): { run: () => Promise<boolean>; error: AppError | null } {
  const [error, setError] = useState<AppError | null>(null);
  return {
    error,
    run: async () => {
      const working = useWorking.getState().drafts[id];
      if (working === undefined || working.isSending) return false;
      const { base, content } = working;
      try {
        const isKept = await discard(id);
        const address = base === null ? `/documents/draft/${id}` : `/documents/${base.document.type}/${encodeURIComponent(base.document.number)}`;
        useDiscarded.setState({ last: isKept ? { id, number: content.number, address } : null });
        return true;
      } catch (thrown) {
        setError(errorOf(thrown));
        return false;
      }
    },
  };
}

/** Brings the last one back. `run` resolves with where it is written on; null when the cache could not. */
export function useRestore(): { run: () => Promise<string | null>; error: AppError | null } {
  const [error, setError] = useState<AppError | null>(null);
  return {
    error,
    run: async () => {
      const { last } = useDiscarded.getState();
      if (last === null) return null;
      try {
        openStored(await call('drafts.restore', { id: last.id }), { isShown: true });
        setError(null);
        forgetDiscarded();
        return last.address;
      } catch (thrown) {
        setError(errorOf(thrown));
        return null;
      }
    },
  };
}
