import type { Db } from '../db.ts';
import { invalid, refuse } from '../erp/errors.ts';
import { checkRules } from './input.ts';
import type { RuleStore } from './store.ts';

type Row = { file: string; at: number; tenant: string; body: string };

/** Backups that are kept; older ones go. */
export const keptBackups = 30;

/** Backups of the rules, on the server. */
export function createBackups(db: Db, rules: RuleStore, now: () => number, tenant: string) {
  const insert = db.prepare('INSERT OR REPLACE INTO policy_backups (file, at, tenant, body) VALUES (?, ?, ?, ?)');
  const all = db.prepare<[], Row>('SELECT * FROM policy_backups ORDER BY at DESC, file DESC');
  const find = db.prepare<[string], Row>('SELECT * FROM policy_backups WHERE file = ?');
  const prune = db.prepare('DELETE FROM policy_backups WHERE file NOT IN (SELECT file FROM policy_backups ORDER BY at DESC LIMIT ?)');

  const create = (author: string, label = 'policy'): string => {
    const at = now();
    const file = `${label}-${new Date(at).toISOString().replace(/[:.]/g, '-')}.json`;
    insert.run(file, at, tenant, JSON.stringify({ tenant, author, createdAt: new Date(at).toISOString(), rules: rules.list().map(({ rule }) => rule) }));
    return file;
  };
  const contentOf = (body: Record<string, unknown>): { text: string; from: string } => {
    if (typeof body['file'] === 'string') {
      const row = find.get(body['file']);
      if (row === undefined) throw refuse(404, `Backup not found: ${body['file']}`);
      return { text: row.body, from: row.file };
    }
    if (typeof body['json'] !== 'string') throw invalid(['body', 'json'], 'Input should be a valid string', body['json'], 'string_type');
    return { text: body['json'], from: 'json' };
  };

  return {
    create,
    list: (): { file: string; at: number; tenant: string; rules: number }[] => all.all().map(({ file, at, tenant: owner, body }) => ({ file, at, tenant: owner, rules: (JSON.parse(body) as { rules: unknown[] }).rules.length })),
    prune: (): void => { prune.run(keptBackups); },
    /** Replaces every rule by those of a backup, after a safety copy. Empty backups and those of another tenant are refused. */
    restore: (body: Record<string, unknown>, author: string): { restoredFrom: string; safetyBackup: string; count: number } => {
      const { text, from } = contentOf(body);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        throw invalid(['body', 'json'], 'Invalid JSON', null, 'json_invalid');
      }
      const content = (typeof value === 'object' && value !== null ? value : {}) as { rules?: unknown; tenant?: unknown };
      if (typeof content.tenant === 'string' && content.tenant !== tenant) throw refuse(409, `Backup belongs to tenant ${content.tenant}`);
      const given = checkRules(content.rules, ['body', 'json', 'rules']);
      if (given.length === 0) throw refuse(400, 'Backup is empty');
      const safetyBackup = create(author, 'safety');
      const kept = new Set(given.map(({ id }) => id));
      for (const { rule } of rules.list()) if (!kept.has(rule.id)) rules.remove(rule.id, author, `restore ${from}`);
      for (const rule of given) rules.put(rule, author, `restore ${from}`);
      return { restoredFrom: from, safetyBackup, count: given.length };
    },
  };
}
