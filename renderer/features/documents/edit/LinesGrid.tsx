import { useVirtualizer, defaultRangeExtractor } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ClipboardEvent, type FocusEvent, type KeyboardEvent, type PointerEvent, type ReactNode, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftLine } from '../../../../shared/domain/draft.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useLayoutValue } from '../../../state/settings.ts';
import { Hidden } from '../../../ui/index.ts';
import { cellText } from './cell-text.ts';
import type { ContentAction } from './content.ts';
import { lineColumns, type LineColumn } from './lines.ts';
import { clipboardText, leavesCell, markedBy, onwards, type EnterDirection, type Place, type Selection } from './grid-keys.ts';
import { LineRow, type LineNote } from './LineRow.tsx';
import { spreadsheetCells } from './paste.ts';
import styles from './grid.module.css';

export type LinesGridProps = {
  lines: readonly DraftLine[];
  notes: ReadonlyMap<number, readonly LineNote[]>;
  /** What scrolls: the form, so that header and lines are one page. */
  scroller: RefObject<HTMLDivElement | null>;
  change: (action: ContentAction) => void;
  visit: (path: string) => void;
  paste: (line: number, column: LineColumn, cells: string[][]) => void;
  /** The cell to go to, as `lines.7.qty`; a new object each time. */
  wanted: { path: string } | null;
};

const rowHeight = 32;
const noNotes: readonly LineNote[] = [];

/**
 * The lines of a document as a grid for the keyboard: Enter goes on, arrows move, Ctrl+D fills down, Ctrl+Delete removes,
 * Ctrl+Insert inserts, and a copied table can be pasted. Only the lines in sight exist, so a thousand are as fast as ten.
 */
