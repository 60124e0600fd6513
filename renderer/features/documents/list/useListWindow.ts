import { useEffect, useState } from 'react';
import { call } from '../../../bridge/call.ts';
import { useEvent } from '../../../bridge/events.ts';
import { useWindow, type WindowView } from '../../../bridge/useWindow.ts';
import type { ListPage, ListQuery, ListRow } from '../../../../shared/domain/document-list.ts';
import type { WindowQuery } from './filters.ts';
import { throttle } from './throttle.ts';

const read = (input: ListQuery): Promise<ListPage> => call('documents.list', input);

/** A list of any length that follows the query and the changes of the cache. */
export function useListWindow(query: WindowQuery): WindowView<WindowQuery, ListRow> {
  const list = useWindow(query, read);
  const { refresh } = list;
  const [changes] = useState(() => throttle(refresh, 200));
  useEffect(() => changes.cancel, [changes]);
  useEvent('documents.changed', changes.call);
  useEvent('sync.changed', ({ status }) => {
    // While pulling, documents.changed tells what came in; at the end also the age of the list is new.
    if (status !== 'pulling') changes.call();
  });
  return list;
}
