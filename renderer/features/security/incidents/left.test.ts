import { describe, expect, it } from 'vitest';
import { lengthText, minutesOf, momentOf, partsOf } from './left.ts';

describe('lengths and moments', () => {
  it.each([[0, '00:00:00'], [59_999, '00:00:59'], [3_600_000 * 4 + 61_000, '04:01:01'], [86_400_000 * 2 + 3_600_000 * 3, '2 T 03:00'], [-125_000, '00:02:05']])('%i ms are written as %s', (ms, text) => {
    expect(lengthText(ms, 'T')).toBe(text);
  });
  it.each([['09:05', 545], ['905', 545], ['9', 540], ['23.59', 1439], ['24:00', null], ['12:60', null], ['', null], ['x', null]])('reads %s', (text, minutes) => {
    expect(minutesOf(text)).toBe(minutes);
  });
  it('goes from a moment to its parts and back', () => {
    const at = new Date(2026, 9, 25, 14, 7).getTime();
    expect(momentOf(partsOf(at).day, partsOf(at).time)).toBe(at);
    expect(momentOf(null, '10:00')).toBeNull();
    expect(momentOf('2026-10-25', 'x')).toBeNull();
  });
});
