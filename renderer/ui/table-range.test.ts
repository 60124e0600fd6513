import { describe, expect, it } from 'vitest';
import { maxScrollHeight, rowAfterKey, rowTop, scrollHeight, scrollTopFor, stretch, visibleRange, type Viewport } from './table-range.ts';

const small: Viewport = { rowCount: 100, rowHeight: 28, height: 280 };
const million: Viewport = { rowCount: 1_000_000, rowHeight: 28, height: 700 };
const huge: Viewport = { rowCount: 5_000_000, rowHeight: 28, height: 700 };

describe('visibleRange', () => {
  it('draws what is in sight and the overscan', () => {
    expect(visibleRange(small, 0, 3)).toEqual({ start: 0, end: 13 });
    expect(visibleRange(small, 28 * 50, 3)).toEqual({ start: 47, end: 63 });
  });

  it('never leaves the table', () => {
    expect(visibleRange(small, 28 * 90, 5)).toEqual({ start: 85, end: 100 });
    expect(visibleRange({ ...small, rowCount: 0 }, 0, 5)).toEqual({ start: 0, end: 0 });
    expect(visibleRange(small, 999_999, 5)).toEqual({ start: 99, end: 100 });
    expect(visibleRange(small, -50, 0).start).toBe(0);
  });

  it('costs the same for a million rows', () => {
    const { start, end } = visibleRange(million, 14_000_000, 6);
    expect(end - start).toBeLessThan(45);
  });
});

describe('tables longer than Chromium can scroll', () => {
  it('stay below its limit, and only they are stretched', () => {
    expect(scrollHeight(huge)).toBe(maxScrollHeight);
    expect(stretch(million)).toBe(1);
    expect(stretch(huge)).toBeGreaterThan(4);
  });

  it('reach the last row at the end of the scrollbar, drawn at the foot of the window', () => {
    const end = maxScrollHeight - huge.height;
    const range = visibleRange(huge, end, 0);
    expect(range.end).toBe(huge.rowCount);
    expect(rowTop(huge, huge.rowCount - 1, end) + huge.rowHeight).toBeCloseTo(end + huge.height, 3);
  });

  it('bring any row into sight', () => {
    for (const index of [0, 1, 2_345_678, 4_999_999]) {
      const scrollTop = scrollTopFor(huge, index, 12_000_000);
      const top = rowTop(huge, index, scrollTop) - scrollTop;
      expect(top).toBeGreaterThanOrEqual(-0.01);
      expect(top).toBeLessThanOrEqual(huge.height - huge.rowHeight + 0.01);
    }
  });
});

describe('scrollTopFor', () => {
  it('does not move when the row is in sight', () => expect(scrollTopFor(small, 5, 28)).toBe(28));
  it('moves just far enough', () => {
    expect(scrollTopFor(small, 2, 280)).toBe(56);
    expect(scrollTopFor(small, 20, 0)).toBe(21 * 28 - 280);
  });
});

describe('rowAfterKey', () => {
  it.each([['ArrowDown', 11], ['ArrowUp', 9], ['PageDown', 19], ['PageUp', 1], ['Home', 0], ['End', 99]])('%s', (key, row) => expect(rowAfterKey(key, 10, small)).toBe(row));
  it('stops at both ends', () => {
    expect(rowAfterKey('ArrowUp', 0, small)).toBe(0);
    expect(rowAfterKey('PageDown', 98, small)).toBe(99);
  });
  it('knows what is no movement', () => {
    expect(rowAfterKey('a', 10, small)).toBeNull();
    expect(rowAfterKey('End', 0, { ...small, rowCount: 0 })).toBeNull();
  });
});
