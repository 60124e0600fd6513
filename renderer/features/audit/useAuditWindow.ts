import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditFilter, AuditPage, AuditRow } from '../../../shared/domain/audit.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { useEvent } from '../../bridge/events.ts';

const pageSize = 200;
/** Pages that are kept: 12,000 entries around what is on screen. */
const keptPages = 60;

type Pages = { key: string; total: number | null; pages: Map<number, AuditPage> };

/** The log, newest first, of any length: pages are read as they come into sight, and again when the log has grown. */
export function useAuditWindow(filter: AuditFilter) {
  const key = JSON.stringify(filter);
  const [state, setState] = useState<Pages>({ key, total: null, pages: new Map() });
  const [error, setError] = useState<AppError | null>(null);
  const running = useRef(new Set<string>());
  const current = useRef(key);

  const read = useCallback((page: number): void => {
    const name = `${key}#${page}`;
    if (running.current.has(name)) return;
    running.current.add(name);
    call('audit.list', { filter: JSON.parse(key) as AuditFilter, offset: page * pageSize, limit: pageSize }).then(
      (answer) => {
        if (current.current !== key) return;
        setError(null);
        setState((before) => {
          const pages = new Map(before.key === key ? before.pages : []);
          pages.delete(page);
          pages.set(page, answer);
          if (pages.size > keptPages) pages.delete(pages.keys().next().value as number);
          return { key, total: answer.total, pages };
        });
      },
      (thrown: unknown) => { if (current.current === key) setError(errorOf(thrown)); },
    ).finally(() => running.current.delete(name));
  }, [key]);

  useEffect(() => {
    current.current = key;
    read(0);
  }, [key, read]);
  const refresh = useCallback(() => {
    setState((before) => ({ ...before, pages: new Map([...before.pages].slice(-1)) }));
    read(0);
  }, [read]);
  useEvent('audit.changed', refresh);

  const getRow = useCallback((index: number): AuditRow | undefined => state.pages.get(Math.floor(index / pageSize))?.rows[index % pageSize], [state]);
  const onVisibleRange = useCallback((start: number, end: number): void => {
    for (let page = Math.floor(start / pageSize); page <= Math.floor(Math.max(start, end - 1) / pageSize); page++) if (state.key === key && !state.pages.has(page)) read(page);
  }, [state, key, read]);
  return { total: state.total, isPrevious: state.key !== key, error, getRow, onVisibleRange, refresh };
}
