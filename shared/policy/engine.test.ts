import { describe, expect, it } from 'vitest';
import { decideOnServer } from '../../test/backend/policy/engine.ts';
import { anyRule, anyRules, kpis, randomFrom } from '../../test/fixtures/policy-random.ts';
import { type Decision, isSameDecision, RuleSet } from './engine.ts';
import { approverRoles, compareIds, inOrder, orderDiffers, ruleSchema, severities, type Alert, type Rule } from './rule.ts';
import { clockTime, momentOfWeek, minutesPerWeek } from './time.ts';

const rule = (change: Partial<Rule> = {}): Rule =>
  ruleSchema.parse({ id: 'r', when: { kpiId: 'stock.wheat', severity: ['warn', 'crit'] }, action: 'inventory.reorder', autoExecute: true, ...change });
const alert = (change: Partial<Alert> = {}): Alert => ({ id: 'a', kpiId: 'stock.wheat', title: '', message: '', severity: 'warn', ...change });
const monday10 = { day: 1, minute: 600 };
const decide = (rules: Rule[], change: Partial<Alert> = {}, roles: string[] = [], moment = monday10) => new RuleSet(rules).decide(alert(change), roles, moment);

describe('policy engine', () => {
  it('denies what no rule speaks for, in the server\'s words', () => {
    expect(decide([])).toMatchObject({ type: 'deny', reason: 'No matching rule', ruleId: null, execute: false });
    expect(decide([rule()], { severity: 'ok' })).toMatchObject({ reason: 'No matching rule' });
    expect(decide([rule()], { kpiId: 'stock.rape' })).toMatchObject({ reason: 'No matching rule' });
  });

  it('asks the first rule by id only, also when that one is closed', () => {
    const closed = rule({ id: 'a', window: { days: [0], start: '08:00', end: '17:00' } });
    expect(decide([rule({ id: 'b' }), closed])).toMatchObject({ type: 'deny', reason: 'Outside window', ruleId: 'a' });
  });

  it.each([
    ['first minute', 8 * 60, true], ['last minute', 17 * 60, true], ['a minute before', 8 * 60 - 1, false], ['a minute after', 17 * 60 + 1, false],
  ])('has both ends inside its window: %s', (_name, minute, isOpen) => {
    expect(decide([rule({ window: { days: [1], start: '08:00', end: '17:00' } })], {}, [], { day: 1, minute }).type).toBe(isOpen ? 'allow' : 'deny');
  });

  it('never opens a window that starts after its end', () => {
    const overnight = rule({ window: { days: [0, 1, 2, 3, 4, 5, 6], start: '22:00', end: '06:00' } });
    for (let minute = 0; minute < minutesPerWeek; minute += 7) expect(decide([overnight], {}, [], momentOfWeek(minute)).type).toBe('deny');
  });

  it('executes with an approval only for a caller who may give it', () => {
    const guarded = rule({ approval: { required: true, roles: ['manager'] } });
    expect(decide([guarded], {}, ['operator'])).toMatchObject({ execute: false, needsApproval: true, approverRoles: ['manager'] });
    expect(decide([guarded], {}, ['manager'])).toMatchObject({ execute: true, needsApproval: true });
    expect(decide([rule({ approval: { required: true, roles: ['manager'], bypassIfSeverity: 'crit' } })], { severity: 'crit' })).toMatchObject({ execute: true, needsApproval: false });
    expect(decide([rule({ autoExecute: false })])).toMatchObject({ type: 'allow', execute: false });
  });

  it('picks parameters by severity, falls back to warn, and fills in the delta', () => {
    const params = { qty: { warn: 10, crit: 400 }, text: 'um {delta} % ({delta})', deep: [{ a: '{delta}' }] };
    expect(decide([rule({ params })], { delta: -2.5 }).resolvedParams).toEqual({ qty: 10, text: 'um -2.5 % (-2.5)', deep: [{ a: '-2.5' }] });
    expect(decide([rule({ params })], { severity: 'crit' }).resolvedParams).toMatchObject({ qty: 400, text: 'um {delta} % ({delta})' });
    expect(decide([rule({ params: { qty: { warn: 3 } } })], { severity: 'crit' }).resolvedParams).toEqual({ qty: 3 });
  });

  it('never evaluates limits, and says so in the trace', () => {
    const limited = rule({ params: { qty: 400 }, limits: { maxQty: 1 } });
    expect(decide([limited]).execute).toBe(true);
    expect(new RuleSet([limited]).explain(alert(), [], monday10).trace).toContainEqual({ step: 'limitsIgnored', ruleId: 'r' });
  });

  it('explains each rule: other KPI, other severity, shadowed, matched', () => {
    const rules = [rule({ id: 'a', when: { kpiId: 'x', severity: ['warn'] } }), rule({ id: 'b', when: { kpiId: 'stock.wheat', severity: ['ok'] } }), rule({ id: 'c' }), rule({ id: 'd' })];
    const { trace, decision } = new RuleSet(rules).explain(alert(), [], monday10);
    expect(trace.map(({ step, ruleId }) => `${ruleId} ${step}`)).toEqual(['a otherKpi', 'b otherSeverity', 'c matched', 'c execute', 'd shadowed']);
    expect(decision.ruleId).toBe('c');
  });

  it('orders ids by code point', () => {
    expect(['😀', '\uffee', 'ä', 'a', 'Z', 'rule-9', 'rule-10'].toSorted(compareIds)).toEqual(['Z', 'a', 'rule-10', 'rule-9', 'ä', '\uffee', '😀']);
    expect(compareIds('a😀', 'a😀b')).toBeLessThan(0);
    expect(compareIds('a😀', 'a😁')).toBeLessThan(0);
  });

  it('agrees with the server on 100,000 random rule sets, alerts, roles and times', () => {
    const count = Number(process.env['VALEO_POLICY_CASES'] ?? 100_000);
    for (let seed = 1; seed <= count; seed++) {
      const random = randomFrom(seed);
      const rules = anyRules(random);
      const given = { kpiId: random.pick(kpis), severity: random.pick(severities), ...(random.chance(0.7) && { delta: random.below(1000) / 8 - 50 }) };
      const held = random.some([...approverRoles, 'sales']);
      const moment = momentOfWeek(random.below(minutesPerWeek));
      // The server keeps absent parts as null.
      const stored = rules.map((one) => ({ params: null, limits: null, window: null, approval: null, ...one }));
      const server = decideOnServer(stored, given, held, { day: moment.day, time: clockTime(moment.minute) });
      const ours = new RuleSet(rules).decide(given, held, moment);
      // Comparing texts first: a deep comparison of each would be most of the test's time.
      if (JSON.stringify(ours) !== JSON.stringify({ ...server })) expect(ours, `seed ${seed}`).toEqual(server);
    }
  });

  it('does not change its mind for a rule behind one that covers it, nor for the order in which rules are given', () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = randomFrom(seed);
      const rules = anyRules(random, 6);
      const base = rules.length > 0 ? rules : [anyRule(random)];
      const first = random.pick(base);
      const covered: Rule = { ...anyRule(random), id: `${first.id}~`, when: { kpiId: first.when.kpiId, severity: random.some(first.when.severity) } };
      const moment = momentOfWeek(random.below(minutesPerWeek));
      for (const kpiId of kpis) {
        for (const severity of severities) {
          const before = new RuleSet(base).decide({ kpiId, severity }, ['manager'], moment);
          expect(new RuleSet([covered, ...base]).decide({ kpiId, severity }, ['manager'], moment)).toEqual(before);
          expect(new RuleSet(base.toReversed()).decide({ kpiId, severity }, ['manager'], moment)).toEqual(before);
        }
      }
      expect(inOrder(base).map(({ id }) => id)).toEqual(base.map(({ id }) => id).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }
  });
});

