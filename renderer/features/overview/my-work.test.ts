import { describe, expect, it } from 'vitest';
import type { DraftSummary } from '../../../shared/domain/draft.ts';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { zero } from '../../../shared/domain/money.ts';
import { changedSince, outboxLines, sortDrafts } from './my-work.ts';

it('names of the outbox only what there is, what needs a person first', () => {
  expect(outboxLines(null)).toEqual([]);
  expect(outboxLines({ waiting: 0, sending: 0, rejected: 0, conflicts: 0, decisions: 0, oldestAt: null })).toEqual([]);
  expect(outboxLines({ waiting: 2, sending: 1, rejected: 0, conflicts: 4, decisions: 1, oldestAt: 1 })).toEqual([{ part: 'conflicts', count: 4 }, { part: 'decisions', count: 1 }, { part: 'waiting', count: 3 }]);
});

it('sorts drafts by what they need, then by their last change', () => {
  const draft = (state: DraftSummary['state'], savedAt: number): DraftSummary => ({ id: String(savedAt), state, type: 'sales_order', number: '', numberProvisional: false, isNew: true, partnerName: null, lineCount: 0, gross: zero, createdAt: 0, savedAt });
  expect(sortDrafts([draft('queued', 9), draft('open', 1), draft('open', 5), draft('conflict', 2), draft('rejected', 3)]).map(({ savedAt }) => savedAt)).toEqual([2, 3, 5, 1, 9]);
});

describe('what changed since the last visit', () => {
  const row = (changedAt: number | null): ListRow => ({ type: 'sales_order', number: 'SO-1', date: null, partnerName: null, net: zero, gross: zero, status: '', workflow: null, submittedBy: null, submittedAt: null, changedAt, fetchedAt: 0 });
  it('is counted among the rows that are shown', () => expect(changedSince([row(30), row(20), row(null), row(5)], 10)).toEqual({ count: 2, isMore: false }));
  it('may be more than is shown', () => expect(changedSince([row(30), row(20)], 10)).toEqual({ count: 2, isMore: true }));
  it('is nothing at a first visit', () => expect(changedSince([row(30)], null)).toEqual({ count: 0, isMore: false }));
});
