import { describe, expect, it } from 'vitest';
import { parseTypedDate, shiftDay } from './date-input.ts';

const today = new Date(2026, 10, 22);

describe('parseTypedDate', () => {
  it.each([
    ['2025-12-24', '2025-12-24'], ['24.12.2025', '2025-12-24'], ['24.12.25', '2025-12-24'], ['4.3.', '2026-03-04'], ['4.3', '2026-03-04'], ['24/12/2025', '2025-12-24'],
    ['241225', '2025-12-24'], ['24122025', '2025-12-24'], ['2412', '2026-12-24'], ['h', '2026-11-22'], ['Heute', '2026-11-22'], ['today', '2026-11-22'], [' 1.1.70 ', '1970-01-01'], ['29.2.2028', '2028-02-29'],
  ])('reads %s', (typed, day) => expect(parseTypedDate(typed, today)).toBe(day));

  it.each(['31.02.2026', '29.2.2027', '0.1.2026', '2026-13-01', '12', 'morgen', '', '24.12.202'])('refuses %s', (typed) => expect(parseTypedDate(typed, today)).toBeNull());
});

describe('days counted from a day', () => {
  it.each([['+14', '2026-12-06'], ['-3', '2026-11-19'], ['+0', '2026-11-22']])('%s counts from today', (typed, day) => expect(parseTypedDate(typed, today)).toBe(day));
  it('count from another day where there is one, and from today where that is none', () => {
    expect(parseTypedDate('+14', today, '2026-12-24')).toBe('2027-01-07');
    expect(parseTypedDate('+14', today, '31.2.')).toBe('2026-12-06');
  });
});

describe('shiftDay', () => {
  it('crosses months, years and summer time', () => {
    expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01');
    expect(shiftDay('2026-03-01', -1)).toBe('2026-02-28');
    expect(shiftDay('2026-03-28', 1)).toBe('2026-03-29');
    expect(shiftDay('2026-03-29', 1)).toBe('2026-03-30');
  });
  it('leaves what is no day', () => expect(shiftDay('x', 1)).toBe('x'));
});
