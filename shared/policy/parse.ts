import type { z } from 'zod';
import { originIn, type RulesOrigin } from './backup-file.ts';
import { deepestParams, dropNulls, ruleSchema, type Rule } from './rule.ts';

/** Largest file of rules that is read, in characters, and the most rules in it. */
export const largestFile = 10_000_000;
export const mostRules = 10_000;

/** Why a text is no rule set, or one of its rules no rule. `path` is within the file: `rules.3.window.start`. */
export type ParseProblem = { path: string; messageKey: string; params: Record<string, string> };
export type ParsedRules = { rules: Rule[]; problems: ParseProblem[]; /** Null where the file names none. */ origin: RulesOrigin | null };

const problem = (path: string, messageKey: string, params: Record<string, string> = {}): ParsedRules => ({ rules: [], problems: [{ path, messageKey: `policy.file.${messageKey}`, params }], origin: null });

/**
 * Reads rules from a text: a list, `{rules: […]}`, `{data: […]}`, or one rule. All or nothing: with one problem there are
 * no rules, so that nothing is ever half applied.
 */
export function parseRules(text: string): ParsedRules {
  if (text.length > largestFile) return problem('', 'tooLarge', { megabytes: String(largestFile / 1_000_000) });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return problem('', 'notJson', { reason: error instanceof SyntaxError ? error.message.slice(0, 200) : '' });
  }
  return readRules(value);
}

/** The same for a value that was parsed already. */
export function readRules(value: unknown): ParsedRules {
  const listed = listIn(value);
  if (listed === null) return problem('', 'notRules');
  const [prefix, list] = listed;
  if (list.length === 0) return problem('', 'empty');
  if (list.length > mostRules) return problem('', 'tooMany', { count: String(list.length), most: String(mostRules) });
  const rules: Rule[] = [];
  const problems: ParseProblem[] = [];
  const seen = new Map<string, number>();
  list.forEach((one, index) => {
    const path = prefix === '' && list.length === 1 && !Array.isArray(value) ? '' : `${prefix}${index}`;
    const { rule, problems: found } = readRule(one, path);
    problems.push(...found);
    if (rule === null) return;
    const first = seen.get(rule.id);
    if (first !== undefined) problems.push({ path: join(path, 'id'), messageKey: 'policy.file.duplicateId', params: { id: rule.id, first: String(first + 1) } });
    seen.set(rule.id, first ?? index);
    rules.push(rule);
  });
  return { rules: problems.length > 0 ? [] : rules, problems, origin: originIn(value) };
}

/** Reads one rule. */
export function readRule(value: unknown, path = ''): { rule: Rule | null; problems: ParseProblem[] } {
  if (depthOf(value) > deepestParams) return { rule: null, problems: [{ path, messageKey: 'policy.file.tooDeep', params: { most: String(deepestParams) } }] };
  const parsed = ruleSchema.safeParse(dropNulls(value), { reportInput: true });
  if (parsed.success) return { rule: parsed.data, problems: [] };
  return { rule: null, problems: parsed.error.issues.map((issue) => ({ path: [path, ...issue.path.map(String)].filter((part) => part !== '').join('.'), ...worded(issue) })) };
}

function listIn(value: unknown): [string, readonly unknown[]] | null {
  if (Array.isArray(value)) return ['', value];
  if (typeof value !== 'object' || value === null) return null;
  for (const name of ['rules', 'data'] as const) {
    if (name in value && Array.isArray(value[name as keyof typeof value])) return [`${name}.`, value[name as keyof typeof value] as unknown[]];
  }
  if (Object.keys(value).length === 0) return ['', []];
  return 'id' in value || 'when' in value ? ['', [value]] : null;
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function worded(issue: z.core.$ZodIssue): Omit<ParseProblem, 'path'> {
  const make = (messageKey: string, params: Record<string, string> = {}): Omit<ParseProblem, 'path'> => ({ messageKey: `policy.file.${messageKey}`, params });
  switch (issue.code) {
    case 'invalid_type': return issue.input === undefined ? make('missing') : make('wrongType', { expected: issue.expected });
    case 'invalid_value': return make('notOneOf', { values: issue.values.map(String).join(', ') });
    case 'too_big': return make('tooLong', { most: String(issue.maximum) });
    case 'too_small': return make('tooShort', { least: String(issue.minimum) });
    default: return make('wrong');
  }
}

/** Without recursion: a file of ten million brackets must not end the process. */
function depthOf(value: unknown): number {
  let deepest = 0;
  const open: [unknown, number][] = [[value, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [one, depth] = next;
    deepest = Math.max(deepest, depth);
    if (depth > deepestParams + 1) return depth;
    if (typeof one === 'object' && one !== null) for (const child of Object.values(one)) open.push([child, depth + 1]);
  }
  return deepest;
}
