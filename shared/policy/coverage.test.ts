import { describe, expect, it } from 'vitest';
import { anyRule, randomFrom } from '../../test/fixtures/policy-random.ts';
import { branchesOf, branchTaken, coverage } from './coverage.ts';
import { RuleSet } from './engine.ts';
import { ruleSchema, severities, type Rule } from './rule.ts';
import { minutesPerWeek, momentOfWeek } from './time.ts';

const rule = (id: string, more: Partial<Rule> = {}): Rule => ruleSchema.parse({ id, when: { kpiId: 'k', severity: ['warn'] }, action: 'sales.notify', ...more });
const ways = (...rules: Rule[]): string[] => branchesOf(new RuleSet(rules)).map(({ ruleId, severity, way }) => `${ruleId} ${severity} ${way}`);

describe('the ways through a rule', () => {
  it('are one where nothing is asked', () => {
    expect(ways(rule('a'))).toEqual(['a warn free']);
  });

  it('part at the window, unless it covers the week or nothing', () => {
    expect(ways(rule('a', { window: { days: [1], start: '08:00', end: '17:00' } }))).toEqual(['a warn outside', 'a warn free']);
    expect(ways(rule('a', { window: { days: [0, 1, 2, 3, 4, 5, 6], start: '00:00', end: '23:59' } }))).toEqual(['a warn free']);
    expect(ways(rule('a', { window: { days: [1], start: '22:00', end: '05:00' } }))).toEqual(['a warn outside']);
  });

  it('part at the approval, by role and by bypass', () => {
    expect(ways(rule('a', { when: { kpiId: 'k', severity: ['warn', 'crit'] }, approval: { required: true, roles: ['manager'], bypassIfSeverity: 'crit' } }))).toEqual(['a warn held', 'a warn notHeld', 'a crit bypassed']);
    expect(ways(rule('a', { approval: { required: true } }))).toEqual(['a warn notHeld']);
  });

  it('leave out what an earlier rule keeps', () => {
    expect(ways(rule('a'), rule('b'))).toEqual(['a warn free']);
  });
});

it('is complete and reachable: each example takes its way, and no alert of a whole week takes another', () => {
  const random = randomFrom(7);
  for (let round = 0; round < 30; round++) {
    const set = new RuleSet(Array.from({ length: 4 }, (_, at) => ({ ...anyRule(random), id: `r${at}`, when: { kpiId: random.pick(['a', 'b']), severity: random.some(severities) } })));
    const kpiOf = new Map(set.rules.map(({ id, when }) => [id, when.kpiId]));
    const known = new Set<string>();
    const unknown: unknown[] = [];
    for (const { ruleId, severity, way, example } of branchesOf(set)) {
      expect(branchTaken(set, { kpiId: kpiOf.get(ruleId) ?? '', severity, roles: example.roles, ...example.moment })).toEqual({ ruleId, severity, way });
      known.add(JSON.stringify({ ruleId, severity, way }));
    }
    for (let minute = 0; minute < minutesPerWeek; minute += 7) {
      for (const kpiId of ['a', 'b']) for (const severity of severities) for (const roles of [[], ['admin', 'manager', 'operator']]) {
        const taken = branchTaken(set, { kpiId, severity, roles, ...momentOfWeek(minute) });
        if (taken !== null && !known.has(JSON.stringify(taken))) unknown.push(taken);
      }
    }
    expect(unknown).toEqual([]);
  }
});

it('counts what the alerts reach', () => {
  const set = new RuleSet([rule('a', { approval: { required: true, roles: ['manager'] } })]);
  const alert = { kpiId: 'k', severity: 'warn' as const, roles: ['manager'], day: 1, minute: 600 };
  expect(coverage(set, [])).toMatchObject({ all: 2, open: [{ way: 'held' }, { way: 'notHeld' }] });
  expect(coverage(set, [alert, { ...alert, kpiId: 'other' }])).toMatchObject({ all: 2, open: [{ way: 'notHeld' }] });
});
