import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { postureCheckIds } from '../posture/checks.ts';
import { checklistSchema, evidenceOfCampaigns, evidenceOfList, lackOfAnswer, noAnswer, progressOf, resultId, standingsOf, type Campaign, type Checklist, type Result } from './list.ts';

const folder = join(import.meta.dirname, '../../../resources/security/checklists');
const lists = readdirSync(folder).map((file) => checklistSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
const day = 86_400_000;
const list: Checklist = {
  id: 'x', kind: 'deployment', version: 1, title: { de: 'X', en: 'X' }, scope: { de: 's', en: 's' },
  feeds: [{ point: 'containers.hardening', items: ['a', 'b'], expiresDays: 10 }],
  items: [{ id: 'a', ref: '', text: { de: 'a', en: 'a' } }, { id: 'b', ref: '', text: { de: 'b', en: 'b' } }, { id: 'c', ref: '', text: { de: 'c', en: 'c' }, points: ['tls.hsts', 'tls.cors'] }],
};
const result = (item: string, more: Partial<Result> = {}): Result => ({ ...noAnswer, state: 'done', owner: 'Betrieb', evidence: 'Bericht 12', note: 'siehe Bericht', list: 'x', item, updatedAt: 5 * day, updatedBy: 'admin', version: null, isPending: false, mine: null, ...more });
const byId = (...results: Result[]): Map<string, Result> => new Map(results.map((one) => [resultId(one), one]));

describe('an answer', () => {
  it('names somebody, and what it can be seen by; one that does not apply says why', () => {
    for (const state of ['done', 'partly'] as const) {
      expect(lackOfAnswer({ ...noAnswer, state })).toBe('owner');
      expect(lackOfAnswer({ ...noAnswer, state, owner: 'IT', evidence: ' ' })).toBe('evidence');
      expect(lackOfAnswer({ ...noAnswer, state, owner: 'IT', evidence: 'Bericht' })).toBeNull();
    }
    expect(lackOfAnswer({ ...noAnswer, state: 'notApplicable', owner: 'IT', evidence: 'x' })).toBe('note');
    expect(lackOfAnswer({ ...noAnswer, state: 'notApplicable', note: 'kein Container' })).toBeNull();
    expect(lackOfAnswer(noAnswer)).toBeNull();
  });
  it('from a server that has it without counts half, and takes nothing out of the score', () => {
    const outcome = (...results: Result[]): unknown => evidenceOfList(list, byId(...results)).evidence[0]?.outcome;
    expect(outcome(result('a'), result('b'))).toBe('met');
    expect(outcome(result('a'), result('b', { owner: '' }))).toBe('partly');
    expect(outcome(result('a', { evidence: '' }), result('b', { evidence: '' }))).toBe('partly');
    expect(outcome(result('a'), result('b', { state: 'notApplicable' }))).toBe('met');
    expect(outcome(result('a'), result('b', { state: 'notApplicable', note: '' }))).toBe('partly');
  });
});

describe('the lists that come along', () => {
  it('have ids of their own, and say in their scope how many items they have', () => {
    expect(lists.map(({ id }) => id).toSorted()).toEqual(['asvs', 'awareness', 'iso27001', 'nis2', 'post-deployment', 'pre-deployment']);
    for (const { items, scope } of lists) {
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
      for (const text of [scope.de, scope.en]) expect(text.startsWith(`${items.length} `)).toBe(true);
    }
  });
  it('name of ASVS only levels 1 and 2, and only the chapters that the scope names', () => {
    const asvs = lists.find(({ id }) => id === 'asvs');
    const chapters = new Set(asvs?.items.map(({ ref }) => Number(/^V(\d+)\./.exec(ref)?.[1])));
    expect([...chapters].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16]);
    expect(asvs?.items.every(({ level }) => level === 1 || level === 2)).toBe(true);
  });
  it('have the numbers and levels of ASVS 5.0.0 itself, and say how many of them they leave out', () => {
    const { sections } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/fixtures/asvs-5.0.0-levels.json'), 'utf8')) as { sections: Record<string, string> };
    const official = new Map<string, number>(Object.entries(sections).flatMap(([section, levels]) => levels.split('').map((level, at) => [`V${section}.${at + 1}`, Number(level)] as const)));
    // What the standard says about itself.
    expect([1, 2, 3].map((level) => [...official.values()].filter((one) => one === level).length)).toEqual([70, 183, 92]);
    const asvs = lists.find(({ id }) => id === 'asvs');
    expect(asvs?.items.filter(({ id, ref, level }) => official.get(ref) !== level || id !== ref.toLowerCase()).map(({ ref }) => ref)).toEqual([]);
    for (const text of [asvs?.scope.de, asvs?.scope.en]) expect(text).toContain(String([...official.values()].filter((level) => level <= 2).length));
  });
  it('are proven by checks that there are, and by no point that is only a hint', () => {
    for (const { items } of lists) {
      for (const { points = [], origins = [], hints = [] } of items) {
        for (const origin of origins) expect(postureCheckIds.map((check) => `posture.${check}`)).toContain(origin);
        expect(points.filter((point) => hints.includes(point))).toEqual([]);
      }
    }
  });
  it('feed points from items that exist', () => {
    for (const { feeds = [], items } of lists) for (const feed of feeds) for (const item of feed.items) expect(items.map(({ id }) => id)).toContain(item);
  });
});

