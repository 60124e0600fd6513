import { expect, it } from 'vitest';
import { locateText } from './errors.ts';

it.each([
  ['errors.server.badRequest', 'errors', 'server.badRequest'],
  ['guards.priceBelowCost', 'errors', 'guards.priceBelowCost'],
  ['documents.problem.noPartner', 'documents', 'problem.noPartner'],
  ['bare', 'common', 'bare'],
])('finds the text to %s', (messageKey, ns, key) => {
  expect(locateText(messageKey)).toEqual({ ns, key });
});
