import { expect, it } from 'vitest';
import { addOnlyHere, countOnlyHere, isAnythingOnlyHere, nothingOnlyHere } from './only-here.ts';

it('counts a document once, however many commands and drafts carry it', () => {
  const order = { key: { type: 'sales_order', number: 'SO-1' } } as const;
  const counted = countOnlyHere([{ state: 'open' }, { state: 'queued' }, { state: 'conflict' }], [order, order, { key: { type: 'sales_offer', number: 'SO-1' } }], ['decision']);
  expect(counted).toEqual({ drafts: 1, documents: 2, decisions: 1 });
  expect(addOnlyHere(counted, counted)).toEqual({ drafts: 2, documents: 4, decisions: 2 });
  expect([counted, nothingOnlyHere, { ...nothingOnlyHere, decisions: 1 }].map(isAnythingOnlyHere)).toEqual([true, false, true]);
});
