import { describe, expect, it } from 'vitest';
import { everything } from '../../domain/audit.ts';
import { fitting, foundSchema, type Found } from './finding.ts';

const found: Found = { kind: 'bulk', actor: 'eva', subject: 'delete', count: 20, first: 1, last: 2, indexes: [1], filter: { ...everything, actor: 'eva' } };

describe('what a review has found', () => {
  it('can be kept however long the names in the log are', () => {
    expect(fitting(found)).toEqual(found);
    const long = 'x'.repeat(5000);
    expect(foundSchema.safeParse(fitting({ ...found, actor: long, subject: long, filter: { ...everything, actor: long } })).success).toBe(true);
  });
});
