import { describe, expect, it } from 'vitest';
import { everything } from '../../domain/audit.ts';
import { bundleOf, fitting, foundSchema, keptEntries, mostBundled, type Found } from './finding.ts';

const found: Found = { kind: 'bulk', actor: 'eva', subject: 'delete', count: 20, first: 1, last: 2, indexes: [1], filter: { ...everything, actor: 'eva' } };

describe('what a review has found', () => {
  it('can be kept however long the names in the log are', () => {
    expect(fitting(found)).toEqual(found);
    const long = 'x'.repeat(5000);
    expect(foundSchema.safeParse(fitting({ ...found, actor: long, subject: long, filter: { ...everything, actor: long } })).success).toBe(true);
  });
});

describe('the evidence file of a review', () => {
  const review = (indexes: number[][], verified: number, counts: number[] = []) => ({
    findings: indexes.map((kept, at) => ({ ...found, id: String(at), indexes: kept, count: counts[at] ?? kept.length, decision: null })),
    log: { kind: 'signed', origin: null, size: 99_999, verified: { size: verified, at: 1 }, root: '' } as const,
  });

  it('holds each entry once, and says how many no checkpoint covers', () => {
    expect(bundleOf(review([[1, 5], [5, 7, 9]], 8))).toEqual({ indexes: [1, 5, 7], beyond: 0, unproven: 1, shortened: 0 });
    expect(bundleOf({ ...review([[1]], 8), log: { ...review([], 0).log, verified: null } })).toEqual({ indexes: [], beyond: 0, unproven: 1, shortened: 0 });
  });

  it('says what does not fit in, and of which findings it has the first entries only', () => {
    const full = Array.from({ length: 60 }, (_, at) => Array.from({ length: keptEntries }, (__, index) => at * keptEntries + index));
    expect(bundleOf(review(full, 99_999, [keptEntries, 5000]))).toMatchObject({ beyond: 2000, unproven: 0, shortened: 1 });
    expect(bundleOf(review(full, 99_999)).indexes).toHaveLength(mostBundled);
  });
});
