import { expect, it } from 'vitest';
import { clampShare } from './SplitPane.tsx';

it('leaves both sides their minimum width, and halves what is too narrow for two', () => {
  expect(clampShare(55, 1000, 280)).toBe(55);
  expect(clampShare(5, 1000, 280)).toBeCloseTo(28);
  expect(clampShare(99, 1000, 280)).toBeCloseTo(72);
  expect(clampShare(80, 500, 280)).toBe(50);
});
