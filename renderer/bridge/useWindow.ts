import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { errorOf } from './call.ts';
import { ListWindow, type Part, type WindowPage, type WindowState } from './list-window.ts';

export type WindowView<Query extends object, Row> = WindowState & {
  getRow: (index: number) => Row | undefined;
  onVisibleRange: (start: number, end: number) => void;
  refresh: () => void;
  find: ListWindow<Query, Row>['find'];
};

/** A list of any length that follows the query; what makes it stale is the caller's to know (`refresh`). @param fetch the same function every time */
export function useWindow<Query extends object, Row>(query: Query, fetch: (input: Query & Part) => Promise<WindowPage<Row>>): WindowView<Query, Row> {
  const [list] = useState(() => new ListWindow<Query, Row>(query, fetch, errorOf));
  const state = useSyncExternalStore(list.subscribe, () => list.state);
  const { version } = state;
  useEffect(() => {
    list.setQuery(query);
    list.ensure(0, 0);
  }, [list, query]);
  // A new identity with every version: that is what makes the table read its rows again.
  const getRow = useCallback((index: number) => list.row(index), [list, version]);
  const onVisibleRange = useCallback((start: number, end: number) => list.ensure(start, Math.max(start, end - 1)), [list]);
  const refresh = useCallback(() => list.refresh(), [list]);
  const find = useCallback<ListWindow<Query, Row>['find']>((matches) => list.find(matches), [list]);
  return { ...state, getRow, onVisibleRange, refresh, find };
}
