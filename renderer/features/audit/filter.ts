import { useCallback, useMemo } from 'react';
import { auditFilterSchema, everything, type AuditFilter } from '../../../shared/domain/audit.ts';
import { useLayoutValue, useSettings } from '../../state/settings.ts';

export type ChangeFilter = (change: Partial<AuditFilter>) => void;

/** A remembered filter; everything where it cannot be read. */
export function filterFrom(text: string): AuditFilter {
  try {
    const checked = auditFilterSchema.safeParse(JSON.parse(text));
    return checked.success ? checked.data : everything;
  } catch {
    return everything;
  }
}

const names = Object.keys(everything) as (keyof AuditFilter)[];
export const isSameFilter = (a: AuditFilter, b: AuditFilter): boolean => names.every((name) => a[name] === b[name]);

const layoutKey = 'audit.filters';

const two = (value: number): string => String(value).padStart(2, '0');
/** The local day of a moment, `YYYY-MM-DD`. */
export function dayOf(at: number | null): string | null {
  if (at === null) return null;
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Whole local days as the bounds of a filter, both included; null where they make no period. */
export function boundsOf({ from, to }: { from: string | null; to: string | null }): { from: number | null; to: number | null } | null {
  const start = from === null ? null : new Date(`${from}T00:00:00`).getTime();
  const end = to === null ? null : new Date(`${to}T23:59:59.999`).getTime();
  return Number.isNaN(start) || Number.isNaN(end) || (start !== null && end !== null && start > end) ? null : { from: start, to: end };
}

/** The filter of the log, remembered across screens and starts. */
export function useAuditFilter(): { filter: AuditFilter; change: ChangeFilter; isNarrowed: boolean } {
  const [stored, store] = useLayoutValue<string>(layoutKey, '');
  const filter = useMemo(() => filterFrom(stored), [stored]);
  // From what is stored now, not from what was on screen: two changes in one breath would undo each other.
  const change = useCallback<ChangeFilter>((part) => store(JSON.stringify({ ...filterFrom(String(useSettings.getState().settings.layout[layoutKey] ?? '')), ...part })), [store]);
  return { filter, change, isNarrowed: !isSameFilter(filter, everything) };
}
