import { useEffect, useMemo, useState } from 'react';
import { useCall } from '../../../bridge/queries.ts';
import type { LookupItem, LookupKind } from '../../../../shared/domain/form-spec.ts';

export type Lookup = {
  items: readonly LookupItem[];
  /** The answer to the text that was searched last is not there yet. */
  isFetching: boolean;
  /** The suggestions are not the server's of just now. */
  isFromCache: boolean;
  /** And the server has more than this computer has read. */
  isPartial: boolean;
  hasFailed: boolean;
  search: (text: string) => void;
};

const noItems: readonly LookupItem[] = [];
/** Milliseconds of pause before it is searched: the server counts requests, and nobody reads the answer to one letter. */
const pauseMs = 120;

const fits = ({ id, label, hint }: LookupItem, text: string): boolean => `${id} ${label} ${hint ?? ''}`.toLowerCase().includes(text.toLowerCase());

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
  const isBehind = isFetching || wanted !== text;
  const known = text === null ? noItems : (data?.value ?? noItems);
  return {
    // Until the answer is there, what is known already and fits: what is offered always fits what stands in the field.
    items: useMemo(() => (isBehind ? known.filter((item) => fits(item, wanted ?? '')) : known), [isBehind, known, wanted]), isFetching: isBehind, isFromCache: data?.source === 'cache', isPartial: data?.isPartial === true, hasFailed: error !== null,
    search: (next) => setWanted(next.trim().slice(0, 100)),
  };
}
