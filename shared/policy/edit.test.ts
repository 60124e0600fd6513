import { describe, expect, it } from 'vitest';
import { anyRule, anyRules, randomFrom } from '../../test/fixtures/policy-random.ts';
import { goodRules } from '../../test/fixtures/policy-good.ts';
import { changesBetween, changesOf, freeId, isSameSet, proposedChanges, rebaseRules, withChanges } from './edit.ts';
import { inOrder, isSameRule, type Rule } from './rule.ts';

const [first, second, third] = goodRules as [Rule, Rule, Rule];
const records = (rules: readonly Rule[]) => rules.map((rule) => ({ rule, version: '1' }));

describe('changes of rules', () => {
  it('are named down to the single value', () => {
    expect(changesOf(third, { ...third, window: { days: [6, 5, 4, 3, 2, 1], start: '05:00', end: '18:00' }, params: { tonnes: { warn: 25, crit: 400 } }, autoExecute: true })).toEqual([
      { path: 'params.tonnes.crit', from: 75, to: 400 }, { path: 'window.start', from: '06:00', to: '05:00' }, { path: 'autoExecute', from: false, to: true },
    ]);
    const { approval: _gone, ...open } = third;
    expect(changesOf(third, open as Rule)).toEqual([{ path: 'approval', from: { required: true, roles: ['manager'] }, to: undefined }]);
  });

  it('lead from one set to the other', () => {
    const changes = changesBetween(records([first, second]), [{ ...first, autoSuggest: false }, third]);
    expect(changes.map((change) => `${change.op} ${change.op === 'delete' ? change.base.rule.id : change.rule.id} ${change.base === null ? 'new' : change.base.version ?? ''}`)).toEqual([`delete ${second.id} 1`, `upsert ${first.id} 1`, `upsert ${third.id} new`]);
    expect(changesBetween(records([first]), [{ ...first, when: { ...first.when, severity: first.when.severity.toReversed() } }])).toEqual([]);
  });
});

it('reads a proposal beside the rules of now', () => {
  const changes = [{ op: 'upsert' as const, rule: { ...first, autoSuggest: false } }, { op: 'upsert' as const, rule: third }, { op: 'delete' as const, id: second.id }, { op: 'delete' as const, id: 'gone' }];
  const read = proposedChanges({ changes }, records([first, second]));
  expect(read.map((change) => `${change.op} ${change.base?.rule.id ?? 'new'}`)).toEqual([`upsert ${first.id}`, 'upsert new', `delete ${second.id}`]);
  expect(isSameSet(withChanges([first, second], read), [{ ...first, autoSuggest: false }, third])).toBe(true);
});

describe('two people editing rules', () => {
  it('merges different rules, and different parts of one rule', () => {
    const merged = rebaseRules([first, second], [{ ...first, autoExecute: true }, second], [{ ...first, params: { litres: 1 } }, { ...second, autoSuggest: false }]);
    expect(merged.conflicts).toEqual([]);
    expect(merged.rules).toEqual(inOrder([{ ...first, autoExecute: true, params: { litres: 1 } }, { ...second, autoSuggest: false }]));
    expect(merged.taken.toSorted()).toEqual([first.id, second.id].toSorted());
  });

  it('names the part that both changed, and keeps mine', () => {
    const merged = rebaseRules([first], [{ ...first, params: { litres: 1 } }], [{ ...first, params: { litres: 2 } }]);
    expect(merged.conflicts).toMatchObject([{ id: first.id, parts: ['params'] }]);
    expect(merged.rules[0]?.params).toEqual({ litres: 1 });
  });

  it('takes "deleted here, changed there" for a conflict, both ways', () => {
    expect(rebaseRules([first], [], [{ ...first, autoSuggest: false }])).toMatchObject({ rules: [], conflicts: [{ id: first.id, mine: null }] });
    expect(rebaseRules([first], [{ ...first, autoSuggest: false }], [])).toMatchObject({ rules: [{ id: first.id }], conflicts: [{ theirs: null }] });
    expect(rebaseRules([first], [first], []).rules).toEqual([]);
  });

  it('loses no change of anybody, over random edits', () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      const random = randomFrom(seed);
      const base = anyRules(random);
      const edit = (): Rule[] => base.filter(() => random.chance(0.85)).map((rule) => (random.chance(0.4) ? { ...rule, ...(random.chance(0.5) ? { autoExecute: !rule.autoExecute } : { action: anyRule(random).action }) } : rule));
      const [mine, theirs] = [edit(), edit()];
      const { rules, conflicts } = rebaseRules(base, mine, theirs);
      expect(rebaseRules(base, mine, base).rules.length, `seed ${seed}`).toBe(mine.length);
      expect(isSameSet(rebaseRules(base, base, theirs).rules, theirs), `seed ${seed}`).toBe(true);
      for (const rule of mine) {
        const was = base.find(({ id }) => id === rule.id);
        const is = rules.find(({ id }) => id === rule.id);
        for (const name of ['action', 'autoExecute'] as const) if (was?.[name] !== rule[name]) expect(is?.[name], `seed ${seed}: ${rule.id}`).toBe(rule[name]);
      }
      for (const rule of theirs) {
        const was = base.find(({ id }) => id === rule.id);
        const is = rules.find(({ id }) => id === rule.id);
        const isTold = conflicts.some(({ id }) => id === rule.id);
        for (const name of ['action', 'autoExecute'] as const) if (was?.[name] !== rule[name] && !isTold) expect(is?.[name], `seed ${seed}: ${rule.id}`).toBe(rule[name]);
      }
      if (conflicts.length === 0) expect(isSameSet(rules, rebaseRules(base, theirs, mine).rules), `seed ${seed}`).toBe(true);
      expect(rules.every((rule) => rules.filter((other) => isSameRule(rule, other)).length === 1)).toBe(true);
    }
  });
});

it('finds a free id', () => {
  expect(freeId('a', new Set())).toBe('a');
  expect(freeId('a', new Set(['a', 'a-2']))).toBe('a-3');
});
