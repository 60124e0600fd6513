import { describe, expect, it } from 'vitest';
import { apart, spread, stretches, ticksFor } from './scale.ts';

describe('chart scale', () => {
  it.each([[0, [0, 1]], [Number.NaN, [0, 1]], [1, [0, 0.25, 0.5, 0.75, 1]], [0.37, [0, 0.1, 0.2, 0.3, 0.4]], [7, [0, 2, 4, 6, 8]], [1234, [0, 500, 1000, 1500]]])('puts round ticks under %d', (highest, ticks) => {
    expect(ticksFor(highest)).toEqual(ticks);
  });
  it('puts no half things on the axis', () => {
    expect(ticksFor(1, 4, true)).toEqual([0, 1]);
    expect(ticksFor(9, 4, true)).toEqual([0, 5, 10]);
    expect(ticksFor(90, 4, true)).toEqual([0, 25, 50, 75, 100]);
    expect(ticksFor(7, 4, true)).toEqual([0, 2, 4, 6, 8]);
  });
  it('spreads indexes over what there is', () => {
    expect(spread(60, 4)).toEqual([0, 20, 39, 59]);
    expect(spread(2, 5)).toEqual([0, 1]);
    expect(spread(0, 5)).toEqual([]);
  });
  it('moves labels apart and keeps them inside', () => {
    expect(apart([50, 50, 10], 12, 0, 100)).toEqual([50, 62, 10]);
    expect(apart([98, 99], 12, 0, 100)).toEqual([88, 100]);
  });
  it('keeps gaps as gaps', () => {
    expect(stretches([null, 1, 2, null, null, 0, null])).toEqual([{ from: 1, to: 2 }, { from: 5, to: 5 }]);
    expect(stretches([1])).toEqual([{ from: 0, to: 0 }]);
    expect(stretches([null])).toEqual([]);
  });
});
