import { describe, expect, it } from 'vitest';
import type { Review } from '../../../shared/security/review/finding.ts';
import { reviewEvidence } from './index.ts';

const day = 86_400_000;
const now = 1000 * day;
const review = (more: Partial<Review> = {}): Review => ({
  id: '0f8fad5b-d9cb-469f-a165-70867728950e', from: now - 40 * day, to: now - 10 * day, createdAt: now, createdBy: 'eva', log: { kind: 'signed', origin: 'o', size: 9, verified: null, root: '' }, entries: 9, actors: 1, findings: [], cut: 0, finished: null, ...more,
});
const said = (more: Partial<Review> = {}) => reviewEvidence(review(more), { at: now, by: 'eva' });

describe('a review as evidence', () => {
  it('is as old as the end of its period, so that an older one that is made later undoes nothing', () => {
    expect(said()).toMatchObject({ at: now - 10 * day, expiresAt: now + 34 * day, outcome: 'met' });
    const log = { kind: 'signed' as const, origin: 'o', size: 9, root: '', verified: { size: 9, at: now - 15 * day } };
    expect(said({ log }), 'or as what had been read').toMatchObject({ at: now - 15 * day });
    expect(said({ to: now + day }), 'a period that is not over yet').toMatchObject({ at: now });
  });

  it('is the word of whoever has made it', () => {
    expect(said()).toMatchObject({ source: 'attested', by: 'eva' });
  });

  it('is nothing about nothing, and half of one where something was left out', () => {
    expect(said({ entries: 0 })).toBeNull();
    for (const kind of ['unread', 'unverified', 'journalBroken'] as const) {
      const finding = { kind, actor: '', subject: '', count: 1, first: 0, last: 0, indexes: [], filter: null, id: kind, decision: { verdict: 'accepted' as const, note: '', at: now, by: 'eva' } };
      expect(said({ findings: [finding] }), `${kind}, whatever a person accepts`).toMatchObject({ outcome: 'partly' });
    }
    expect(said({ cut: 3 })).toMatchObject({ outcome: 'partly', params: { cut: '3' } });
  });
});
