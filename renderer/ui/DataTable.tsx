import { useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';
import { rowAfterKey, rowTop, scrollHeight, scrollTopFor, visibleRange, type Viewport } from './table-range.ts';
import styles from './data-table.module.css';

export type Sort = { by: string; direction: 'asc' | 'desc' };

export type Column<T> = {
  id: string;
  header: string;
  /** Pixels; with `grow` the least width. */
  width: number;
  /** Share of the room that is left over. */
  grow?: number;
  align?: 'start' | 'end';
  render: (row: T) => ReactNode;
  isSortable?: boolean;
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
  /** Extra keys while the table has the focus; return true when handled. */
  onKeyDown?: (event: KeyboardEvent, row: T | undefined) => boolean;
  ref?: Ref<DataTableHandle>;
};

const overscan = 6;

/** Pixels left and right of the columns, so that the first one stands under the title of the page. */
const edge = 8;

/** A table of any length: only the rows in sight exist, and any of them can be reached without loading those before. */
export function DataTable<T>(props: DataTableProps<T>): ReactNode {
  const { columns, rowCount, getRow, rowKey, onVisibleRange, selectedKey = null, onSelect, onActivate, rowHeight = 28 } = props;
  const { t } = useTranslation();
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(0);
  const [cursor, setCursor] = useState(0);
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

  // The cursor follows a selection that was made elsewhere, as far as its row is loaded.
  useEffect(() => {
    for (let index = start; selectedKey !== null && index < end; index++) {
      const row = getRow(index);
      if (row !== undefined && rowKey(row) === selectedKey) setCursor(index);
    }
  }, [selectedKey, start, end, getRow, rowKey]);

  const scrollToRow = useCallback((index: number) => {
    const element = scroller.current;
    if (element === null) return;
    const now: Viewport = { rowCount, rowHeight, height: element.clientHeight - rowHeight };
    element.scrollTop = scrollTopFor(now, index, element.scrollTop);
  }, [rowCount, rowHeight]);
  useImperativeHandle(props.ref, () => ({ focus: () => scroller.current?.focus(), scrollToRow }), [scrollToRow]);

  const goTo = (index: number): void => {
    setCursor(index);
    scrollToRow(index);
    const row = getRow(index);
    if (row !== undefined) onSelect?.(row, index);
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.target !== scroller.current) return;
    const row = getRow(active);
    if (props.onKeyDown?.(event, row) === true) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && row !== undefined) onActivate?.(row, active);
    const target = rowAfterKey(event.key, active, view);
    if (target !== null) goTo(target);
    if (target !== null || event.key === 'Enter') event.preventDefault();
  };

  const template = columns.map(({ width, grow }) => (grow === undefined ? `${width}px` : `minmax(${width}px, ${grow}fr)`)).join(' ');
  const minWidth = columns.reduce((sum, { width }) => sum + width, 2 * edge);
  const shown = Array.from({ length: end - start }, (_, offset) => start + offset);
  const activeId = active >= start && active < end ? `${gridId}-${active}` : undefined;
  return (
    <div
      ref={scroller} role="grid" tabIndex={0} aria-label={props.label} aria-rowcount={rowCount + 1} aria-colcount={columns.length} aria-activedescendant={activeId}
      className={styles.scroller} onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)} onKeyDown={keyDown}
    >
      <div className={styles.head} style={{ gridTemplateColumns: template, minWidth, height: rowHeight }} role="row" aria-rowindex={1}>
        {columns.map((column) => <HeaderCell key={column.id} column={column} sort={props.sort ?? null} onSort={props.onSort} sortLabel={t('table.sortBy', { column: column.header })} />)}
      </div>
      <div className={styles.body} style={{ height: scrollHeight(view), minWidth }} role="rowgroup">
        {shown.map((index) => {
          const row = getRow(index);
          const isSelected = row !== undefined && rowKey(row) === selectedKey;
          return (
            <div
              key={index} id={`${gridId}-${index}`} role="row" aria-rowindex={index + 2} aria-selected={isSelected} aria-busy={row === undefined || undefined}
              className={cx(styles.row, isSelected && styles.selected, index === active && styles.active)}
              style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${rowTop(view, index, scrollTop)}px)` }}
              onClick={() => goTo(index)} onDoubleClick={() => row !== undefined && onActivate?.(row, index)}
            >
              {columns.map((column, at) => (
                <div key={column.id} role="gridcell" aria-colindex={at + 1} className={cx(styles.cell, column.align === 'end' && styles.end)}>
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

function HeaderCell<T>({ column, sort, onSort, sortLabel }: { column: Column<T>; sort: Sort | null; onSort: ((sort: Sort) => void) | undefined; sortLabel: string }): ReactNode {
  const direction = sort?.by === column.id ? sort.direction : null;
  const ariaSort = direction === null ? undefined : direction === 'asc' ? 'ascending' : 'descending';
  const content = <span className={styles.headText}>{column.header}</span>;
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
