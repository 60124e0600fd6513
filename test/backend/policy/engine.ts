/**
 * The server's side of the policy engine, written on its own from ERP-API section 6 and kept apart from shared/policy on
 * purpose: the two are compared on random rules and alerts, and a shared line of code could hide a shared mistake. It
 * works on the stored JSON as it is, nulls and all.
 */

type Stored = Record<string, unknown>;

export type ServerAlert = { kpiId: string; severity: string; delta?: number | null };
export type ServerDecision = {
  type: 'allow' | 'deny'; reason: string; execute: boolean; needsApproval: boolean; approverRoles: unknown[]; ruleId: string | null; resolvedParams: Stored;
};

const object = (value: unknown): Stored => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Stored) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Bytes of UTF-8 sort like code points, which is how the database orders ids. */
const byBytes = (a: Stored, b: Stored): number => Buffer.compare(Buffer.from(String(a['id'])), Buffer.from(String(b['id'])));

function substitute(value: unknown, delta: number | null | undefined): unknown {
  switch (typeof value) {
    case 'string': return delta === undefined || delta === null ? value : value.split('{delta}').join(`${delta}`);
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((one) => substitute(one, delta));
      const filled: Stored = {};
      for (const key of Object.keys(value)) filled[key] = substitute((value as Stored)[key], delta);
      return filled;
    }
    default: return value;
  }
}

function parameters(rule: Stored, alert: ServerAlert): Stored {
  const result: Stored = {};
  for (const [name, given] of Object.entries(object(rule['params']))) {
    if (given === null) continue;
    let value: unknown = given;
    const choices = object(given);
    const keys = Object.keys(choices).filter((key) => choices[key] !== null);
    if (keys.includes('warn') && keys.every((key) => ['ok', 'warn', 'crit'].includes(key))) value = choices[alert.severity] ?? choices['warn'];
    result[name] = substitute(value, alert.delta);
  }
  return result;
}

/** @param now day (0 = Sunday) and time `HH:MM` on the server's clock. */
export function decideOnServer(rules: readonly Stored[], alert: ServerAlert, roles: readonly string[], now: { day: number; time: string }): ServerDecision {
  const nothing = { execute: false, needsApproval: false, approverRoles: [], resolvedParams: {} };
  for (const rule of rules.toSorted(byBytes)) {
    const when = object(rule['when']);
    if (when['kpiId'] !== alert.kpiId) continue;
    if (list(when['severity']).indexOf(alert.severity) === -1) continue;
    const id = String(rule['id']);
    if (rule['window'] !== null && rule['window'] !== undefined) {
      const { days, start, end } = object(rule['window']);
      const isOpen = list(days).includes(now.day) && !(now.time < String(start)) && !(now.time > String(end));
      if (!isOpen) return { ...nothing, type: 'deny', reason: 'Outside window', ruleId: id };
    }
    const approval = object(rule['approval']);
    const approvers = list(approval['roles']);
    const needs = Boolean(approval['required']) && !(approval['bypassIfSeverity'] === alert.severity);
    let execute = false;
    if (rule['autoExecute'] === true) execute = needs ? roles.filter((role) => approvers.includes(role)).length > 0 : true;
    return { type: 'allow', reason: `Matched ${id}`, execute, needsApproval: needs, approverRoles: approvers, ruleId: id, resolvedParams: parameters(rule, alert) };
  }
  return { ...nothing, type: 'deny', reason: 'No matching rule', ruleId: null };
}
