import { objectBody } from '../erp/document-input.ts';
import { invalid } from '../erp/errors.ts';
import type { StoredRule } from './store.ts';

const severities = ['ok', 'warn', 'crit'];
const actions = ['pricing.adjust', 'inventory.reorder', 'sales.notify'];
const approvers = ['admin', 'manager', 'operator'];

/** Why a change is made, as its request says. */
export const reasonOf = (body: Record<string, unknown>): string | null => (typeof body['reason'] === 'string' && body['reason'].trim() !== '' ? body['reason'].trim().slice(0, 2000) : null);
/** The id that a request names; empty when it names none. */
export const idOf = (body: Record<string, unknown>): string => (typeof body['id'] === 'string' ? body['id'] : '');

const oneOf = (loc: (string | number)[], value: unknown, from: readonly string[]): void => {
  if (typeof value !== 'string' || !from.includes(value)) throw invalid(loc, `Input should be ${from.map((one) => `'${one}'`).join(' or ')}`, value, 'literal_error');
};
const listOf = (loc: (string | number)[], value: unknown): unknown[] => {
  if (!Array.isArray(value)) throw invalid(loc, 'Input should be a valid list', value, 'list_type');
  return value as unknown[];
};

/** A rule as the server stores it: absent parts are null. @throws HttpError 422 with the place of the first mistake. */
export function checkRule(value: unknown, at: (string | number)[] = ['body']): StoredRule {
  const rule = objectBody(value);
  const { id } = rule;
  if (typeof id !== 'string' || id === '' || id.length > 100) throw invalid([...at, 'id'], 'Field required', id, 'missing');
  const when = objectBody(rule['when']);
  if (typeof when['kpiId'] !== 'string' || when['kpiId'] === '') throw invalid([...at, 'when', 'kpiId'], 'Field required', when['kpiId'], 'missing');
  listOf([...at, 'when', 'severity'], when['severity']).forEach((one, index) => oneOf([...at, 'when', 'severity', index], one, severities));
  oneOf([...at, 'action'], rule['action'], actions);
  if (rule['window'] !== undefined && rule['window'] !== null) {
    const window = objectBody(rule['window']);
    listOf([...at, 'window', 'days'], window['days']).forEach((day, index) => {
      if (!Number.isInteger(day) || (day as number) < 0 || (day as number) > 6) throw invalid([...at, 'window', 'days', index], 'Input should be less than or equal to 6', day, 'less_than_equal');
    });
    for (const name of ['start', 'end']) if (typeof window[name] !== 'string') throw invalid([...at, 'window', name], 'Input should be a valid string', window[name], 'string_type');
  }
  if (rule['approval'] !== undefined && rule['approval'] !== null) {
    const approval = objectBody(rule['approval']);
    if (typeof approval['required'] !== 'boolean') throw invalid([...at, 'approval', 'required'], 'Input should be a valid boolean', approval['required'], 'bool_type');
    if (approval['roles'] !== undefined && approval['roles'] !== null) listOf([...at, 'approval', 'roles'], approval['roles']).forEach((one, index) => oneOf([...at, 'approval', 'roles', index], one, approvers));
    if (approval['bypassIfSeverity'] !== undefined && approval['bypassIfSeverity'] !== null) oneOf([...at, 'approval', 'bypassIfSeverity'], approval['bypassIfSeverity'], severities);
  }
  for (const name of ['params', 'limits']) if (rule[name] !== undefined && rule[name] !== null) objectBody(rule[name]);
  return { params: null, limits: null, window: null, approval: null, autoExecute: false, autoSuggest: true, ...rule, id };
}

export function checkRules(value: unknown, at: (string | number)[]): StoredRule[] {
  return listOf(at, value).map((rule, index) => checkRule(rule, [...at, index]));
}

/** One change in a draft: a rule to be stored, or an id to be deleted; `baseVersion` is the version it was made on. */
export type DraftChange = { op: 'upsert'; rule: StoredRule; baseVersion: number | null } | { op: 'delete'; id: string; baseVersion: number | null };

export function checkChanges(value: unknown): DraftChange[] {
  const list = listOf(['body', 'changes'], value);
  if (list.length === 0) throw invalid(['body', 'changes'], 'List should have at least 1 item', value, 'too_short');
  return list.map((one, index): DraftChange => {
    const change = objectBody(one);
    const base = change['baseVersion'];
    const baseVersion = typeof base === 'number' && Number.isInteger(base) ? base : null;
    if (change['op'] === 'delete' && typeof change['id'] === 'string') return { op: 'delete', id: change['id'], baseVersion };
    oneOf(['body', 'changes', index, 'op'], change['op'], ['upsert']);
    return { op: 'upsert', rule: checkRule(change['rule'], ['body', 'changes', index, 'rule']), baseVersion };
  });
}
