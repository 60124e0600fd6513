import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortByKey } from './radix.ts';

it('sorts as a stable comparator does, for every number', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, -Infinity, 1, -1, Number.MAX_SAFE_INTEGER)), { maxLength: 200 }), (keys) => {
    const ids = Uint32Array.from(keys.keys());
    sortByKey(ids, (id) => keys[id] ?? 0);
    const expected = [...keys.keys()].toSorted((a, b) => {
      const [left, right] = [keys[a] ?? 0, keys[b] ?? 0];
      return left < right ? -1 : left > right ? 1 : a - b;
    });
    expect([...ids]).toEqual(expected);
  }));
});
