import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diagnosticCauses, diagnosticFacts, diagnosticStepIds } from './diagnostics.ts';

/** What needs no advice: there is nothing to mend. */
const explains = ['notBefore', 'loopbackOnly', 'clockUntold'];

it.each(['de', 'en'])('has its texts in %s', (language) => {
  const texts = Object.keys(JSON.parse(readFileSync(new URL(`../../resources/locales/${language}/diagnostics.json`, import.meta.url), 'utf8')) as object);
  const wanted = [...diagnosticStepIds.map((id) => `step.${id}`), ...diagnosticCauses.map((cause) => `cause.${cause}`), ...diagnosticCauses.filter((cause) => !explains.includes(cause)).map((cause) => `todo.${cause}`), ...diagnosticFacts.map((fact) => `fact.${fact}`)];
  expect(wanted.filter((key) => !texts.includes(key))).toEqual([]);
});
