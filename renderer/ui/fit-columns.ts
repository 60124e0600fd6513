import { useLayoutEffect, useState, type RefObject } from 'react';

/** Room the table needs besides its columns: scrollbar and edges. */
const extra = 28;

/**
 * The columns that fit into a width, in their own order. They are taken by priority, so that beside an open document the
 * list keeps what people look for and gives up what the document shows anyway.
 */
export function fitColumns<C extends { id: string; width: number }>(columns: readonly C[], priority: readonly string[], width: number): C[] {
  const chosen = new Set<string>();
  let room = width - extra;
  for (const id of priority) {
    const column = columns.find((one) => one.id === id);
    if (column === undefined) continue;
    // The first ones stay whatever happens: a list without numbers is none.
    if (column.width > room && chosen.size >= 3) continue;
    chosen.add(id);
    room -= column.width;
  }
  return columns.filter((column) => chosen.has(column.id));
}

/** The width of an element in pixels. @param before it was measured; generous, so that nothing is left out for a frame */
export function useWidth(element: RefObject<HTMLElement | null>, before = 4000): number {
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    setWidth(target.clientWidth);
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
