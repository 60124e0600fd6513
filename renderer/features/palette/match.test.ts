import { expect, it } from 'vitest';
import { rank, score } from './match.ts';

const titles = (entries: { title: string }[]): string[] => entries.map(({ title }) => title);
const commands = ['Gehe zu: Übersicht', 'Gehe zu: Belege', 'Neuer Beleg', 'Abmelden'].map((title) => ({ title }));

it('keeps everything in its order while nothing is typed', () => expect(titles(rank(commands, ' '))).toEqual(titles(commands)));
it('wants every word, in any order and without accents', () => {
  expect(titles(rank(commands, 'ubersicht gehe'))).toEqual(['Gehe zu: Übersicht']);
  expect(rank(commands, 'gehe xyz')).toEqual([]);
});
it('puts the beginning of a title before the beginning of a word, and that before the middle of one', () => {
  expect(titles(rank(commands, 'bel'))).toEqual(['Gehe zu: Belege', 'Neuer Beleg']);
  expect(score('Belege', 'bel')).toBeGreaterThan(score('Gehe zu: Belege', 'bel'));
  expect(score('Gehe zu: Belege', 'bel')).toBeGreaterThan(score('Abmelden', 'meld'));
});
