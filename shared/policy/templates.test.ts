import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { automationAdded } from './compare.ts';
import { lint } from './lint/index.ts';
import { ruleTemplates } from './templates.ts';
import { ruleSchema } from './rule.ts';

describe('templates', () => {
  it.each(ruleTemplates)('$id is a rule without error or risk, which does nothing by itself', ({ rule }) => {
    expect(ruleSchema.parse(rule)).toEqual(rule);
    expect(lint([rule]).filter(({ level }) => level !== 'hint')).toEqual([]);
    expect(automationAdded([], [rule])).toEqual([]);
  });

  it('have ids of their own, and words in both languages', () => {
    expect(new Set(ruleTemplates.flatMap(({ id, rule }) => [id, rule.id])).size).toBe(2 * ruleTemplates.length);
    for (const language of ['de', 'en']) {
      const texts = JSON.parse(readFileSync(new URL(`../../resources/locales/${language}/policies.json`, import.meta.url), 'utf8')) as Record<string, string>;
      expect(ruleTemplates.flatMap(({ id }) => [`template.${id}`, `template.${id}.hint`]).filter((key) => !(key in texts))).toEqual([]);
    }
  });
});
