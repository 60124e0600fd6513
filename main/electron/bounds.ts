export type Bounds = { width: number; height: number; x?: number; y?: number; maximized: boolean };

/** Below this the two-pane layout does not fit. */
export const smallestWindow = { width: 960, height: 600 };

/** The remembered bounds, moved back onto a screen that still exists. */
export function fitToScreens(bounds: Bounds, areas: readonly { x: number; y: number; width: number; height: number }[]): Bounds {
  const { x, y } = bounds;
  const sized = { ...bounds, width: Math.max(bounds.width, smallestWindow.width), height: Math.max(bounds.height, smallestWindow.height) };
  if (x === undefined || y === undefined) return sized;
  const isVisible = areas.some((area) => x + 100 < area.x + area.width && x + bounds.width > area.x + 100 && y >= area.y && y + 40 < area.y + area.height);
  if (isVisible) return sized;
  return { width: sized.width, height: sized.height, maximized: bounds.maximized };
}

/** The bounds as they were remembered. Written by hand: the window opens before anything that brings a schema along. @throws when they are none */
export function parseBounds(content: unknown): Bounds {
  const { width, height, x, y, maximized } = (content ?? {}) as Record<string, unknown>;
  const isPlace = (value: unknown): value is number | undefined => value === undefined || Number.isFinite(value);
  if (!Number.isFinite(width) || !Number.isFinite(height) || !isPlace(x) || !isPlace(y) || typeof maximized !== 'boolean') throw new Error('no bounds');
  return { width: width as number, height: height as number, maximized, ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) };
}
