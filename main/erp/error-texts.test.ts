import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../shared/ipc/errors.ts';

const texts = (language: 'de' | 'en'): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../resources/locales/${language}/errors.json`, import.meta.url), 'utf8')) as Record<string, string>;
const [german, english] = [texts('de'), texts('en')];
const placeholders = (text = ''): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').toSorted();

describe('error texts', () => {
  it.each(errorCodes)('%s has a text in both languages', (code) => {
    expect(german[code]?.length ?? 0).toBeGreaterThan(15);
    expect(english[code]?.length ?? 0).toBeGreaterThan(15);
  });

  it.each(['guards.state', 'guards.role', 'guards.priceBelowCost', 'guards.totalAboveZero', 'guards.reason', 'guards.segregation'])('%s has a text in both languages', (key) => {
    expect(german[key]).toBeTruthy();
    expect(english[key]).toBeTruthy();
  });

  it('has the same keys and the same values to fill in both languages', () => {
    expect(Object.keys(german)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(german)) expect(placeholders(english[key]), key).toEqual(placeholders(text));
  });
});
