import { expect, it } from 'vitest';
import { typesOf } from './waiting.ts';

it('names the document types of a domain', () => {
  expect(typesOf(['purchase'])).toEqual(['purchase_request', 'purchase_offer', 'purchase_order']);
  expect(typesOf([])).toEqual([]);
});
