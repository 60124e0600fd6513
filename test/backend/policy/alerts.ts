import type { Db } from '../db.ts';
import { refuse } from '../erp/errors.ts';
import { decideOnServer, type ServerDecision } from './engine.ts';
import type { RuleStore } from './store.ts';

/** The server's clock on the wall. */
export const serverTimeZone = 'Europe/Berlin';

export type PastAlert = { seq: number; at: number; alert: Record<string, unknown>; roles: string[]; decision: ServerDecision };

const wallClock = new Intl.DateTimeFormat('en-GB', { timeZone: serverTimeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Day (0 = Sunday) and `HH:MM` of a moment (epoch milliseconds) in the server's time zone. */
export function wallTime(at: number): { day: number; time: string } {
  const parts = Object.fromEntries(wallClock.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts['weekday'] ?? ''), time: `${parts['hour']}:${parts['minute']}` };
}

/** Alerts with the decision that was taken, as they are raised. */
export function createAlerts(db: Db, rules: RuleStore, now: () => number) {
  const insert = db.prepare('INSERT INTO policy_alerts (at, alert, roles, decision) VALUES (?, ?, ?, ?)');
  const select = db.prepare<[number, number, number, number, number], { seq: number; at: number; alert: string; roles: string; decision: string }>(
    'SELECT * FROM policy_alerts WHERE (at > ? OR (at = ? AND seq > ?)) AND at <= ? ORDER BY at, seq LIMIT ?');

  const decide = (alert: Record<string, unknown>, roles: readonly string[], at = now()): ServerDecision => {
    const { kpiId, severity, delta } = alert;
    if (typeof kpiId !== 'string' || typeof severity !== 'string') throw refuse(422, 'alert needs kpiId and severity');
    return decideOnServer(rules.list().map(({ rule }) => rule), { kpiId, severity, ...(typeof delta === 'number' && { delta }) }, roles, wallTime(at));
  };
  return {
    decide,
    /** An alert happens: it is decided by the rules of now and kept. */
    raise: (alert: Record<string, unknown>, roles: readonly string[], at = now()): ServerDecision => {
      const decision = decide(alert, roles, at);
      insert.run(at, JSON.stringify(alert), JSON.stringify(roles), JSON.stringify(decision));
      return decision;
    },
    /** Those after (`at`, `seq`) up to `to`, oldest first. */
    list: (at: number, seq: number, to: number, limit: number): PastAlert[] =>
      select.all(at, at, seq, to, limit).map((row) => ({ seq: row.seq, at: row.at, alert: JSON.parse(row.alert) as Record<string, unknown>, roles: JSON.parse(row.roles) as string[], decision: JSON.parse(row.decision) as ServerDecision })),
  };
}
export type Alerts = ReturnType<typeof createAlerts>;
