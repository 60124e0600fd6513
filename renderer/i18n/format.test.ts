import { describe, expect, it } from 'vitest';
import { createFormat } from './format.ts';

const de = createFormat('de');
const en = createFormat('en');
/** Intl separates number and sign by a no-break space. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');
const noon = new Date(2026, 10, 22, 12, 0).getTime();
const minutes = (count: number): number => count * 60_000;

describe('amounts', () => {
  it('are written as the language writes them', () => {
    expect(plain(de.money('1234.5'))).toBe('1.234,50 €');
    expect(plain(en.money('1234.5'))).toBe('€1,234.50');
    expect(plain(de.money('-0.1'))).toBe('-0,10 €');
  });

  it('stay exact where a float would not', () => {
    expect(de.amount('123456789012345.67')).toBe('123.456.789.012.345,67');
    expect(de.decimal('0.1234567891')).toBe('0,1234567891');
  });

  it('keep the digits that were typed and fill up to the asked ones', () => {
    expect(de.decimal('12')).toBe('12');
    expect(de.decimal('12', { min: 2 })).toBe('12,00');
    expect(de.decimal('12.125', { min: 2 })).toBe('12,125');
  });
});

describe('days and times', () => {
  it('show a day of the calendar without shifting it by the time zone', () => {
    expect(de.date('2026-01-01')).toBe('01.01.2026');
    expect(en.date('2026-12-31')).toBe('31/12/2026');
    expect(de.date('not a day')).toBe('not a day');
  });

  it('leave the date away on the same day only', () => {
    expect(de.moment(noon - minutes(78), noon)).toBe('10:42');
    expect(de.moment(noon - minutes(60 * 24), noon)).toContain('21.11.2026');
  });

  it('say how long ago in the largest whole unit', () => {
    expect(de.relative(noon - 30_000, noon)).toBe('jetzt');
    expect(de.relative(noon - minutes(5), noon)).toBe('vor 5 Minuten');
    expect(de.relative(noon - minutes(60 * 24 * 3 + 100), noon)).toBe('vor 3 Tagen');
    expect(en.relative(noon - minutes(60 * 2), noon)).toBe('2 hours ago');
  });
});
