import { useCallback, useMemo } from 'react';
import { auditFilterSchema, everything, type AuditFilter } from '../../../shared/domain/audit.ts';
import { useLayoutValue } from '../../state/settings.ts';

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

/** The filter of the log, remembered across screens and starts. */
export function useAuditFilter(): { filter: AuditFilter; change: ChangeFilter; isNarrowed: boolean } {
  const [stored, store] = useLayoutValue<string>('audit.filters', '');
  const filter = useMemo(() => filterFrom(stored), [stored]);
  const change = useCallback<ChangeFilter>((part) => store(JSON.stringify({ ...filter, ...part })), [filter, store]);
  return { filter, change, isNarrowed: !isSameFilter(filter, everything) };
}
