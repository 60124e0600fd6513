import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { call, errorOf } from '../../../bridge/call.ts';
import { useEvent } from '../../../bridge/events.ts';
import type { ListRow } from '../../../../shared/domain/document-list.ts';
import { throttle } from './throttle.ts';
import { ListWindow, type WindowQuery, type WindowState } from './list-window.ts';

export type ListWindowView = WindowState & {
  getRow: (index: number) => ListRow | undefined;
  onVisibleRange: (start: number, end: number) => void;
  refresh: () => void;
  find: ListWindow['find'];
};

/** A list of any length that follows the query and the changes of the cache. */
export function useListWindow(query: WindowQuery): ListWindowView {
  const [list] = useState(() => new ListWindow(query, (input) => call('documents.list', input), errorOf));
  const state = useSyncExternalStore(list.subscribe, () => list.state);
  const { version } = state;
  useEffect(() => {
    list.setQuery(query);
    list.ensure(0, 0);
  }, [list, query]);
  const [changes] = useState(() => throttle(() => list.refresh(), 200));
  useEffect(() => changes.cancel, [changes]);
  useEvent('documents.changed', changes.call);
  useEvent('sync.changed', ({ status }) => {
    // While pulling, documents.changed tells what came in; at the end also the age of the list is new.
    if (status !== 'pulling') changes.call();
  });
  // A new identity with every version: that is what makes the table read its rows again.
  const getRow = useCallback((index: number) => list.row(index), [list, version]);
  const onVisibleRange = useCallback((start: number, end: number) => list.ensure(start, Math.max(start, end - 1)), [list]);
  const refresh = useCallback(() => list.refresh(), [list]);
  const find = useCallback<ListWindow['find']>((matches) => list.find(matches), [list]);
  return { ...state, getRow, onVisibleRange, refresh, find };
}
