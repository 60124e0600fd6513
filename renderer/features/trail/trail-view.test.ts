import { describe, expect, it } from 'vitest';
import type { TrailEntry } from '../../../shared/domain/document.ts';
import { gapsOf, momentOf, newestFirst } from './trail-view.ts';

const at = Date.UTC(2026, 10, 22);
const entry = (more: Partial<TrailEntry>): TrailEntry => ({ seq: null, at, user: null, action: 'submit', from: null, to: null, reason: null, policy: null, correlationId: null, hash: null, accepted: true, ...more });

describe('trail', () => {
  it('stands newest first, and keeps the order of one second', () => {
    const entries = [entry({ action: 'submit' }), entry({ action: 'approve' }), entry({ action: 'post', at: at + 1000 })];
    expect(newestFirst(entries).map((one) => one.action)).toEqual(['post', 'approve', 'submit']);
    expect(entries.map((one) => one.action)).toEqual(['submit', 'approve', 'post']);
  });
  it('believes sequence numbers more than the order of the answer', () => {
    expect(newestFirst([entry({ seq: 9, action: 'post' }), entry({ seq: 8, action: 'approve' })]).map((one) => one.seq)).toEqual([9, 8]);
  });
  it('does not show a missing time as 1970', () => expect([momentOf(entry({ at: 0 })), momentOf(entry({}))]).toEqual([null, at]));
  it('knows what this server never says', () => {
    expect(gapsOf([entry({}), entry({ user: 'anna' })])).toEqual({ user: false, reason: true, hash: true });
    expect(gapsOf([])).toEqual({ user: false, reason: false, hash: false });
  });
});
