/**
 * Sorts ids by a number per id, ascending and stable, in place of `ids`: a radix sort over the bits of the doubles, 16 at
 * a time. One million ids take some 50 ms where a comparator takes half a second.
 */
export function sortByKey(ids: Uint32Array<ArrayBuffer>, keyOf: (id: number) => number): void {
  const count = ids.length;
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  for (let index = 0; index < count; index++) {
    // Adding 0 turns −0 into 0. Then: negative numbers have all bits flipped, positive ones the sign bit, and order as integers.
    double[0] = keyOf(ids[index] ?? 0) + 0;
    const sign = ((words[1] ?? 0) >>> 31) === 1;
    low[index] = sign ? ~(words[0] ?? 0) : (words[0] ?? 0);
    high[index] = sign ? ~(words[1] ?? 0) : (words[1] ?? 0) ^ 0x80000000;
  }
  let from = Uint32Array.from(ids.keys());
  let to = new Uint32Array(count);
  for (const [digits, shift] of [[low, 0], [low, 16], [high, 0], [high, 16]] as const) {
    const starts = new Uint32Array(65_537);
    for (let index = 0; index < count; index++) {
      const next = (((digits[index] ?? 0) >>> shift) & 0xffff) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    if (starts.includes(count)) continue;
    for (let digit = 1; digit <= 65_536; digit++) starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
    for (let place = 0; place < count; place++) {
      const index = from[place] ?? 0;
      const digit = ((digits[index] ?? 0) >>> shift) & 0xffff;
      const target = starts[digit] ?? 0;
      starts[digit] = target + 1;
      to[target] = index;
    }
    [from, to] = [to, from];
  }
  const sorted = to;
  for (let place = 0; place < count; place++) sorted[place] = ids[from[place] ?? 0] ?? 0;
  ids.set(sorted);
}
