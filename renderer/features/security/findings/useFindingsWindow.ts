import { useCallback, useEffect, useRef, useState } from 'react';
import type { FindingFilter, FindingPage, FindingQuery, FindingRow } from '../../../../shared/security/findings/finding.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useEvent } from '../../../bridge/events.ts';

const pageSize = 200;
/** Pages that are kept around what is on screen. */
const keptPages = 40;

type State = { key: string; total: number | null; pages: Map<number, FindingPage> };
export type Order = Pick<FindingQuery, 'sort' | 'direction'>;

/** Findings of a filter, of any number: pages are read as they come into sight, and again when something has changed. */
export function useFindingsWindow(filter: FindingFilter, order: Order) {
  const key = JSON.stringify({ filter, ...order });
  const [state, setState] = useState<State>({ key, total: null, pages: new Map() });
  const [error, setError] = useState<AppError | null>(null);
  const running = useRef(new Set<string>());
  const current = useRef(key);

  const read = useCallback((page: number): void => {
    const name = `${key}#${page}`;
    if (running.current.has(name)) return;
    running.current.add(name);
    call('findings.list', { ...(JSON.parse(key) as Omit<FindingQuery, 'offset' | 'limit'>), offset: page * pageSize, limit: pageSize }).then(
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
  const shown = useRef<[number, number]>([0, 0]);
  const refresh = useCallback(() => {
    for (let page = shown.current[0]; page <= shown.current[1]; page++) read(page);
  }, [read]);
  useEvent('security.changed', ({ areas }) => { if (areas.includes('findings')) refresh(); });

  const getRow = useCallback((index: number): FindingRow | undefined => state.pages.get(Math.floor(index / pageSize))?.rows[index % pageSize], [state]);
  const onVisibleRange = useCallback((start: number, end: number): void => {
    shown.current = [Math.floor(start / pageSize), Math.floor(Math.max(start, end - 1) / pageSize)];
    for (let page = shown.current[0]; page <= shown.current[1]; page++) if (state.key === key && !state.pages.has(page)) read(page);
  }, [state, key, read]);
  return { total: state.total, error, getRow, onVisibleRange, refresh };
}
