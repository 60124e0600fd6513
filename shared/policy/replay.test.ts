import { describe, expect, it } from 'vitest';
import { anyRule, anyRules, kpis, randomFrom } from '../../test/fixtures/policy-random.ts';
import { RuleSet } from './engine.ts';
import { keptExamples, startReplay, type PastAlert } from './replay.ts';
import { ruleSchema, severities, type Rule } from './rule.ts';
import { momentsIn } from './time.ts';

const wheat = (change: Partial<Rule> = {}): Rule =>
  ruleSchema.parse({ id: 'wheat', when: { kpiId: 'stock.wheat', severity: ['warn', 'crit'] }, action: 'inventory.reorder', params: { tonnes: 400 }, ...change });
const past = (at: string, change: Partial<PastAlert['alert']> = {}): PastAlert =>
  ({ alert: { id: at, kpiId: 'stock.wheat', title: '', message: '', severity: 'warn', ...change }, at: Date.parse(at), roles: [], decided: null });

describe('replay', () => {
  it('counts what an edit would have done, by rule', () => {
    const run = startReplay([wheat()], [wheat({ autoExecute: true }), wheat({ id: 'x', when: { kpiId: 'never', severity: ['ok'] } })], 'Europe/Berlin');
    run.step(Array.from({ length: 150 }, (_, at) => past(new Date(Date.UTC(2026, 2, 1, at)).toISOString())));
    run.step([past('2026-03-20T10:00:00Z', { kpiId: 'price.diesel' })]);
    const report = run.report();
    expect(report).toMatchObject({ alerts: 151, changed: 150, counts: { executes: 150, noLongerExecutes: 0 }, neverUsed: ['x'] });
    expect(report.groups[0]).toMatchObject({ kind: 'executes', kpiId: 'stock.wheat', before: 'wheat', after: 'wheat', count: 150 });
    expect(report.groups[0]?.examples).toHaveLength(keptExamples);
  });

  it('decides in the server\'s local time, also around a change of the clocks', () => {
    const momentOf = momentsIn('Europe/Berlin');
    expect(momentOf(Date.parse('2026-03-29T00:59:59Z'))).toEqual({ day: 0, minute: 119 });
    expect(momentOf(Date.parse('2026-03-29T01:00:00Z'))).toEqual({ day: 0, minute: 180 });
    expect(momentOf(Date.parse('2026-10-25T00:59:00Z'))).toEqual({ day: 0, minute: 179 });
    expect(momentOf(Date.parse('2026-10-25T01:00:00Z'))).toEqual({ day: 0, minute: 120 });
    expect(momentsIn('Asia/Kathmandu')(Date.parse('2026-01-03T18:20:00Z'))).toEqual({ day: 0, minute: 5 });
  });

  it('tells where the recorded decision is not the one of the rules', () => {
    const decided = new RuleSet([wheat()]).decide({ kpiId: 'stock.wheat', severity: 'warn' }, [], { day: 1, minute: 0 });
    const run = startReplay([wheat()], [wheat()], 'UTC');
    run.step([{ ...past('2026-01-05T00:00:00Z'), decided }, ...[{ execute: true }, { needsApproval: true }, { approverRoles: ['admin' as const] }, { resolvedParams: { tonnes: 25 } }].map((other) => ({ ...past('2026-01-05T00:00:00Z'), decided: { ...decided, ...other } }))]);
    expect(run.report()).toMatchObject({ drifted: [1, 2, 3, 4], changed: 0 });
  });

  it('finds exactly the alerts that deciding one by one finds', () => {
    const momentOf = momentsIn('Europe/Berlin');
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed);
      const before = anyRules(random);
      const after = [...before.filter(() => random.chance(0.7)), { ...anyRule(random), id: 'new' }];
      const alerts = Array.from({ length: 50 }, (): PastAlert => ({
        alert: { id: '', kpiId: random.pick(kpis), title: '', message: '', severity: random.pick(severities), delta: random.below(9) }, at: random.below(1e9) * 1000, roles: random.some(['manager', 'admin']), decided: null,
      }));
      const run = startReplay(before, after, 'Europe/Berlin');
      run.step(alerts);
      const executes = alerts.filter(({ alert, at, roles }) => new RuleSet(after).decide(alert, roles, momentOf(at)).execute && !new RuleSet(before).decide(alert, roles, momentOf(at)).execute);
      expect(run.report().counts.executes, `seed ${seed}`).toBe(executes.length);
    }
  });
});
