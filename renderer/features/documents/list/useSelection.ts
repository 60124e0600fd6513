import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import { selectionLimit, type ListRow } from '../../../../shared/domain/document-list.ts';
import { errorOf } from '../../../bridge/call.ts';
import type { RowMarks } from '../../../ui/index.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';

const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;

export type SelectionPorts = {
  row: (index: number) => ListRow | undefined;
  /** The documents of the whole list in its order, as many as can be chosen at once. */
  all: () => Promise<{ keys: readonly DocumentKey[]; total: number }>;
  /** What the list shows. When this changes nothing stays chosen: nobody acts on what they no longer see. */
  list: string;
};

export type Selection = {
  keys: readonly DocumentKey[];
  /** How many the list has in all, when fewer could be chosen; null otherwise. */
  cutFrom: number | null;
  error: AppError | null;
  marks: RowMarks<ListRow>;
  clear: () => void;
};

/** Documents chosen from a list, in the order of the list or of choosing. */
export function useSelection(ports: SelectionPorts): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, DocumentKey>>(new Map());
  const [cutFrom, setCutFrom] = useState<number | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const latest = useRef(ports);
  /** Only the last wish counts: answers to earlier ones come too late. */
  const wish = useRef(0);
  useEffect(() => { latest.current = ports; });

  const choose = useCallback((keys: readonly DocumentKey[], from: number | null = null) => {
    setChosen(new Map(keys.map((key) => [nameOf(key), { type: key.type, number: key.number }])));
    setCutFrom(from);
    setError(null);
  }, []);
  const clear = useCallback(() => {
    wish.current += 1;
    choose([]);
  }, [choose]);
  useEffect(() => clear, [ports.list, clear]);

  const read = useCallback((use: (answer: { keys: readonly DocumentKey[]; total: number }) => void) => {
    const mine = ++wish.current;
    latest.current.all().then((answer) => { if (wish.current === mine) use(answer); }, (thrown: unknown) => { if (wish.current === mine) setError(errorOf(thrown)); });
  }, []);

  return useMemo((): Selection => ({
    keys: [...chosen.values()], cutFrom, error, clear,
    marks: {
      count: chosen.size,
      isMarked: (row) => chosen.has(nameOf(row)),
      onToggle: (row) => {
        wish.current += 1;
        setChosen((before) => {
          const next = new Map(before);
          if (!next.delete(nameOf(row)) && next.size < selectionLimit) next.set(nameOf(row), { type: row.type, number: row.number });
          return next;
        });
      },
      onRange: (one, other) => {
        const [from, to] = [Math.min(one, other), Math.min(Math.max(one, other), Math.min(one, other) + selectionLimit - 1)];
        const rows = Array.from({ length: to - from + 1 }, (_unused, offset) => latest.current.row(from + offset));
        wish.current += 1;
        if (rows.every((row) => row !== undefined)) choose(rows);
        else read(({ keys }) => choose(keys.slice(from, to + 1)));
      },
      onAll: () => read(({ keys, total }) => choose(keys, total > keys.length ? total : null)),
      onClear: clear,
    },
  }), [chosen, cutFrom, error, clear, choose, read]);
}
