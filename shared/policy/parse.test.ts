import { describe, expect, it } from 'vitest';
import { largestFile, parseRules, readRule } from './parse.ts';
import { canonicalRule, isSameRule, ruleSchema } from './rule.ts';

const good = { id: 'wheat', when: { kpiId: 'stock.wheat', severity: ['warn'] }, action: 'inventory.reorder' };
const keys = (text: string): string[] => parseRules(text).problems.map(({ path, messageKey }) => `${path} ${messageKey.replace('policy.file.', '')}`.trim());

describe('reading rules', () => {
  it.each([
    ['a list', JSON.stringify([good])], ['an export', JSON.stringify({ rules: [good] })], ['a list answer', JSON.stringify({ ok: true, data: [good] })], ['one rule', JSON.stringify(good)],
  ])('takes %s', (_name, text) => {
    expect(parseRules(text)).toEqual({ problems: [], origin: null, rules: [{ ...good, autoExecute: false, autoSuggest: true }] });
  });

  it.each([
    ['not JSON', '{', 'notJson'], ['an empty backup', '{}', 'empty'], ['an empty list', '[]', 'empty'], ['empty rules', '{"rules":[]}', 'empty'],
    ['something else', '{"backup":1}', 'notRules'], ['a number', '7', 'notRules'], ['null', 'null', 'notRules'],
    ['a missing action', JSON.stringify([good, { ...good, id: 'b', action: undefined }]), '1.action notOneOf'],
    ['an unknown action', JSON.stringify({ rules: [{ ...good, action: 'world.end' }] }), 'rules.0.action notOneOf'],
    ['a missing id', JSON.stringify([{ ...good, id: undefined }, good]), '0.id missing'],
    ['a day 7', JSON.stringify([{ ...good, window: { days: [7], start: '08:00', end: '09:00' } }, { ...good, id: 'b' }]), '0.window.days.0 tooLong'],
    ['an id twice', JSON.stringify([good, good]), '1.id duplicateId'],
    ['a wrong type', JSON.stringify([{ ...good, autoExecute: 'yes' }, { ...good, id: 'b' }]), '0.autoExecute wrongType'],
    ['one rule with a hole', JSON.stringify({ ...good, when: {} }), 'when.kpiId missing'],
  ])('refuses %s as a whole', (_name, text, problem) => {
    expect(keys(text)[0]).toBe(problem);
    expect(parseRules(text).rules).toEqual([]);
  });

  it('refuses what is too large, too many or too deep, at once', () => {
    expect(keys(' '.repeat(largestFile + 1))).toEqual(['tooLarge']);
    expect(keys(`[${Array.from({ length: 10_001 }, (_, at) => JSON.stringify({ ...good, id: String(at) })).join(',')}]`)).toEqual(['tooMany']);
    const deep = JSON.parse(`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`) as unknown;
    expect(readRule({ ...good, params: deep }).problems[0]?.messageKey).toBe('policy.file.tooDeep');
    expect(keys('['.repeat(100_000) + ']'.repeat(100_000))[0]).toMatch(/tooDeep|notJson/);
  });

  it('reads 10,000 rules', () => {
    expect(parseRules(JSON.stringify(Array.from({ length: 10_000 }, (_, at) => ({ ...good, id: `regel-${at}` })))).rules).toHaveLength(10_000);
  });

  it('drops nulls and keeps fields of newer servers', () => {
    const { rule } = readRule({ ...good, window: null, approval: { required: true, roles: null }, owner: 'Einkauf' });
    expect(rule).toMatchObject({ approval: { required: true }, owner: 'Einkauf' });
    expect(rule).not.toHaveProperty('window');
  });

  it('takes two spellings of one rule for the same', () => {
    const one = ruleSchema.parse({ ...good, params: { a: 1, b: { c: 1, d: 2 } }, window: { days: [2, 1], start: '08:00', end: '09:00' } });
    const other = ruleSchema.parse({ action: good.action, params: { b: { d: 2, c: 1 }, a: 1 }, when: good.when, id: good.id, window: { end: '09:00', start: '08:00', days: [1, 2, 2] } });
    expect(canonicalRule(one)).toBe(canonicalRule(other));
    expect(isSameRule(one, { ...other, params: { a: 2 } })).toBe(false);
  });
});
