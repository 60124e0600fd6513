import { describe, expect, it } from 'vitest';
import { periodOf } from './period.ts';

const local = (text: string): number => new Date(text).getTime();
const none = { from: null, to: null };

describe('the period of a review', () => {
  it('is whole days of local time', () => {
    const now = local('2026-03-15T10:30:00');
    expect(periodOf('week', none, now)).toEqual({ from: local('2026-03-08T00:00:00'), to: now });
    expect(periodOf('month', none, now)).toEqual({ from: local('2026-02-01T00:00:00'), to: local('2026-03-01T00:00:00') - 1 });
    expect(periodOf('month', none, local('2026-01-10T10:00:00'))).toEqual({ from: local('2025-12-01T00:00:00'), to: local('2026-01-01T00:00:00') - 1 });
    expect(periodOf('own', { from: '2026-03-01', to: '2026-03-01' }, now)).toEqual({ from: local('2026-03-01T00:00:00'), to: local('2026-03-02T00:00:00') - 1 });
  });
  it('is none where the days are missing or turned around', () => {
    expect(periodOf('own', none, 0)).toBeNull();
    expect(periodOf('own', { from: '2026-03-02', to: '2026-03-01' }, 0)).toBeNull();
  });
});
