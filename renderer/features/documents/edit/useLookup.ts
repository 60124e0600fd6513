import { useState } from 'react';
import { useCall } from '../../../bridge/queries.ts';
import type { LookupItem, LookupKind } from '../../../../shared/domain/form-spec.ts';

export type Lookup = {
  items: readonly LookupItem[];
  isFetching: boolean;
  /** The suggestions are not the server's of just now. */
  isFromCache: boolean;
  hasFailed: boolean;
  search: (text: string) => void;
};

const noItems: readonly LookupItem[] = [];

/** Type-ahead over master data. Nothing is asked before the first search. */
export function useLookup(kind: LookupKind): Lookup {
  const [text, setText] = useState<string | null>(null);
  const { data, isFetching, error } = useCall('lookups.search', { kind, text: text ?? '' }, { enabled: text !== null, staleTime: 30_000 });
  return { items: data?.value ?? noItems, isFetching, isFromCache: data?.source === 'cache', hasFailed: error !== null, search: (next) => setText(next.trim().slice(0, 100)) };
}