describe('an item', () => {
  it('is settled by an answer, or by the score when nobody has answered', () => {
    const seen = standingsOf(list, byId(result('a'), result('b', { state: 'partly' })), new Set(['tls.hsts', 'tls.cors'] as const), '2026-01-10');
    expect(seen.map(({ isSettled, isProven }) => `${isSettled} ${isProven}`)).toEqual(['true false', 'false false', 'true true']);
    expect(progressOf(seen)).toEqual({ settled: 2, of: 3, overdue: 0 });
    expect(standingsOf(list, new Map(), new Set(['tls.hsts'] as const), '2026-01-10')[2]).toMatchObject({ isSettled: false, isProven: false });
  });
  it('is settled by the one check that is about it, and never by a hint', () => {
    const one = (more: Partial<Checklist['items'][number]>): Checklist => ({ ...list, items: [{ id: 'a', ref: '', text: { de: 'a', en: 'a' }, ...more }] });
    const settled = (of: Checklist, ...proven: string[]): boolean | undefined => standingsOf(of, new Map(), new Set(proven), '2026-01-10')[0]?.isSettled;
    expect(settled(one({ hints: ['tls.headers'], origins: ['posture.nosniff'] }), 'posture.nosniff')).toBe(true);
    expect(settled(one({ hints: ['tls.headers'], origins: ['posture.nosniff'] }), 'tls.headers')).toBe(false);
    expect(settled(one({ hints: ['tls.headers'] }), 'tls.headers')).toBe(false);
  });
  it('is overdue from the day after its due day, and never once settled', () => {
    const overdue = (due: string, state: Result['state'] = 'open'): boolean | undefined => standingsOf(list, byId(result('a', { due, state })), new Set(), '2026-01-10')[0]?.isOverdue;
    expect([overdue('2026-01-10'), overdue('2026-01-09'), overdue('2026-01-09', 'done')]).toEqual([false, true, false]);
  });
});

describe('evidence of a list', () => {
  it('is silent while nothing was answered, partly met on the way, met at the end', () => {
    expect(evidenceOfList(list, new Map())).toEqual({ evidence: [], silent: ['containers.hardening'] });
    expect(evidenceOfList(list, byId(result('a'))).evidence[0]).toMatchObject({ outcome: 'partly', source: 'attested' });
    expect(evidenceOfList(list, byId(result('a'), result('b'))).evidence[0]).toMatchObject({ outcome: 'met' });
    expect(evidenceOfList(list, byId(result('a', { state: 'notApplicable' }), result('b', { state: 'notApplicable' }))).evidence[0]).toMatchObject({ outcome: 'notApplicable' });
    expect(evidenceOfList(list, byId(result('a', { state: 'notApplicable' }))).evidence[0]).toMatchObject({ outcome: 'unmet' });
  });
  it('expires with its oldest answer', () => {
    expect(evidenceOfList(list, byId(result('a', { updatedAt: 2 * day }), result('b', { updatedAt: 9 * day, updatedBy: 'other' }))).evidence[0]).toMatchObject({ at: 9 * day, expiresAt: 12 * day, by: 'other' });
  });
});

describe('evidence of campaigns', () => {
  const campaign = (kind: Campaign['kind'], counted: number, heldOn = '2026-01-05'): Campaign => ({ id: crypto.randomUUID(), kind, title: 't', heldOn, invited: 100, counted, reported: 0, note: '' });
  const outcome = (...campaigns: Campaign[]): string[] => evidenceOfCampaigns(campaigns, Date.UTC(2026, 1, 1), 'admin').evidence.map((one) => `${one.point} ${one.outcome}`);
  it('judges participation and clicks at their limits', () => {
    expect([90, 89, 50, 49].map((counted) => outcome(campaign('training', counted))[0]?.split(' ')[1])).toEqual(['met', 'partly', 'partly', 'unmet']);
    expect([10, 11, 25, 26].map((counted) => outcome(campaign('phishing', counted))[0]?.split(' ')[1])).toEqual(['met', 'partly', 'partly', 'unmet']);
  });
  it('takes the newest that was held, and none that is yet to come', () => {
    expect(outcome(campaign('phishing', 50), campaign('phishing', 5, '2026-01-20'), campaign('phishing', 90, '2027-01-01'))).toEqual(['humanLayer.phishing met']);
    expect(evidenceOfCampaigns([], 0, 'admin').silent).toEqual(['humanLayer.awareness', 'humanLayer.phishing']);
  });
});
