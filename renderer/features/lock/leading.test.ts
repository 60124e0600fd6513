import { expect, it } from 'vitest';
import { leading } from './leading.ts';

it('reports the first sign at once, then one per interval, and none afterwards', () => {
  let now = 5;
  const reported: number[] = [];
  const report = leading(() => reported.push(now), 20, () => now);
  for (now = 5; now <= 60; now++) report();
  expect(reported).toEqual([5, 25, 45]);
  now = 500;
  expect(reported).toHaveLength(3);
  report();
  expect(reported).toEqual([5, 25, 45, 500]);
});
