import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, indexWords, queryWords, sortKey } from './text.ts';

describe('fold', () => {
  it.each([['Müller', 'Mueller'], ['Müller', 'Muller'], ['Straße', 'STRASSE'], ['Groß', 'gross'], ['Böhm', 'Boehm'], ['Schäfer', 'schaefer'], ['Café', 'cafe']])(
    'finds %s as %s', (one, other) => { expect(fold(one)).toBe(fold(other)); },
  );

  it('keeps different names apart', () => {
    expect(fold('Maier')).not.toBe(fold('Meier'));
    expect(fold('Weizen')).not.toBe(fold('Weiden'));
  });

  it('makes the form of every beginning a beginning of the form, so that type-ahead never loses a hit', () => {
    const letters = fc.array(fc.constantFrom(...'aeoußäöüÄrst -'.split('')), { maxLength: 20 });
    fc.assert(fc.property(letters, fc.nat(20), (word, length) => fold(word.join('')).startsWith(fold(word.slice(0, length).join('')))));
  });
});

describe('indexWords', () => {
  it('makes every part of a number a word, also without leading zeros', () => {
    expect(indexWords(['SO-2024-00123']).toSorted()).toEqual(['00123', '123', '2024', 'so']);
  });

  it('names each word once and skips what is empty', () => {
    expect(indexWords(['Hof Müller', null, '', 'müller & Söhne'])).toEqual(['hof', 'muller', 'sohne']);
  });

  it('yields only letters and digits, which need no escaping in a search expression', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => queryWords(text).every((word) => /^[\p{L}\p{N}]+$/u.test(word))));
  });
});

describe('sortKey', () => {
  it('orders as DIN 5007-1: umlauts with their vowels', () => {
    expect(['Zorn', 'Äpfel', 'Apfel', 'Ober', 'Öl'].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))).toEqual(['Äpfel', 'Apfel', 'Ober', 'Öl', 'Zorn']);
  });
});
