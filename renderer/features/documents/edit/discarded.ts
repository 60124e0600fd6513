import { useState } from 'react';
import { create } from 'zustand';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { onPersonLeft } from '../working-account.ts';
import { discard, openStored } from './store.ts';
import { useWorking } from './working.ts';

/** The draft thrown away last, for undoing that at once; DraftsMenu.tsx has those before it. */
export const useDiscarded = create<{ last: { id: string; number: string } | null }>(() => ({ last: null }));
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
      const { content } = working;
      try {
        const isKept = await discard(id);
        useDiscarded.setState({ last: isKept ? { id, number: content.number } : null });
        return true;
      } catch (thrown) {
        setError(errorOf(thrown));
        return false;
      }
    },
  };
}

/** Brings one back. `run` resolves with where it is written on; null when the cache could not. */
export function useRestore(): { run: (id: string) => Promise<string | null>; error: AppError | null } {
  const [error, setError] = useState<AppError | null>(null);
  return {
    error,
    run: async (id) => {
      try {
        const draft = await call('drafts.restore', { id });
        openStored(draft, { isShown: true });
        setError(null);
        if (useDiscarded.getState().last?.id === id) forgetDiscarded();
        return draft.base === null ? `/documents/draft/${id}` : `/documents/${draft.base.document.type}/${encodeURIComponent(draft.base.document.number)}`;
      } catch (thrown) {
        setError(errorOf(thrown));
        return null;
      }
    },
  };
}
