import { expect, it } from 'vitest';
import { idleOptions } from './idle-options.ts';

it('offers the usual minutes, and the one in force in its place', () => {
  expect(idleOptions(15)).toEqual([1, 5, 15, 30, 60, null]);
  expect(idleOptions(null)).toEqual([1, 5, 15, 30, 60, null]);
  expect(idleOptions(7)).toEqual([1, 5, 7, 15, 30, 60, null]);
  expect(idleOptions(480)).toEqual([1, 5, 15, 30, 60, 480, null]);
});
