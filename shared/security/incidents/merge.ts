import type { Conflict } from './incident.ts';

type Tree = { [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (tree: Tree, key: string): unknown => (Object.hasOwn(tree, key) ? tree[key] : undefined);
const keysOf = (...trees: readonly Tree[]): string[] => [...new Set(trees.flatMap(Object.keys))];

/** Whether two values of JSON say the same, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, index) => isSame(one, b[index]));
  return isTree(a) && isTree(b) && keysOf(a, b).every((key) => isSame(own(a, key), own(b, key)));
}

/** What turns `from` into `to`: a merge patch (RFC 7396), in which null takes a member away. @returns null when nothing does */
export function patchBetween(from: Tree, to: Tree): Tree | null {
  const patch = new Map<string, unknown>();
  for (const key of keysOf(from, to)) {
    const [before, after] = [own(from, key), own(to, key)];
    if (isSame(before, after)) continue;
    patch.set(key, isTree(before) && isTree(after) ? patchBetween(before, after) : after ?? null);
  }
  return patch.size === 0 ? null : Object.fromEntries(patch);
}

/** Applies a merge patch (RFC 7396). Members of the answer are own ones only: `__proto__` is a name like any other. */
export function applyPatch(target: unknown, patch: Tree): Tree {
  const result = new Map<string, unknown>(isTree(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, isTree(value) ? applyPatch(result.get(key), value) : value);
  }
  return Object.fromEntries(result);
}

/** One fact of one moment, such as a tick or a report: its members belong together. */
const isFact = (value: unknown): value is Tree & { at: number } => isTree(value) && typeof value['at'] === 'number';
const withoutStamp = ({ at: _at, by: _by, dueAt: _dueAt, recordedAt: _recordedAt, ...rest }: Tree): Tree => rest;

/** Two people have done the same: the earlier one counts. @returns undefined when they have not done the same */
function earlier(mine: unknown, theirs: unknown): unknown {
  if (!isFact(mine) || !isFact(theirs) || !isSame(withoutStamp(mine), withoutStamp(theirs))) return undefined;
  return mine.at < theirs.at ? mine : theirs;
}

/**
 * Joins two versions that came from one base, place by place. Where only one side has changed, its value stands; where both
 * have, and differently, theirs stands and the conflict keeps mine. What one side removed and the other changed stays. A tree
 * that is new on both sides is joined as well, so nothing that grows by id is ever lost.
 * @param at epoch milliseconds, kept with each conflict
 */
export function mergeTrees(base: Tree | null, mine: Tree, theirs: Tree, at: number, path: readonly string[] = []): { merged: Tree; conflicts: Conflict[] } {
  const merged = new Map<string, unknown>();
  const conflicts: Conflict[] = [];
  for (const key of keysOf(theirs, mine)) {
    const [was, my, their] = [base === null ? undefined : own(base, key), own(mine, key), own(theirs, key)];
    const place = [...path, key];
    if (isTree(my) && isTree(their) && !isFact(my) && !isFact(their)) {
      const inner = mergeTrees(isTree(was) ? was : null, my, their, at, place);
      merged.set(key, inner.merged);
      conflicts.push(...inner.conflicts);
      continue;
    }
    const [haveI, haveThey] = [!isSame(my, was), !isSame(their, was)];
    let value = haveI ? my : their;
    if (haveI && haveThey && !isSame(my, their)) {
      value = earlier(my, their) ?? their ?? my;
      if (my !== undefined && their !== undefined && earlier(my, their) === undefined) conflicts.push({ path: place.join('/'), mine: my, theirs: their, at });
    }
    if (value !== undefined) merged.set(key, value);
  }
  return { merged: Object.fromEntries(merged), conflicts };
}

/** Puts a value at the path of a conflict. */
export function putAt(tree: Tree, path: string, value: unknown): Tree {
  const [key = '', ...rest] = path.split('/');
  const inner = own(tree, key);
  return { ...tree, [key]: rest.length === 0 ? value : putAt(isTree(inner) ? inner : {}, rest.join('/'), value) };
}

/** What stands at the path of a conflict. */
export const valueAt = (tree: unknown, path: string): unknown => path.split('/').reduce<unknown>((inner, key) => (isTree(inner) ? own(inner, key) : undefined), tree);
