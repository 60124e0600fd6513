import { describe, expect, it } from 'vitest';
import { anyRules, anyRule, randomFrom } from '../../test/fixtures/policy-random.ts';
import { automationAdded, differences, kindsOf, nothingAdded, verdictOf, type Outcome } from './compare.ts';
import { RuleSet } from './engine.ts';
import { approverRoles, ruleSchema, severities, type Rule } from './rule.ts';
import { minutesPerWeek, momentOfWeek } from './time.ts';

const reorder = (change: Partial<Rule> = {}): Rule =>
  ruleSchema.parse({ id: 'wheat', when: { kpiId: 'stock.wheat', severity: ['warn'] }, action: 'inventory.reorder', params: { qty: 10 }, ...change });

describe('comparing rule sets', () => {
  it('says nothing of two sets that mean the same', () => {
    expect(differences([reorder()], [reorder()])).toEqual([]);
    expect(differences([], [reorder({ when: { kpiId: 'x', severity: [] } })])).toEqual([]);
  });

  it('names the minutes, roles and severities of a new automation', () => {
    const [first, ...more] = automationAdded([reorder()], [reorder({ autoExecute: true, window: { days: [1, 2], start: '08:00', end: '09:59' }, approval: { required: true, roles: ['manager'] } })]);
    expect(first).toMatchObject({ kpiId: 'stock.wheat', severity: 'warn', roles: ['manager'], when: [{ from: 1440 + 480, to: 1440 + 599 }, { from: 2880 + 480, to: 2880 + 599 }] });
    expect([first, ...more].every((one) => one?.roles.includes('manager'))).toBe(true);
  });

  it('takes another quantity ordered by itself for new automation, and less of it for none', () => {
    const before = reorder({ autoExecute: true });
    expect(automationAdded([before], [{ ...before, params: { qty: 400 } }])[0]?.kinds).toContain('executesOtherwise');
    expect(automationAdded([before], [{ ...before, autoExecute: false }])).toEqual([]);
    expect(automationAdded([before], [])).toEqual([]);
  });

  it('sees the rule that an earlier one let through before', () => {
    const guard = reorder({ id: 'a-guard' });
    expect(automationAdded([guard, reorder({ autoExecute: true })], [reorder({ autoExecute: true })])).toHaveLength(8);
  });

  it('has one text for each verdict: what would happen, not how it was before or how it is written', () => {
    const acting = reorder({ autoExecute: true, params: { qty: 10, note: { a: 1, b: 2 } } });
    const read = verdictOf(automationAdded([], [acting]));
    expect(verdictOf(automationAdded([acting], [acting]))).toBe(nothingAdded);
    expect(verdictOf(automationAdded([reorder({ params: { qty: 3 } })], [{ ...acting, params: { note: { b: 2, a: 1 }, qty: 10 } }]))).toBe(read);
    for (const other of [{ params: { qty: 11 } }, { id: 'wheat-2' }, { action: 'sales.notify' as const }, { window: { days: [1], start: '08:00', end: '09:00' } }, { when: { kpiId: 'stock.wheat', severity: ['crit' as const] } }]) expect(verdictOf(automationAdded([], [{ ...acting, ...other }]))).not.toBe(read);
  });

  it('is complete: agrees with trying every minute, role and severity', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomFrom(seed);
      const before = anyRules(random, 4);
      const after = before.map((rule) => (random.chance(0.4) ? { ...anyRule(random), id: rule.id } : rule)).filter(() => random.chance(0.9));
      const found = differences(before, after);
      const [old, next] = [new RuleSet(before), new RuleSet(after)];
      const roles = random.some(approverRoles);
      for (const kpiId of new Set([...before, ...after].map((rule) => rule.when.kpiId))) {
        for (const severity of severities) {
          const here = found.filter((one) => one.kpiId === kpiId && one.severity === severity && one.roles.join() === roles.join());
          const outcome = (set: RuleSet, minute: number): Outcome => ({ ...set.decide({ kpiId, severity }, roles, momentOfWeek(minute)), action: set.ruleFor(kpiId, severity)?.action ?? null });
          for (let minute = 0; minute < minutesPerWeek; minute += 1) {
            const kinds = kindsOf(outcome(old, minute), outcome(next, minute));
            const told = here.filter(({ when }) => when.some(({ from, to }) => from <= minute && minute <= to));
            if (kinds.length !== (told[0]?.kinds.length ?? 0) || told.length > 1) expect({ seed, kpiId, severity, minute, told: told.map((one) => one.kinds) }).toEqual({ kinds });
          }
        }
      }
    }
  }, 60_000);
});
