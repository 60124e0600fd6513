import { useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { Hidden } from './Hidden.tsx';
import { Icon } from './Icon.tsx';
import { rowAfterKey, rowTop, scrollHeight, scrollTopFor, visibleRange, type Viewport } from './table-range.ts';
import styles from './data-table.module.css';

export type Sort = { by: string; direction: 'asc' | 'desc' };

export type Column<T> = {
  id: string;
  header: string;
  /** Keeps the header for assistive technology only: for columns that are no wider than a sign. */
  hideHeader?: boolean;
  /** Pixels; with `grow` the least width. */
  width: number;
  /** Share of the room that is left over. */
  grow?: number;
  align?: 'start' | 'end';
  render: (row: T) => ReactNode;
  isSortable?: boolean;
};

/** Rows that are marked for one action on all of them; Space, Shift and Ctrl as in every list. */
export type RowMarks<T> = {
  count: number;
  isMarked: (row: T) => boolean;
  onToggle: (row: T) => void;
  /** These rows and no others, both ends included, in either direction. */
  onRange: (from: number, to: number) => void;
  onAll: () => void;
  onClear: () => void;
};

export type DataTableHandle = { focus: () => void; scrollToRow: (index: number) => void };

export type DataTableProps<T> = {
  /** Accessible name of the grid. */
  label: string;
  columns: readonly Column<T>[];
  rowCount: number;
  /** The row at an index, or undefined while it is not loaded: then a placeholder stands in its place. */
  getRow: (index: number) => T | undefined;
  rowKey: (row: T) => string;
  /** Called with the rows in sight, `end` exclusive, whenever they change: the caller loads them. */
  onVisibleRange?: (start: number, end: number) => void;
  sort?: Sort | null;
  onSort?: (sort: Sort) => void;
  selectedKey?: string | null;
  /** A row got the cursor, by key or pointer. */
  onSelect?: (row: T, index: number) => void;
  /** Enter or double click. */
  onActivate?: (row: T, index: number) => void;
  /** Stands in the body when there are no rows. */
  empty?: ReactNode;
  rowHeight?: number;
  marks?: RowMarks<T>;
  /** Extra keys while the table has the focus; return true when handled. */
  onKeyDown?: (event: KeyboardEvent, row: T | undefined) => boolean;
  ref?: Ref<DataTableHandle>;
};

const overscan = 6;

/** Pixels left and right of the columns, so that the first one stands under the title of the page. */
const edge = 8;
/** Pixels that the column of marks takes beside the others. */
export const markWidth = 28;

/** A table of any length: only the rows in sight exist, and any of them can be reached without loading those before. */
export function DataTable<T>(props: DataTableProps<T>): ReactNode {
  const { columns, rowCount, getRow, rowKey, onVisibleRange, selectedKey = null, onSelect, onActivate, rowHeight = 28, marks } = props;
  const { t } = useTranslation();
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(0);
  const [cursor, setCursor] = useState(0);
  /** Where a range of marks begins. */
  const anchor = useRef<number | null>(null);
  const view: Viewport = { rowCount, rowHeight, height: Math.max(0, height - rowHeight) };
  const { start, end } = visibleRange(view, scrollTop, overscan);
  const active = Math.min(cursor, Math.max(0, rowCount - 1));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    setHeight(element.clientHeight);
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (end > start) onVisibleRange?.(start, end);
  }, [start, end, onVisibleRange]);

  // The cursor follows a selection that was made elsewhere, as far as its row is loaded; while rows are marked it is where the marks go on.
  const hasMarks = (marks?.count ?? 0) > 0;
  useEffect(() => {
    if (hasMarks) return;
    for (let index = start; selectedKey !== null && index < end; index++) {
      const row = getRow(index);
      if (row !== undefined && rowKey(row) === selectedKey) setCursor(index);
    }
  }, [selectedKey, start, end, getRow, rowKey, hasMarks]);

  const scrollToRow = useCallback((index: number) => {
    const element = scroller.current;
    if (element === null) return;
    const now: Viewport = { rowCount, rowHeight, height: element.clientHeight - rowHeight };
    element.scrollTop = scrollTopFor(now, index, element.scrollTop);
  }, [rowCount, rowHeight]);
  useImperativeHandle(props.ref, () => ({ focus: () => scroller.current?.focus(), scrollToRow }), [scrollToRow]);

  const goTo = (index: number): void => {
    anchor.current = null;
    setCursor(index);
    scrollToRow(index);
    const row = getRow(index);
    if (row !== undefined) onSelect?.(row, index);
  };
  const markTo = (index: number): void => {
    anchor.current ??= active;
    setCursor(index);
    scrollToRow(index);
    marks?.onRange(anchor.current, index);
  };
  const toggle = (index: number): void => {
    const [row, from] = [getRow(index), getRow(active)];
    // The row on show is the first of the marked ones: that is what people who hold Ctrl mean.
    if (marks?.count === 0 && from !== undefined && index !== active && rowKey(from) === selectedKey) marks.onToggle(from);
    if (row !== undefined) marks?.onToggle(row);
    anchor.current = index;
    setCursor(index);
  };
  const click = (event: MouseEvent, index: number): void => {
    if (marks !== undefined && event.shiftKey) markTo(index);
    else if (marks !== undefined && (event.ctrlKey || event.metaKey)) toggle(index);
    else goTo(index);
  };
  /** @returns whether the key was about marks */
  const markKey = (event: KeyboardEvent): boolean => {
    if (marks === undefined || event.altKey) return false;
    const hasCtrl = event.ctrlKey || event.metaKey;
    const target = event.shiftKey && !hasCtrl ? rowAfterKey(event.key, active, view) : null;
    if (target !== null) markTo(target);
    else if (event.key === ' ' && !event.shiftKey) toggle(active);
    else if (hasCtrl && event.key.toLowerCase() === 'a') marks.onAll();
    else if (event.key === 'Escape' && marks.count > 0) marks.onClear();
    else return false;
    return true;
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current) return;
    const row = getRow(active);
    if (props.onKeyDown?.(event, row) === true || markKey(event)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && row !== undefined) onActivate?.(row, active);
    const target = rowAfterKey(event.key, active, view);
    if (target !== null) goTo(target);
    if (target !== null || event.key === 'Enter') event.preventDefault();
  };

  const before = marks === undefined ? 0 : 1;
  const template = (marks === undefined ? '' : `${markWidth}px `) + columns.map(({ width, grow }) => (grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`)).join(' ');
  const minWidth = columns.reduce((sum, { width }) => sum + width, 2 * edge + before * markWidth);
  const shown = Array.from({ length: end - start }, (_, offset) => start + offset);
  const activeId = active >= start && active < end ? `${gridId}-${active}` : undefined;
  return (
    <div
      ref={scroller} role="grid" tabIndex={0} aria-label={props.label} aria-rowcount={rowCount + 1} aria-colcount={columns.length + before} aria-multiselectable={marks !== undefined || undefined} aria-activedescendant={activeId}
      className={styles.scroller} onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)} onKeyDown={keyDown}
    >
      <div className={styles.head} style={{ gridTemplateColumns: template, minWidth, height: rowHeight }} role="row" aria-rowindex={1}>
        {marks !== undefined && <MarkAll marks={marks} rowCount={rowCount} />}
        {columns.map((column) => <HeaderCell key={column.id} column={column} sort={props.sort ?? null} onSort={props.onSort} sortLabel={t('table.sortBy', { column: column.header })} />)}
      </div>
      <div className={styles.body} style={{ height: scrollHeight(view), minWidth }} role="rowgroup">
        {shown.map((index) => {
          const row = getRow(index);
          const isSelected = row !== undefined && rowKey(row) === selectedKey;
          const isMarked = row !== undefined && marks?.isMarked(row) === true;
          return (
            <div
              key={index} id={`${gridId}-${index}`} role="row" aria-rowindex={index + 2} aria-selected={marks !== undefined && marks.count > 0 ? isMarked : isSelected} aria-busy={row === undefined || undefined}
              className={cx(styles.row, (isSelected || isMarked) && styles.selected, index === active && styles.active)}
              style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${rowTop(view, index, scrollTop)}px)` }}
              onClick={(event) => click(event, index)} onDoubleClick={() => row !== undefined && onActivate?.(row, index)}
            >
              {marks !== undefined && (
                <div role="gridcell" aria-colindex={1} className={styles.mark} data-marked={isMarked || undefined} onClick={(event) => { event.stopPropagation(); toggle(index); }} onDoubleClick={(event) => event.stopPropagation()} data-testid="mark">
                  <span className={styles.box}>{isMarked && <Icon name="check" label={t('table.marked')} />}</span>
                </div>
              )}
              {columns.map((column, at) => (
                <div key={column.id} role="gridcell" aria-colindex={at + 1 + before} className={cx(styles.cell, column.align === 'end' && styles.end)}>
                  {row === undefined ? <span className={styles.placeholder} /> : column.render(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {rowCount === 0 && props.empty !== undefined && <div className={styles.empty}>{props.empty}</div>}
    </div>
  );
}

function MarkAll<T>({ marks, rowCount }: { marks: RowMarks<T>; rowCount: number }): ReactNode {
  const { t } = useTranslation();
  const label = t(marks.count > 0 ? 'table.unmark' : 'table.markAll');
  return (
    <div role="columnheader" className={styles.mark}>
      <button type="button" tabIndex={-1} className={styles.markAll} title={label} aria-label={label} disabled={rowCount === 0} onClick={() => (marks.count > 0 ? marks.onClear() : marks.onAll())}>
        <span className={styles.box}>{marks.count > 0 && <Icon name={marks.count >= rowCount ? 'check' : 'minus'} />}</span>
      </button>
    </div>
  );
}

function HeaderCell<T>({ column, sort, onSort, sortLabel }: { column: Column<T>; sort: Sort | null; onSort: ((sort: Sort) => void) | undefined; sortLabel: string }): ReactNode {
  const direction = sort?.by === column.id ? sort.direction : null;
  const ariaSort = direction === null ? undefined : direction === 'asc' ? 'ascending' : 'descending';
  const content = column.hideHeader === true ? <Hidden>{column.header}</Hidden> : <span className={styles.headText}>{column.header}</span>;
  return (
    <div role="columnheader" aria-sort={ariaSort} className={cx(styles.headCell, column.align === 'end' && styles.end)}>
      {column.isSortable !== true || onSort === undefined ? content : (
        <button type="button" tabIndex={-1} className={styles.sort} title={sortLabel} onClick={() => onSort({ by: column.id, direction: direction === 'asc' ? 'desc' : 'asc' })}>
          {content}
          {direction !== null && <Icon name={direction === 'asc' ? 'chevronUp' : 'chevronDown'} className={styles.sortIcon} />}
        </button>
      )}
    </div>
  );
}
