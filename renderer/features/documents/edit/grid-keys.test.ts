import { describe, expect, it } from 'vitest';
import { leavesCell, markedBy, onwards } from './grid-keys.ts';

describe('Enter', () => {
  it('goes along article, quantity and price, and on to the next line', () => {
    const path: string[] = [];
    for (let place = onwards(2, { index: 0, column: 'article' }, 'right', 1); place !== null; place = onwards(2, place, 'right', 1)) path.push(`${place.index}:${place.column}`);
    expect(path).toEqual(['0:qty', '0:price', '1:article', '1:qty', '1:price']);
  });
  it('goes on through cost and rate for who stands there', () => {
    expect(onwards(2, { index: 0, column: 'cost' }, 'right', 1)).toEqual({ index: 0, column: 'vatRate' });
    expect(onwards(2, { index: 0, column: 'vatRate' }, 'right', 1)).toEqual({ index: 1, column: 'article' });
    expect(onwards(2, { index: 0, column: 'cost' }, 'right', -1)).toEqual({ index: 0, column: 'price' });
  });
  it('stops at a rate that is only assumed', () => {
    const path: string[] = [];
    const isAssumed = (index: number): boolean => index === 0;
    for (let place = onwards(2, { index: 0, column: 'article' }, 'right', 1, isAssumed); place !== null; place = onwards(2, place, 'right', 1, isAssumed)) path.push(`${place.index}:${place.column}`);
    expect(path).toEqual(['0:qty', '0:price', '0:vatRate', '1:article', '1:qty', '1:price']);
  });
  it('goes back the same way', () => {
    expect(onwards(2, { index: 1, column: 'article' }, 'right', -1)).toEqual({ index: 0, column: 'price' });
    expect(onwards(2, { index: 0, column: 'article' }, 'right', -1)).toBeNull();
  });
  it('goes down the column for those who fill columns', () => {
    expect(onwards(3, { index: 0, column: 'price' }, 'down', 1)).toEqual({ index: 1, column: 'price' });
    expect(onwards(3, { index: 2, column: 'price' }, 'down', 1)).toBeNull();
  });
});

describe('marked cells', () => {
  it('are a rectangle, from wherever it was begun', () => {
    expect(markedBy({ from: { index: 4, column: 'cost' }, to: { index: 2, column: 'qty' } })).toEqual({ first: 2, last: 4, columns: ['qty', 'price', 'cost'] });
  });
});

describe('the arrows', () => {
  it.each([
    [{ start: 0, end: 4, length: 4 }, 'ArrowLeft', true], [{ start: 2, end: 2, length: 4 }, 'ArrowLeft', false], [{ start: 0, end: 0, length: 4 }, 'ArrowLeft', true],
    [{ start: 4, end: 4, length: 4 }, 'ArrowRight', true], [{ start: 0, end: 0, length: 4 }, 'ArrowRight', false], [{ start: 1, end: 4, length: 4 }, 'ArrowRight', false],
  ] as const)('%j %s leaves: %s', (caret, key, leaves) => expect(leavesCell(caret, key)).toBe(leaves));
});
