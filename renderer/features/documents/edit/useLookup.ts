import { useEffect, useState } from 'react';
import { useCall } from '../../../bridge/queries.ts';
import type { LookupItem, LookupKind } from '../../../../shared/domain/form-spec.ts';

export type Lookup = {
  items: readonly LookupItem[];
  /** The items are not those of the text that was searched last. */
  isFetching: boolean;
  /** The suggestions are not the server's of just now. */
  isFromCache: boolean;
  hasFailed: boolean;
  search: (text: string) => void;
};

const noItems: readonly LookupItem[] = [];
/** Milliseconds of pause before it is searched: the server counts requests, and nobody reads the answer to one letter. */
const pauseMs = 120;

/** Type-ahead over master data. Nothing is asked before the first search. */
export function useLookup(kind: LookupKind): Lookup {
  const [wanted, setWanted] = useState<string | null>(null);
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    if (wanted === text) return;
    const timer = setTimeout(() => setText(wanted), text === null ? 0 : pauseMs);
    return () => clearTimeout(timer);
  }, [wanted, text]);
  const { data, isFetching, error } = useCall('lookups.search', { kind, text: text ?? '' }, { enabled: text !== null, staleTime: 30_000 });
  return {
    items: text === null ? noItems : (data?.value ?? noItems), isFetching: isFetching || wanted !== text, isFromCache: data?.source === 'cache', hasFailed: error !== null,
    search: (next) => setWanted(next.trim().slice(0, 100)),
  };
}
