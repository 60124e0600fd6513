import { describe, expect, it } from 'vitest';
import { everything } from '../../../shared/domain/audit.ts';
import { logAddress } from '../../app/addresses.ts';
import { boundsOf, dayOf, filterFrom, isSameFilter } from './filter.ts';

it('reads a remembered filter, also of an earlier version, and everything from what is none', () => {
  expect(filterFrom(JSON.stringify({ ...everything, actor: 'anna', hours: 'outside' }))).toEqual({ ...everything, actor: 'anna', hours: 'outside' });
  const { role: _role, hours: _hours, ...earlier } = everything;
  expect(filterFrom(JSON.stringify({ ...earlier, action: 'login' }))).toEqual({ ...everything, action: 'login' });
  for (const broken of ['', '{', '[]', '{"actor":5}']) expect(filterFrom(broken)).toEqual(everything);
});

it('tells filters apart by every part of them', () => {
  expect(isSameFilter(everything, { ...everything })).toBe(true);
  for (const change of [{ actor: 'a' }, { role: 'a' }, { hours: 'outside' as const }, { from: 1 }, { to: 1 }, { text: 'a' }, { correlationId: 'a' }]) expect(isSameFilter(everything, { ...everything, ...change })).toBe(false);
});

it('addresses the log with what is to be seen in it', () => {
  expect(logAddress({ resource: 'sales/SO-1' })).toBe('/audit?resource=sales%2FSO-1');
  expect(logAddress({ index: 7 })).toBe('/audit?index=7');
});

describe('days of a filter', () => {
  it('are whole, local, and open where none is named', () => {
    const bounds = boundsOf({ from: '2026-03-02', to: '2026-03-02' });
    expect(bounds).toEqual({ from: new Date(2026, 2, 2).getTime(), to: new Date(2026, 2, 3).getTime() - 1 });
    expect([dayOf(bounds?.from ?? null), dayOf(bounds?.to ?? null), dayOf(null)]).toEqual(['2026-03-02', '2026-03-02', null]);
    expect(boundsOf({ from: null, to: null })).toEqual({ from: null, to: null });
    expect(boundsOf({ from: '2026-03-03', to: '2026-03-02' })).toBeNull();
  });
});
