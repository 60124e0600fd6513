import { describe, expect, it } from 'vitest';
import { anyRule, randomFrom } from '../../test/fixtures/policy-random.ts';
import { generateAlerts, mostGenerated } from './generate.ts';
import { startReplay } from './replay.ts';
import { ruleSchema, severities, type Rule } from './rule.ts';
import { momentsIn } from './time.ts';

const until = Date.UTC(2026, 10, 22);
const rule = (id: string, kpiId: string, change: Partial<Rule> = {}): Rule => ruleSchema.parse({ id, when: { kpiId, severity: ['warn'] }, action: 'sales.notify', ...change });

describe('generated alerts', () => {
  it('cover every KPI, severity and set of roles on every day of the week and in every hour, always the same', () => {
    const rules = [rule('a', 'stock.wheat'), rule('b', 'price.diesel')];
    const alerts = generateAlerts(rules, until);
    const momentOf = momentsIn('Europe/Berlin');
    const seen = (of: (alert: (typeof alerts)[number]) => unknown): number => new Set(alerts.map((one) => JSON.stringify(of(one)))).size;
    expect(seen(({ alert, roles }) => [alert.kpiId, alert.severity, roles])).toBe(2 * severities.length * 8);
    expect(seen(({ at }) => [momentOf(at).day, Math.floor(momentOf(at).minute / 60)])).toBeGreaterThan(7 * 24 * 0.85);
    expect(seen(({ at }) => new Date(at).getUTCMonth())).toBe(12);
    expect(alerts.every(({ at, decided }) => at < until && at >= until - 365 * 86_400_000 && decided === null)).toBe(true);
    expect(generateAlerts(rules.toReversed(), until)).toEqual(alerts);
  });

  it('find an edit that acts by itself, and stay within their number for a thousand rules', () => {
    const before = [rule('a', 'stock.wheat', { window: { days: [1, 2, 3, 4, 5], start: '08:00', end: '18:00' } })];
    const run = startReplay(before, [{ ...before[0] as Rule, autoExecute: true }], 'Europe/Berlin');
    run.step(generateAlerts(before, until));
    expect(run.report().counts.executes).toBeGreaterThan(100);
    const random = randomFrom(1);
    const many = Array.from({ length: 1000 }, (_, at) => ({ ...anyRule(random), id: `r${at}`, when: { kpiId: `k${at}`, severity: [] } }));
    expect(generateAlerts(many, until).length).toBeLessThanOrEqual(mostGenerated);
    expect(generateAlerts([], until)).toEqual([]);
  });
});
