import { useEffect, useState } from 'react';
import type { Draft } from '../../../../shared/domain/draft.ts';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useDiscarded } from './discarded.ts';
import { close, openStored } from './store.ts';
import { draftOf, keyOf, useWorking, type Working } from './working.ts';

export type DraftOfDocument = {
  /** The draft while its form is open. */
  form: Working | null;
  /** The draft in the cache, whether or not its form is open. */
  stored: Draft | null;
  /** There are changes that the server does not have, stored or about to be. */
  isUnsent: boolean;
  show: () => void;
  discard: () => Promise<void>;
  error: AppError | null;
};

/** The changes to a stored document that are not on the server yet. */
export function useDraftOf(key: DocumentKey): DraftOfDocument {
  const formId = useWorking(({ forms }) => forms[keyOf(key)] ?? null);
  const form = useWorking(({ drafts }) => (formId === null ? null : (drafts[formId] ?? null)));
  // A form that was just left may still be on its way into the cache.
  const isOpenHere = useWorking((store) => draftOf(store, key) !== undefined);
  // While the form is open it knows better, and every autosave would read the whole draft back.
  const { data } = useCall('drafts.ofDocument', { type: key.type, number: key.number }, { keepPrevious: false, enabled: form === null });
  const [error, setError] = useState<AppError | null>(null);
  const stored = data ?? null;
  useEffect(() => {
    if (formId !== null && form === null && stored?.id === formId) openStored(stored);
  }, [formId, form, stored]);
  return {
    form, stored, error, isUnsent: stored !== null || isOpenHere,
    show: () => { if (stored !== null) openStored(stored, { isShown: true }); },
    discard: async () => {
      if (stored === null) return;
      try {
        close(stored.id);
        await call('drafts.discard', { id: stored.id });
        setError(null);
        useDiscarded.setState({ last: { id: stored.id, number: stored.content.number } });
      } catch (thrown) {
        setError(errorOf(thrown));
      }
    },
  };
}