it('takes decisions for the same only in all that somebody acts on', () => {
  const decision: Decision = { type: 'allow', reason: 'Matched a', execute: false, needsApproval: true, approverRoles: ['admin', 'manager'], ruleId: 'a', resolvedParams: { tonnes: 25, note: { a: 1, b: null } } };
  expect(isSameDecision(decision, { ...decision, reason: 'anders', approverRoles: ['manager', 'admin'], resolvedParams: { note: { a: 1 }, tonnes: 25 } })).toBe(true);
  for (const other of [{ type: 'deny' as const }, { execute: true }, { needsApproval: false }, { ruleId: null }, { approverRoles: ['admin' as const] }, { resolvedParams: { tonnes: 75 } }]) expect(isSameDecision(decision, { ...decision, ...other }), JSON.stringify(other)).toBe(false);
});

it('names two rules that a server lists in another order than they are tried in here', () => {
  const listed = (...ids: string[]) => orderDiffers(ids.map((id) => rule({ id })));
  expect(listed()).toBeNull();
  expect(listed('Zoll', 'a', 'rule-10', 'rule-9', 'ä')).toBeNull();
  expect(listed('a', 'rule-9', 'rule-10')).toEqual(['rule-9', 'rule-10']);
  expect(listed('a', 'Zoll')).toEqual(['a', 'Zoll']);
});