export function LinesGrid({ lines, notes, scroller, change, visit, paste, wanted }: LinesGridProps): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const grid = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [active, setActive] = useState<number | null>(null);
  const [selection, setSelection] = useState<Selection | null>(null);
  const [enter] = useLayoutValue<string>('documents.enter', 'right');
  // The handlers must not change with every key typed, or every row would be drawn again.
  const latest = useRef(lines);
  latest.current = lines;
  const pending = useRef<{ id: number; column: LineColumn } | null>(null);

  const activeIndex = active === null ? -1 : lines.findIndex((line) => line.id === active);
  const getItemKey = useCallback((index: number) => latest.current[index]?.id ?? index, []);
  const rows = useVirtualizer({
    count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 10, scrollMargin: margin, scrollPaddingStart: rowHeight, initialRect: { width: 800, height: 800 },
    getItemKey,
    // The cell being typed in stays, however far somebody scrolls.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...(activeIndex < 0 ? [] : [activeIndex])])].toSorted((a, b) => a - b),
  });
  useLayoutEffect(() => {
    const [list, scroll] = [body.current, scroller.current];
    if (list === null || scroll === null) return;
    const measure = (): void => setMargin(Math.round(list.getBoundingClientRect().top - scroll.getBoundingClientRect().top + scroll.scrollTop));
    measure();
    // The header above grows with what is said about its fields.
    const observer = new ResizeObserver(measure);
    for (const above of scroll.children) if (!above.contains(list)) observer.observe(above);
    return () => observer.disconnect();
  }, [scroller]);

  const input = (id: number, column: LineColumn): HTMLInputElement | null => grid.current?.querySelector(`[data-cell="${id}:${column}"]`) ?? null;
  const { scrollToIndex } = rows;
  const focus = useCallback((place: Place | null): void => {
    const line = place === null ? undefined : latest.current[place.index];
    if (line === undefined || place === null) return;
    scrollToIndex(place.index, { align: 'auto' });
    const found = input(line.id, place.column);
    pending.current = found === null ? { id: line.id, column: place.column } : null;
    found?.focus({ preventScroll: true });
  }, [scrollToIndex]);
  // A line that was out of sight exists after the next painting only.
  useEffect(() => {
    if (pending.current === null) return;
    const found = input(pending.current.id, pending.current.column);
    if (found === null) return;
    pending.current = null;
    found.focus({ preventScroll: true });
  });
  useEffect(() => {
    const [, id = '', column = ''] = /^lines\.(\d+)\.(\w+)$/.exec(wanted?.path ?? '') ?? [];
    const index = latest.current.findIndex((line) => line.id === Number(id));
    if (id !== '' && index >= 0) focus({ index, column: lineColumns.find((one) => one === column) ?? 'article' });
  }, [wanted, focus]);

  const next = useCallback((id: number, column: LineColumn): void => {
    focus(onwards(latest.current.length, { index: latest.current.findIndex((line) => line.id === id), column }, 'right', 1));
  }, [focus]);
  const remove = useCallback((ids: readonly number[]): void => {
    const index = latest.current.findIndex((line) => line.id === ids[0]);
    change({ type: 'deleteLines', lines: ids });
    setSelection(null);
    requestAnimationFrame(() => focus({ index: Math.min(index, latest.current.length - 1), column: 'article' }));
  }, [change, focus]);

  const cellOf = (target: EventTarget): (Place & { id: number; field: HTMLInputElement }) | null => {
    if (!(target instanceof HTMLInputElement)) return null;
    const [id, column] = target.dataset['cell']?.split(':') ?? [];
    const index = lines.findIndex((line) => line.id === Number(id));
    return id === undefined || index < 0 ? null : { id: Number(id), column: column as LineColumn, index, field: target };
  };
  const marked = selection === null ? null : markedBy(selection);
  const idsOf = (first: number, last: number): number[] => lines.slice(first, last + 1).map((line) => line.id);
  const extend = (cell: Place, to: Place): void => {
    setSelection({ from: selection?.from ?? { index: cell.index, column: cell.column }, to });
    focus(to);
  };
  const fillDown = (cell: Place): void => {
    const [first, last, columns] = marked !== null && marked.last > marked.first ? [marked.first, marked.last, marked.columns] : [cell.index - 1, cell.index, [cell.column]];
    const source = lines[first];
    if (source !== undefined && last > first) change({ type: 'fill', from: source.id, to: idsOf(first + 1, last), columns });
  };

  const ctrlKey = (event: KeyboardEvent, cell: Place & { id: number }): boolean => {
    const isLast = cell.index === lines.length - 1;
    if (event.key === 'Delete' && !isLast) remove(marked === null ? [cell.id] : idsOf(marked.first, Math.min(marked.last, lines.length - 2)));
    else if (event.key === 'Insert') change({ type: 'insertLine', before: cell.id });
    else if (event.key.toLowerCase() === 'd' && !event.shiftKey) fillDown(cell);
    else if (event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) change({ type: 'moveLine', line: cell.id, by: event.key === 'ArrowUp' ? -1 : 1 });
    else if (event.key === 'Home' || event.key === 'End') focus({ index: event.key === 'Home' ? 0 : lines.length - 1, column: cell.column });
    else return false;
    return true;
  };
  const plainKey = (event: KeyboardEvent, cell: Place & { field: HTMLInputElement }): boolean => {
    const { key, shiftKey } = event;
    const { column, index } = cell;
    if (key === 'Enter') focus(onwards(lines.length, cell, enter === 'down' ? 'down' : 'right' satisfies EnterDirection, shiftKey ? -1 : 1, (at) => lines[at]?.vatRate.assumed === true));
    else if (key === 'ArrowDown' || key === 'ArrowUp') {
      const to: Place = { index: (selection !== null && shiftKey ? selection.to.index : index) + (key === 'ArrowDown' ? 1 : -1), column };
      if (lines[to.index] === undefined) return true;
      if (shiftKey) extend(cell, to);
      else focus(to);
    } else if (key === 'Escape' && marked !== null) setSelection(null);
    else if (key === 'Delete' && marked !== null) change({ type: 'clear', lines: idsOf(marked.first, marked.last), columns: marked.columns });
    else if ((key === 'ArrowLeft' || key === 'ArrowRight') && !shiftKey) {
      const { selectionStart: start, selectionEnd: end, value } = cell.field;
      if (!leavesCell({ start, end, length: value.length }, key)) return false;
      const to = lineColumns[lineColumns.indexOf(column) + (key === 'ArrowLeft' ? -1 : 1)];
      if (to !== undefined) focus({ index, column: to });
    } else return false;
    return true;
  };
  const keyDown = (event: KeyboardEvent): void => {
    const cell = cellOf(event.target);
    if (cell === null || event.altKey || event.nativeEvent.isComposing) return;
    const isHandled = event.ctrlKey || event.metaKey ? ctrlKey(event, cell) : plainKey(event, cell);
    if (!isHandled) return;
    if (!event.shiftKey && event.key.startsWith('Arrow') || event.key === 'Enter') setSelection(null);
    event.preventDefault();
    event.stopPropagation();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const cell = cellOf(event.target);
    const cells = spreadsheetCells(event.clipboardData.getData('text/plain'));
    if (cell === null || cells === null) return;
    event.preventDefault();
    paste(cell.id, cell.column, cells);
  };
  const onCopy = (event: ClipboardEvent): void => {
    if (marked === null || marked.first === marked.last && marked.columns.length < 2) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', clipboardText(lines, marked, (line, column) => cellText(line, column, format)));
  };
  const pointerDown = (event: PointerEvent): void => {
    const cell = cellOf(event.target);
    const from = activeIndex < 0 ? null : cellOf(document.activeElement ?? event.target);
    if (cell === null || from === null || !event.shiftKey) return setSelection(null);
    event.preventDefault();
    setSelection({ from: selection?.from ?? { index: from.index, column: from.column }, to: { index: cell.index, column: cell.column } });
  };
  const onFocus = (event: FocusEvent): void => setActive(cellOf(event.target)?.id ?? null);
  const onBlur = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && grid.current?.contains(event.relatedTarget)) return;
    setActive(null);
    setSelection(null);
  };
  return (
    <div className={styles.frame}>
      <div
        ref={grid} role="table" aria-label={t('line.table')} aria-rowcount={lines.length + 1} className={styles.grid} data-margin={notes.size > 0 || undefined}
        onKeyDown={keyDown} onPaste={onPaste} onCopy={onCopy} onFocus={onFocus} onBlur={onBlur} onPointerDown={pointerDown}
      >
        <div role="row" aria-rowindex={1} className={styles.head}>
          <span role="columnheader" className={styles.position}>{t('line.position')}</span>
          <span role="columnheader">{t('line.article')}</span>
          {(['qty', 'price', 'cost', 'vatRate', 'net'] as const).map((column) => <span key={column} role="columnheader" className={styles.headNumber}>{t(`line.${column}`)}</span>)}
          <span role="columnheader"><Hidden>{t('line.tools')}</Hidden></span>
        </div>
        <div ref={body} role="rowgroup" className={styles.body} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return line !== undefined && (
              <div key={item.key} ref={rows.measureElement} data-index={item.index} role="presentation" className={styles.virtual} style={{ transform: `translateY(${item.start - margin}px)` }}>
                <LineRow
                  line={line} position={item.index + 1} notes={notes.get(line.id) ?? noNotes} change={change} visit={visit} next={next} remove={remove}
                  marked={marked !== null && item.index >= marked.first && item.index <= marked.last ? marked.columns.join(' ') : ''}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
