import type { Db } from '../db.ts';
import { refuse } from '../erp/errors.ts';

export type StoredRule = Record<string, unknown> & { id: string };

/** One change of the rules: by whom, when and why. `rule` is null where it was deleted. */
export type RuleVersion = { seq: number; ruleId: string; version: number; author: string; at: number; reason: string | null; rule: StoredRule | null };

const schema = `
CREATE TABLE IF NOT EXISTS policy_rules (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS policy_versions (
  seq INTEGER PRIMARY KEY, rule_id TEXT NOT NULL, version INTEGER NOT NULL, author TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS policy_alerts (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, alert TEXT NOT NULL, roles TEXT NOT NULL, decision TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS policy_alerts_at ON policy_alerts (at, seq);
CREATE TABLE IF NOT EXISTS policy_drafts (
  id TEXT PRIMARY KEY, author TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT, changes TEXT NOT NULL, state TEXT NOT NULL, activate_at INTEGER,
  decided_by TEXT, decided_at INTEGER, decision_reason TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS policy_backups (file TEXT PRIMARY KEY, at INTEGER NOT NULL, tenant TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
`;

type Row = { id: string; version: number; body: string };

/** Rules with their history, in the server's database. Every write belongs into a transaction of the caller. */
export function createRuleStore(db: Db, now: () => number) {
  db.exec(schema);
  const all = db.prepare<[], Row>('SELECT id, version, body FROM policy_rules ORDER BY id');
  const one = db.prepare<[string], Row>('SELECT id, version, body FROM policy_rules WHERE id = ?');
  const last = db.prepare<[string], { version: number }>('SELECT max(version) AS version FROM policy_versions WHERE rule_id = ?');
  const put = db.prepare('INSERT INTO policy_rules (id, version, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body');
  const drop = db.prepare('DELETE FROM policy_rules WHERE id = ?');
  const note = db.prepare('INSERT INTO policy_versions (rule_id, version, author, at, reason, body) VALUES (?, ?, ?, ?, ?, ?)');
  const versions = db.prepare<[], { seq: number; rule_id: string; version: number; author: string; at: number; reason: string | null; body: string | null }>('SELECT * FROM policy_versions ORDER BY seq DESC');

  const parse = (row: Row): StoredRule => JSON.parse(row.body) as StoredRule;
  const remember = (id: string, author: string, reason: string | null, body: string | null): number => {
    const version = (last.get(id)?.version ?? 0) + 1;
    note.run(id, version, author, now(), reason, body);
    return version;
  };

  return {
    list: (): { rule: StoredRule; version: number }[] => all.all().map((row) => ({ rule: parse(row), version: row.version })),
    find: (id: string): { rule: StoredRule; version: number } | undefined => {
      const row = one.get(id);
      return row && { rule: parse(row), version: row.version };
    },
    /** @returns the new version. */
    put: (rule: StoredRule, author: string, reason: string | null): number => {
      const body = JSON.stringify(rule);
      const version = remember(rule.id, author, reason, body);
      put.run(rule.id, version, body);
      return version;
    },
    remove: (id: string, author: string, reason: string | null): void => {
      remember(id, author, reason, null);
      drop.run(id);
    },
    versions: (): RuleVersion[] => versions.all().map((row) => ({
      seq: row.seq, ruleId: row.rule_id, version: row.version, author: row.author, at: row.at, reason: row.reason, rule: row.body === null ? null : (JSON.parse(row.body) as StoredRule),
    })),
  };
}
export type RuleStore = ReturnType<typeof createRuleStore>;

/** @throws HttpError 412 when the rule is not the version that the caller has seen. */
export function checkVersion(ifMatch: string | null, known: { version: number } | undefined): void {
  if (ifMatch === null) return;
  if (ifMatch === '*' ? known === undefined : ifMatch !== String(known?.version)) throw refuse(412, 'Rule was changed by someone else');
}
