import { isOutsideWorkingHours } from '../../../shared/domain/working-hours.ts';

// Loops of their own: they run over a million places, and one function per test would cost more than the test.

const quarterHour = 900_000;

export function widened<T extends Uint16Array | Uint32Array | Float64Array>(into: T, from: T): T {
  into.set(from);
  return into;
}

export function spanOf(at: Float64Array, places: Uint32Array): [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const index of places) [from, to] = [Math.min(from, at[index] as number), Math.max(to, at[index] as number)];
  return [from, to];
}

export function markAll(masks: Uint16Array, codes: Uint32Array, bit: number): void {
  for (let at = 0; at < codes.length; at++) masks[codes[at] as number] = (masks[codes[at] as number] as number) | bit;
}

export function keepCode(found: Uint32Array, count: number, column: Uint32Array, code: number): number {
  let kept = 0;
  for (let at = 0; at < count; at++) if (column[found[at] as number] === code) found[kept++] = found[at] as number;
  return kept;
}

/** Local time is asked for once a quarter of an hour of the log, which is what every offset from UTC is a multiple of. */
export function keepOutsideHours(found: Uint32Array, count: number, at: Float64Array): number {
  let [kept, until, isOutside] = [0, -1, false];
  for (let place = 0; place < count; place++) {
    const moment = at[found[place] as number] as number;
    if (moment >= until || moment < until - quarterHour) {
      const quarter = Math.floor(moment / quarterHour) * quarterHour;
      until = quarter + quarterHour;
      isOutside = isOutsideWorkingHours(quarter);
    }
    if (isOutside) found[kept++] = found[place] as number;
  }
  return kept;
}

/** A word occurs in one to three columns nearly always: that many are looked at without a loop inside the loop. */
export function keepHits(found: Uint32Array, count: number, columns: readonly Uint32Array[], hit: Uint8Array): number {
  const [a, b = a, c = b, ...more] = columns;
  if (a === undefined || b === undefined || c === undefined) return 0;
  let kept = 0;
  if (more.length > 0) return keepIf(found, count, (index) => columns.some((column) => hit[column[index] as number] === 1));
  if (b === a) {
    for (let at = 0; at < count; at++) if (hit[a[found[at] as number] as number] === 1) found[kept++] = found[at] as number;
    return kept;
  }
  for (let at = 0; at < count; at++) {
    const index = found[at] as number;
    if (hit[a[index] as number] === 1 || hit[b[index] as number] === 1 || hit[c[index] as number] === 1) found[kept++] = index;
  }
  return kept;
}

export function keepIf(found: Uint32Array, count: number, test: (index: number) => boolean): number {
  let kept = 0;
  for (let at = 0; at < count; at++) if (test(found[at] as number)) found[kept++] = found[at] as number;
  return kept;
}
