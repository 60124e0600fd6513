/** One figure of a benchmark. `limit` is what DESIGN asks for at full scale, null where it asks for nothing. */
export type Figure = { name: string; value: number; unit: 'ms' | 's' | 'ratio' | 'per second' | 'MB'; limit: number | null };

/** What a benchmark module gets. */
export type Report = {
  /** 1 for the sizes that the limits are meant for; smaller for a quick look. From BENCH_SCALE. */
  scale: number;
  add(figure: Figure): void;
  /** Progress for whoever waits, on stderr. */
  note(text: string): void;
};

/** A benchmark module: one area, `*.bench.ts` in this folder. */
export type BenchModule = { run(report: Report): Promise<void> };

/** The value below which this share of the values lies. @param values not empty. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
