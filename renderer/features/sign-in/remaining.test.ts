import { expect, it } from 'vitest';
import { remaining } from './remaining.ts';

it.each([[300_000, '5:00'], [299_001, '5:00'], [65_000, '1:05'], [1, '0:01'], [0, null], [-5_000, null]] as const)('%i ms are shown as %s', (left, text) => {
  expect(remaining(1_000_000 + left, 1_000_000)).toBe(text);
});
