import { expect, it } from 'vitest';
import type { SyncState } from '../../../shared/domain/connection.ts';
import { cachedDocuments, isFirstPull } from './cache-facts.ts';

const sync = (more: Partial<SyncState>): SyncState => ({ status: 'idle', done: 0, expected: 0, finishedAt: null, error: null, perSecond: null, remainingMs: null, unreadable: { count: 0, first: [] }, cached: 0, ...more });

it('counts what a first pull has read, and does not warn about an age it cannot have', () => {
  expect(isFirstPull(sync({ status: 'pulling' }))).toBe(true);
  expect(cachedDocuments(sync({ status: 'pulling', done: 40, expected: 100 }))).toBe(40);
});

it('counts the cache in a later pull, which reads only what changed', () => {
  const later = sync({ status: 'pulling', done: 3, finishedAt: 1, cached: 2000 });
  expect(isFirstPull(later)).toBe(false);
  expect(cachedDocuments(later)).toBe(2000);
  expect(cachedDocuments(null)).toBe(0);
});
