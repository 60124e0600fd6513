import { useCallback, useEffect, useRef, useState } from 'react';
import { setAnswer } from '../../../bridge/answers.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useIsOffline } from '../../../state/connection.ts';
import type { DocumentKey, DocumentRecord } from '../../../../shared/domain/document.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';

export type DocumentView = {
  /** The cached record, replaced by the server's as soon as it is there; null when there is none. */
  record: DocumentRecord | null;
  /** The record is still that of the document looked at before. */
  isPrevious: boolean;
  isLoading: boolean;
  isRefreshing: boolean;
  /** Why the server could not be asked, or what it said. */
  error: AppError | null;
  refresh: () => Promise<void>;
};

/** A document from the cache at once, and from the server behind it. */
export function useDocument(key: DocumentKey): DocumentView {
  const { type, number } = key;
  const isOffline = useIsOffline();
  const cached = useCall('documents.cached', { type, number });
  const [isRefreshing, setRefreshing] = useState(false);
  const [failed, setFailed] = useState<{ name: string; error: AppError } | null>(null);
  const name = `${type}/${number}`;
  const wanted = useRef(name);

  const refresh = useCallback(async () => {
    wanted.current = name;
    setRefreshing(true);
    try {
      const record = await call('documents.refresh', { type, number });
      // The answer is true whatever is on screen by now; only its signs of progress belong to this document.
      setAnswer('documents.cached', { type, number }, record);
      if (wanted.current === name) setFailed(null);
    } catch (thrown) {
      if (wanted.current === name) setFailed({ name, error: errorOf(thrown) });
    } finally {
      if (wanted.current === name) setRefreshing(false);
    }
  }, [name, type, number]);

  useEffect(() => {
    wanted.current = name;
    setRefreshing(false);
    if (isOffline) return;
    // Running down the list with the arrow keys must not ask the server for every row passed.
    const timer = setTimeout(() => void refresh(), 150);
    return () => clearTimeout(timer);
  }, [name, isOffline, refresh]);

  const error = failed?.name === name ? failed.error : null;
  return {
    record: cached.data ?? null,
    isPrevious: cached.isPrevious,
    isLoading: cached.isSlow || (cached.data === null && isRefreshing),
    isRefreshing,
    error: error ?? cached.error,
    refresh,
  };
}
