import { expect, it } from 'vitest';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { zero } from '../../../shared/domain/money.ts';
import { oldestFirst, typesOf } from './oldest-first.ts';

const row = (number: string, submittedAt: number | null, changedAt: number | null): ListRow => ({
  type: 'sales_order', number, date: null, partnerName: null, net: zero, gross: zero, status: '', workflow: 'pending', submittedBy: null, submittedAt, changedAt, fetchedAt: 0,
});

it('puts first who has waited longest, and last what has no time', () => {
  expect(oldestFirst([row('none', null, null), row('b', 20, 1), row('changed', null, 15), row('a', 10, 99)]).map(({ number }) => number)).toEqual(['a', 'changed', 'b', 'none']);
});

it('names the document types of a domain', () => {
  expect(typesOf(['purchase'])).toEqual(['purchase_request', 'purchase_offer', 'purchase_order']);
  expect(typesOf([])).toEqual([]);
});
