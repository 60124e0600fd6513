import { describe, expect, it } from 'vitest';
import type { Interval } from '../metrics/interval.ts';
import { byUrgency, defaultLocalRules, localAlerts, localRulesSchema, matcherText, watchedAt, type FiredAlert, type LocalRules } from './alert.ts';

const minute = 60_000;
const now = 1_790_000_000_000;
const at = (minutesAgo: number, errors: number, good = 100 - errors, slow = 0): Interval => ({
  from: now - (minutesAgo + 1) * minute, to: now - minutesAgo * minute, requests: { '2xx': good, '5xx': errors }, requestsBasis: 'live',
  durations: { '0.5': 100 - slow, '5': 100, '+Inf': 100 }, durationsBasis: 'live', transitions: null, streams: null, print: null,
});
const ids = (intervals: Interval[], rules: Partial<LocalRules> = {}, readiness: Parameters<typeof localAlerts>[1]['readiness'] = null): string[] =>
  localAlerts({ ...defaultLocalRules, ...rules }, { intervals, readiness }, now).map(({ name }) => name);

describe('local rules', () => {
  it('fire over the share of errors in five minutes, and not at it', () => {
    expect(ids([at(3, 6), at(2, 6), at(1, 6)])).toEqual(['errorRate']);
    expect(ids([at(3, 5), at(2, 5), at(1, 5)])).toEqual([]);
    expect(ids([at(1, 6)], { errorRate: null })).toEqual([]);
    expect(ids([at(1, 6)], { errorRate: 0.1 })).toEqual([]);
  });
  it('say nothing about a handful of requests, and nothing about long ago', () => {
    expect(ids([at(1, 5, 5)])).toEqual([]);
    expect(ids([at(20, 90)])).toEqual([]);
    expect(ids([])).toEqual([]);
  });
  it('know whether anything was watched at all', () => {
    expect(watchedAt([], now)).toBeNull();
    expect(watchedAt([at(20, 0)], now)).toBeNull();
    expect(watchedAt([at(20, 0), at(3, 0), at(1, 0)], now)).toBe(now - minute);
    // A clock that was set back leaves looks from the future.
    expect(watchedAt([at(1, 0), at(-10, 0)], now)).toBe(now - minute);
  });
  it('know since when', () => {
    const [alert] = localAlerts(defaultLocalRules, { intervals: [at(4, 0), at(3, 20), at(2, 20), at(1, 20)], readiness: null }, now);
    expect(alert).toMatchObject({ since: now - 4 * minute, severity: 'critical', origin: 'local', labels: { value: '0.15', limit: '0.05' } });
  });
  it('fire on slow answers', () => {
    expect(ids([at(1, 0, 100, 10)])).toEqual(['latency']);
    expect(ids([at(1, 0, 100, 4)])).toEqual([]);
    expect(ids([at(1, 0, 100, 10)], { latency: 5 })).toEqual([]);
  });
  it('fire on a server that was ready once', () => {
    const state = { isReady: false, since: now - minute, at: now, wasEverReady: true };
    expect(ids([], {}, state)).toEqual(['notReady']);
    expect(ids([], {}, { ...state, wasEverReady: false })).toEqual([]);
    expect(ids([], {}, { ...state, isReady: true })).toEqual([]);
    expect(ids([], {}, { ...state, at: now - 60 * minute })).toEqual([]);
    expect(ids([], { notReady: false }, state)).toEqual([]);
  });
  it.each([{ errorRate: 0 }, { errorRate: 1.1 }, { latency: 0 }, { latency: 1000 }])('take no threshold %j', (change) => expect(localRulesSchema.safeParse({ ...defaultLocalRules, ...change }).success).toBe(false));
});

it('puts what fires and hurts first', () => {
  const alert = (id: string, severity: string, state: FiredAlert['state'], since: number): FiredAlert => ({ id, origin: 'alertmanager', name: id, severity, state, since, labels: {}, annotations: {}, silencedBy: [] });
  expect([alert('a', 'critical', 'silenced', 9), alert('b', 'warning', 'firing', 1), alert('c', 'warning', 'firing', 2), alert('d', '', 'firing', 9), alert('e', 'critical', 'firing', 0)].toSorted(byUrgency).map(({ id }) => id)).toEqual(['e', 'c', 'b', 'd', 'a']);
});

it.each([[true, false, 'a="b\\"c"'], [true, true, 'a=~"b\\"c"'], [false, false, 'a!="b\\"c"'], [false, true, 'a!~"b\\"c"']])('writes matchers', (isEqual, isRegex, text) => {
  expect(matcherText({ name: 'a', value: 'b"c', isEqual, isRegex })).toBe(text);
});
