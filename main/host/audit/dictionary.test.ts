import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortKey } from '../text.ts';
import { Dictionary } from './dictionary.ts';

const found = (dictionary: Dictionary, word: string): number[] => {
  const codes: number[] = [];
  dictionary.each(word, (code) => codes.push(code));
  return codes;
};

describe('Dictionary', () => {
  it('finds a word in exactly the texts that hold it, also in those that came later', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'Ä', 'ß', '\n', ' ', '🌾'), maxLength: 6 });
    fc.assert(fc.property(fc.array(letters, { maxLength: 20 }), fc.array(letters, { maxLength: 20 }), fc.string({ unit: fc.constantFrom('a', 'b', 's', '🌾'), minLength: 1, maxLength: 3 }), (first, later, word) => {
      const dictionary = new Dictionary();
      const texts = [''];
      for (const part of [first, later]) {
        for (const text of part) { dictionary.learn(texts.length, text); texts.push(text); }
        expect(found(dictionary, word)).toEqual(texts.flatMap((text, code) => (sortKey(text).includes(word) ? [code] : [])));
      }
    }), { numRuns: 400 });
  });

  it('knows texts by their number and numbers by their text', () => {
    const dictionary = new Dictionary();
    dictionary.learn(1, 'admin');
    expect([dictionary.size, dictionary.text(1), dictionary.text(0), dictionary.text(9), dictionary.codeOf('admin'), dictionary.codeOf('Admin')]).toEqual([2, 'admin', '', '', 1, undefined]);
    expect(found(dictionary, 'x')).toEqual([]);
  });
});
