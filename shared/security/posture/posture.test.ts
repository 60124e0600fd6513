import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { areaOf } from '../points.ts';
import { closedPaths, postureCheckIds, postureChecks } from './checks.ts';
import { changesSince, countOf, outcomeOf, scheduleMs, verdicts, type PostureResult, type Verdict } from './result.ts';
import { seenKeys, textsOfCheck } from './seen.ts';

const result = (check: PostureResult['check'], verdict: Verdict): PostureResult => ({ check, verdict, seen: { key: 'x', params: {} }, asked: [] });

describe('definitions', () => {
  it.each(['de', 'en'])('have all their texts in %s', (language) => {
    const texts = Object.keys(JSON.parse(readFileSync(new URL(`../../../resources/locales/${language}/security-posture.json`, import.meta.url), 'utf8')) as object);
    expect(postureCheckIds.flatMap(textsOfCheck).filter((key) => !texts.includes(key))).toEqual([]);
    expect(seenKeys.filter((key) => !texts.includes(`seen.${key}`))).toEqual([]);
    expect(verdicts.filter((verdict) => !texts.includes(`verdict.${verdict}`))).toEqual([]);
    expect(texts.filter((key) => key.startsWith('seen.') && !(seenKeys as readonly string[]).includes(key.slice(5)))).toEqual([]);
  });

  it('belong to points of the score, and ask for no paper', () => {
    expect(new Set(Object.values(postureChecks).map(({ point }) => areaOf(point)))).toEqual(new Set(['tls', 'authentication', 'authorisation', 'logging', 'rateLimiting', 'health']));
    expect(closedPaths.filter((path) => path.includes('print'))).toEqual([]);
  });
});

describe('runs', () => {
  it('are counted by what there is to do', () => {
    expect(countOf({ results: [result('csp', 'bad'), result('hsts', 'partly'), result('live', 'good'), result('ready', 'unknown'), result('tlsVersion', 'notApplicable')] })).toEqual({ good: 1, findings: 2, unknown: 1 });
  });

  it('are compared only where both could tell', () => {
    const before = { results: [result('csp', 'bad'), result('hsts', 'good'), result('live', 'unknown'), result('ready', 'good'), result('cors', 'partly')] };
    const now = { results: [result('csp', 'good'), result('hsts', 'partly'), result('live', 'bad'), result('ready', 'unknown'), result('cors', 'partly'), result('clock', 'bad')] };
    const { better, worse } = changesSince(now, before);
    expect(better.map(({ check }) => check)).toEqual(['csp']);
    expect(worse.map(({ check }) => check)).toEqual(['hsts']);
  });

  it('say nothing about a point when they could not tell', () => {
    expect(verdicts.map(outcomeOf)).toEqual(['met', 'partly', 'unmet', null, 'notApplicable']);
    expect([scheduleMs('off'), scheduleMs('daily'), scheduleMs('weekly')]).toEqual([null, 86_400_000, 604_800_000]);
  });
});
