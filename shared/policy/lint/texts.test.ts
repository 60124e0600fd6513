import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { changeKinds } from '../compare.ts';
import { lintIds } from './index.ts';

it.each(['de', 'en'])('every finding and every kind of change has its words in %s', (language) => {
  const texts = JSON.parse(readFileSync(new URL(`../../../resources/locales/${language}/policies.json`, import.meta.url), 'utf8')) as Record<string, string>;
  const wanted = [...lintIds.flatMap((id) => [`lint.${id}`, `lint.${id}.why`]), ...changeKinds.map((kind) => `kind.${kind}`)];
  expect(wanted.filter((key) => !(key in texts))).toEqual([]);
  const found = new Set(Object.keys(texts).filter((key) => key.startsWith('lint.') && key.endsWith('.why')).map((key) => key.slice(5, -4)));
  expect([...found].filter((id) => !(lintIds as readonly string[]).includes(id))).toEqual([]);
});
