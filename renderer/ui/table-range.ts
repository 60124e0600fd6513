/**
 * Chromium clamps an element's height near 33.5 million pixels. Longer tables get a scaled scrollbar: the scroll
 * position is stretched to the real height, rows keep their own.
 */
export const maxScrollHeight = 30_000_000;

/** Where a table stands: the height of all rows, what of it the scroll container shows, all in pixels. */
export type Viewport = { rowCount: number; rowHeight: number; height: number };

export type VisibleRange = { /** First row to draw. */ start: number; /** One past the last row to draw. */ end: number };

const realHeight = ({ rowCount, rowHeight }: Viewport): number => rowCount * rowHeight;

/** The height to give to the scrolled element. */
export const scrollHeight = (view: Viewport): number => Math.min(realHeight(view), maxScrollHeight);

/** How far the real content moves for one pixel of scrolling; 1 unless the table is longer than Chromium can scroll. */
export function stretch(view: Viewport): number {
  const scrollable = scrollHeight(view) - view.height;
  return scrollable <= 0 ? 1 : Math.max(1, (realHeight(view) - view.height) / scrollable);
}

/** Rows to draw at a scroll position: those in sight and `overscan` more on both sides. */
export function visibleRange(view: Viewport, scrollTop: number, overscan: number): VisibleRange {
  if (view.rowCount === 0 || view.height <= 0) return { start: 0, end: 0 };
  const top = Math.max(0, scrollTop) * stretch(view);
  const first = Math.floor(top / view.rowHeight);
  const last = Math.ceil((top + view.height) / view.rowHeight);
  return { start: Math.max(0, Math.min(first - overscan, view.rowCount - 1)), end: Math.min(view.rowCount, last + overscan) };
}

/** Pixels from the top of the scrolled element at which a row is drawn. */
export const rowTop = (view: Viewport, index: number, scrollTop: number): number => index * view.rowHeight - scrollTop * (stretch(view) - 1);

/** The scroll position that brings a row into sight; the present one when it already is. */
export function scrollTopFor(view: Viewport, index: number, scrollTop: number): number {
  const factor = stretch(view);
  const top = scrollTop * factor;
  const rowStart = index * view.rowHeight;
  if (rowStart < top) return rowStart / factor;
  if (rowStart + view.rowHeight > top + view.height) return Math.max(0, (rowStart + view.rowHeight - view.height) / factor);
  return scrollTop;
}

/** The row a key leads to; null for keys that do not move. */
export function rowAfterKey(key: string, current: number, view: Viewport): number | null {
  if (view.rowCount === 0) return null;
  const page = Math.max(1, Math.floor(view.height / view.rowHeight) - 1);
  const target = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + page, PageUp: current - page, Home: 0, End: view.rowCount - 1 }[key];
  return target === undefined ? null : Math.max(0, Math.min(view.rowCount - 1, target));
}
