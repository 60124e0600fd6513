import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clearBit, countBits, emptyBits, growBits, hasBit, intersect, setBit } from './bits.ts';

it('behaves as a set of numbers', () => {
  const id = fc.nat(299);
  fc.assert(fc.property(fc.array(id), fc.array(id), fc.array(id), (added, removed, others) => {
    const bits = emptyBits(300);
    const other = emptyBits(300);
    const model = new Set(added);
    for (const each of added) setBit(bits, each);
    for (const each of removed) { clearBit(bits, each); model.delete(each); }
    for (const each of others) setBit(other, each);
    expect(countBits(growBits(bits, 1000))).toBe(model.size);
    intersect(bits, other);
    for (let each = 0; each < 300; each++) expect(hasBit(bits, each)).toBe(model.has(each) && others.includes(each));
  }));
});

it('takes a shorter set for one without the rows beyond it', () => {
  const long = emptyBits(100);
  setBit(long, 90);
  intersect(long, emptyBits(32));
  expect(countBits(long)).toBe(0);
});
