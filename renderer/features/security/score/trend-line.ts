/**
 * The path of a value that holds until the next one is known, from its first moment to the end of the span.
 * @param points oldest first; values in tenths of a percent, 0 to 1000
 */
export function stepLine(points: readonly { at: number; value: number | null }[], span: { from: number; to: number }, size: { width: number; height: number }): string {
  const length = Math.max(1, span.to - span.from);
  const round = (value: number): number => Math.round(value * 10) / 10;
  const known = points.flatMap(({ at, value }) => (value === null ? [] : [{ x: round(((at - span.from) / length) * size.width), y: round(size.height * (1 - value / 1000)) }]));
  if (known.length === 0) return '';
  return `${known.map(({ x, y }, index) => (index === 0 ? `M${x},${y}` : `H${x} V${y}`)).join(' ')} H${size.width}`;
}

/** A line of no length at the end of a {@link stepLine}: with round caps it is a dot, whatever the drawing is stretched to. */
export function endDot(path: string, width: number): string {
  const height = /(?:V|M[\d.]+,)([\d.]+)(?= H[\d.]+$)/.exec(path)?.[1];
  return height === undefined ? '' : `M${width},${height} h0`;
}
