/** Round values from 0 to at least `highest`, about `count` of them. @param isWhole things are counted: no halves between them */
export function ticksFor(highest: number, count = 4, isWhole = false): number[] {
  if (!Number.isFinite(highest) || highest <= 0) return [0, 1];
  const rough = highest / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * (1 - 1e-9) && (!isWhole || Number.isInteger(size))) ?? Math.max(1, power * 10));
  // By multiplication: sums of 0.1 drift.
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Indexes spread evenly over `length` values, first and last included. */
export function spread(length: number, count: number): number[] {
  if (length === 0) return [];
  const shown = Math.max(1, Math.min(count, length));
  return shown === 1 ? [0] : [...new Set(Array.from({ length: shown }, (_, index) => Math.round((index * (length - 1)) / (shown - 1))))];
}

/** Moves labels apart that would lie on each other, none above `top` or below `bottom` where that can be helped. */
export function apart(wanted: readonly number[], distance: number, top: number, bottom: number): number[] {
  const order = wanted.map((at, index) => ({ at, index })).toSorted((a, b) => a.at - b.at);
  let least = top;
  for (const one of order) {
    one.at = Math.max(one.at, least);
    least = one.at + distance;
  }
  let most = bottom;
  for (const one of order.toReversed()) {
    one.at = Math.min(one.at, most);
    most = one.at - distance;
  }
  const placed = wanted.map(() => 0);
  for (const { at, index } of order) placed[index] = at;
  return placed;
}

/** Stretches of values without a gap, as indexes with both ends included. */
export function stretches(values: readonly (number | null)[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | null = null;
  for (let index = 0; index <= values.length; index++) {
    const isThere = (values[index] ?? null) !== null;
    if (isThere) from ??= index;
    else if (from !== null) {
      found.push({ from, to: index - 1 });
      from = null;
    }
  }
  return found;
}
