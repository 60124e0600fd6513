import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch, isSame, mergeTrees, patchBetween, putAt, valueAt } from './merge.ts';

const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean());
const tree = fc.letrec((tie) => ({
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor'), fc.oneof({ maxDepth: 3 }, leaf, tie('tree')), { maxKeys: 4 }),
})).tree;

describe('merge patches', () => {
  it('turn one tree into the other (RFC 7396)', () => {
    fc.assert(fc.property(tree, tree, (from, to) => {
      const patch = patchBetween(from, to);
      expect(isSame(applyPatch(from, patch ?? {}), to)).toBe(true);
      if (patch === null) expect(isSame(from, to)).toBe(true);
    }), { numRuns: 2000 });
  });

  it('do not reach a prototype', () => {
    const patched = applyPatch({}, JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(patched)).toEqual(['__proto__']);
  });
});

describe('joining two versions', () => {
  it('takes what only one side has changed', () => {
    fc.assert(fc.property(tree, tree, (base, changed) => {
      expect(mergeTrees(base, changed, base, 0)).toMatchObject({ conflicts: [] });
      expect(mergeTrees(base, base, changed, 0)).toMatchObject({ conflicts: [] });
      expect(mergeTrees(base, changed, changed, 0).conflicts).toEqual([]);
      expect(isSame(mergeTrees(base, changed, changed, 0).merged, changed)).toBe(true);
    }), { numRuns: 1000 });
  });

  it('keeps every entry of both sides, and both values of every place in conflict', () => {
    fc.assert(fc.property(tree, fc.dictionary(fc.string({ minLength: 1 }), leaf), fc.dictionary(fc.string({ minLength: 1 }), leaf), (base, mine, theirs) => {
      const { merged, conflicts } = mergeTrees({ ...base, timeline: {} }, { ...base, timeline: mine }, { ...base, timeline: theirs }, 7);
      const line = merged['timeline'] as Record<string, unknown>;
      expect(new Set(Object.keys(line))).toEqual(new Set([...Object.keys(mine), ...Object.keys(theirs)]));
      for (const key of Object.keys(mine)) if (Object.hasOwn(theirs, key) && !isSame(mine[key], theirs[key])) expect(conflicts).toContainEqual({ path: `timeline/${key}`, mine: mine[key], theirs: theirs[key], at: 7 });
    }), { numRuns: 1000 });
  });

  it('asks about a place that both have changed, where theirs stands meanwhile', () => {
    const { merged, conflicts } = mergeTrees({ title: 'A', roles: { lead: '', legal: '' } }, { title: 'B', roles: { lead: 'me', legal: '' } }, { title: 'C', roles: { lead: '', legal: 'them' } }, 5);
    expect(merged).toEqual({ title: 'C', roles: { lead: 'me', legal: 'them' } });
    expect(conflicts).toEqual([{ path: 'title', mine: 'B', theirs: 'C', at: 5 }]);
  });

  it('lets the earlier of two ticks of the same thing count, and asks when they differ', () => {
    const tick = (at: number, by: string, done = true) => ({ checklist: { facts: { done, at, by, note: '' } } });
    expect(mergeTrees({ checklist: {} }, tick(2, 'a'), tick(3, 'b'), 9)).toEqual({ merged: tick(2, 'a'), conflicts: [] });
    expect(mergeTrees({ checklist: {} }, tick(2, 'a'), tick(3, 'b', false), 9).conflicts).toHaveLength(1);
  });

  it('keeps what one side removed and the other changed', () => {
    expect(mergeTrees({ tasks: { x: 'old' } }, { tasks: {} }, { tasks: { x: 'new' } }, 0)).toEqual({ merged: { tasks: { x: 'new' } }, conflicts: [] });
    expect(mergeTrees({ tasks: { x: 'old' } }, { tasks: { x: 'new' } }, { tasks: {} }, 0)).toEqual({ merged: { tasks: { x: 'new' } }, conflicts: [] });
    expect(mergeTrees({ tasks: { x: 'old' } }, { tasks: {} }, { tasks: { x: 'old' } }, 0)).toEqual({ merged: { tasks: {} }, conflicts: [] });
  });

  it('reads and puts values by their path', () => {
    expect(valueAt(putAt({ a: { b: 1, c: 2 } }, 'a/b', 3), 'a/b')).toBe(3);
    expect(putAt({ a: { b: 1, c: 2 } }, 'a/b', 3)).toEqual({ a: { b: 3, c: 2 } });
    expect(valueAt({ a: 1 }, 'a/b')).toBeUndefined();
  });
});
