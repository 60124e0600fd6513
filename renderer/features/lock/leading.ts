/**
 * Runs at the first call and then at most once per `interval` milliseconds. What came in between is not made up for
 * later: a late report of activity would keep the app open after the person has left.
 */
export function leading(run: () => void, interval: number, now: () => number): () => void {
  let last = -Infinity;
  return () => {
    const at = now();
    if (at - last < interval) return;
    last = at;
    run();
  };
}
