import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeFilters, datePresets, isValidQuery, noFilters, parseFilters, presetRange, statusChoices, toggled, toQuery, withTypes, type ListFilters } from './filters.ts';

const sunday = new Date(2026, 10, 22);
const filters = (more: Partial<ListFilters>): ListFilters => ({ ...noFilters, ...more });

describe('date presets', () => {
  it.each([
    ['today', '2026-11-22', '2026-11-22'], ['week', '2026-11-16', '2026-11-22'], ['month', '2026-11-01', '2026-11-30'], ['lastMonth', '2026-10-01', '2026-10-31'],
    ['quarter', '2026-10-01', '2026-12-31'], ['year', '2026-01-01', '2026-12-31'], ['lastYear', '2025-01-01', '2025-12-31'],
  ] as const)('%s is %s to %s on a Sunday', (preset, from, to) => expect(presetRange(preset, sunday)).toEqual({ from, to }));

  it('crosses years and leap days', () => {
    expect(presetRange('lastMonth', new Date(2024, 2, 31))).toEqual({ from: '2024-02-01', to: '2024-02-29' });
    expect(presetRange('lastMonth', new Date(2026, 0, 1))).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(presetRange('week', new Date(2026, 0, 1))).toEqual({ from: '2025-12-29', to: '2026-01-04' });
  });

  it('always contains today, but for those that look back', () => {
    fc.assert(fc.property(fc.date({ min: new Date(1990, 0, 1), max: new Date(2090, 0, 1), noInvalidDate: true }), fc.constantFrom('today', 'week', 'month', 'quarter', 'year'), (day, preset) => {
      const { from, to } = presetRange(preset, day);
      const today = presetRange('today', day).from;
      expect(from <= today && today <= to).toBe(true);
    }));
  });
});

describe('filters', () => {
  it('ask for nothing they were not told', () => expect(toQuery(noFilters, '  ', sunday)).toEqual({ sort: { by: 'changed', direction: 'desc' } }));

  it('resolve a preset at the time of asking', () => {
    const query = toQuery(filters({ date: { preset: 'today', from: null, to: null } }), '', sunday);
    expect(query).toMatchObject({ dateFrom: '2026-11-22', dateTo: '2026-11-22' });
  });

  it('take an open range', () => {
    const query = toQuery(filters({ date: { preset: 'custom', from: '2026-01-01', to: null } }), '', sunday);
    expect(query).toMatchObject({ dateFrom: '2026-01-01' });
    expect('dateTo' in query).toBe(false);
  });

  it('combine with the text', () => {
    const query = toQuery(filters({ types: ['sales_offer'], statuses: ['ENTWURF'], workflow: ['pending'], partner: { id: 'K-1', label: 'Hof', kind: 'customers' } }), ' raps  ang ', sunday);
    expect(query).toEqual({ sort: noFilters.sort, types: ['sales_offer'], statuses: ['ENTWURF'], workflow: ['pending'], partnerId: 'K-1', text: 'raps  ang' });
  });

  it('never build a query that the contract refuses', () => {
    fc.assert(fc.property(fc.string({ maxLength: 500 }), fc.constantFrom(...datePresets), (text, preset) => {
      expect(isValidQuery(toQuery(filters({ date: { preset, from: null, to: null } }), text, sunday))).toBe(true);
    }));
  });

  it('come back as they were remembered, and harmless when damaged', () => {
    const chosen = filters({ types: ['sales_offer'], date: { preset: 'month', from: null, to: null }, sort: { by: 'gross', direction: 'asc' } });
    expect(parseFilters(JSON.stringify(chosen))).toEqual(chosen);
    expect(parseFilters(JSON.stringify({ ...chosen, types: ['quote'], date: { preset: 'century' } }))).toEqual({ ...chosen, types: [], date: null });
    for (const damaged of ['', '{', '7', 'null', '[]', '{"sort":{"by":"x"}}']) expect(parseFilters(damaged)).toEqual(noFilters);
  });

  it('count what narrows, not the order', () => {
    expect(activeFilters(noFilters)).toBe(0);
    expect(activeFilters(filters({ types: ['sales_offer', 'sales_order'], date: { preset: 'year', from: null, to: null }, sort: { by: 'net', direction: 'asc' } }))).toBe(2);
  });

  it('offer the statuses of the chosen types, and drop the others', () => {
    expect(statusChoices(['sales_offer'])).toEqual(['ENTWURF', 'VERSENDET', 'ANGENOMMEN', 'ABGELEHNT']);
    expect(new Set(statusChoices([])).size).toBe(statusChoices([]).length);
    expect(withTypes(filters({ statuses: ['ENTWURF', 'BEZAHLT'] }), ['sales_offer']).statuses).toEqual(['ENTWURF']);
    expect(withTypes(filters({ statuses: ['ENTWURF', 'BEZAHLT'] }), []).statuses).toEqual(['ENTWURF', 'BEZAHLT']);
  });

  it('toggle', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });
});
