/** A bucket of a histogram: how many observations were at most `le`. */
export type Bucket = { le: number; count: number };

/**
 * The value below which the share `q` of all observations lies, as `histogram_quantile` of Prometheus estimates it from classic
 * buckets (bucketQuantile in promql/quantile.go): linear inside the bucket; what falls into the last one counts as the
 * highest finite bound; the first bucket begins at 0 when its bound is positive.
 * @returns null where Prometheus says NaN: no observations, no +Inf bucket, fewer than two buckets
 */
export function histogramQuantile(q: number, given: readonly Bucket[]): number | null {
  if (Number.isNaN(q)) return null;
  if (q < 0) return -Infinity;
  if (q > 1) return Infinity;
  const merged = new Map<number, number>();
  for (const { le, count } of given) merged.set(le, (merged.get(le) ?? 0) + count);
  const buckets = [...merged].map(([le, count]) => ({ le, count })).toSorted((a, b) => a.le - b.le);
  const last = buckets.at(-1);
  if (last === undefined || last.le !== Infinity || buckets.length < 2) return null;
  // Scraped series may be a little apart in time; counts never fall with the bound.
  let highest = 0;
  for (const bucket of buckets) bucket.count = highest = Math.max(highest, bucket.count);
  if (highest === 0) return null;
  let rank = q * highest;
  const index = buckets.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (index === -1) return buckets.at(-2)?.le ?? null;
  const { le: end, count } = buckets[index] ?? last;
  if (index === 0 && end <= 0) return end;
  const before = buckets[index - 1];
  const start = before?.le ?? 0;
  const inside = count - (before?.count ?? 0);
  rank -= before?.count ?? 0;
  return inside === 0 ? start : start + (end - start) * (rank / inside);
}
