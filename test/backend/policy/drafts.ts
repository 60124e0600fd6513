import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf, requireAll, requireFresh } from '../erp/auth.ts';
import { objectBody } from '../erp/document-input.ts';
import { HttpError, refuse } from '../erp/errors.ts';
import type { Once } from '../erp/idempotency.ts';
import { checkChanges, reasonOf, type DraftChange } from './input.ts';
import type { RuleStore } from './store.ts';

type Row = { id: string; author: string; at: number; reason: string | null; changes: string; state: string; activate_at: number | null; decided_by: string | null; decided_at: number | null; decision_reason: string | null };

/**
 * Four-eyes: whoever may read policies proposes, a second person with policy:write approves, and only then the change is
 * active; at its time, where it names one.
 */
export function draftRoutes(app: FastifyInstance, db: Db, { rules, now, once, freshSeconds }: { rules: RuleStore; now: () => number; once: Once; freshSeconds: number }): void {
  const base = '/api/mcp/policy/drafts';
  const all = db.prepare<[], Row>('SELECT * FROM policy_drafts ORDER BY at DESC');
  const find = db.prepare<[string], Row>('SELECT * FROM policy_drafts WHERE id = ?');
  const insert = db.prepare(`INSERT INTO policy_drafts (id, author, at, reason, changes, state, activate_at) VALUES (?, ?, ?, ?, ?, 'open', ?)`);
  const decide = db.prepare('UPDATE policy_drafts SET state = ?, decided_by = ?, decided_at = ?, decision_reason = ? WHERE id = ?');
  const due = db.prepare<[number], Row>(`SELECT * FROM policy_drafts WHERE state = 'scheduled' AND activate_at <= ? ORDER BY activate_at`);
  const settle = db.prepare('UPDATE policy_drafts SET state = ? WHERE id = ?');
  const seconds = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1000));
  const wire = (row: Row): object => ({
    id: row.id, author: row.author, at: seconds(row.at), reason: row.reason, changes: JSON.parse(row.changes) as unknown, state: row.state, activateAt: seconds(row.activate_at),
    decidedBy: row.decided_by, decidedAt: seconds(row.decided_at), decisionReason: row.decision_reason,
  });

  /** @throws HttpError 409 when a rule has changed since the draft was made: nothing of it is applied then. */
  const apply = (row: Row, by: string): void => {
    const changes = JSON.parse(row.changes) as DraftChange[];
    const idOf = (change: DraftChange): string => (change.op === 'delete' ? change.id : change.rule.id);
    const stale = changes.filter((change) => (rules.find(idOf(change))?.version ?? null) !== change.baseVersion).map(idOf);
    if (stale.length > 0) throw refuse(409, `Rules changed since the draft: ${stale.join(', ')}`);
    for (const change of changes) {
      const reason = `${row.reason ?? ''} (${row.author} → ${by})`.trim();
      if (change.op === 'delete') rules.remove(change.id, row.author, reason);
      else rules.put(change.rule, row.author, reason);
    }
  };
  // A clock of its own would make tests wait; whoever looks at the rules sees those that are due.
  app.addHook('preHandler', async (request) => {
    if (!request.url.startsWith('/api/mcp/policy')) return;
    for (const row of due.all(now())) {
      try {
        db.transaction(() => { apply(row, row.decided_by ?? ''); settle.run('approved', row.id); })();
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        // Somebody changed the rules between the approval and its time: the draft does nothing, and must not stand in anybody's way.
        settle.run('stale', row.id);
      }
    }
  });

  app.get(base, (request) => {
    requireAll(callerOf(request), 'policy:read');
    return { ok: true, items: all.all().map(wire) };
  });

  app.post(base, (request, reply) => {
    requireAll(callerOf(request), 'policy:read');
    const body = objectBody(request.body);
    const changes = checkChanges(body['changes']);
    const at = body['activateAt'];
    return once(request, reply, () => {
      const id = randomUUID();
      insert.run(id, callerOf(request).name, now(), reasonOf(body), JSON.stringify(changes), typeof at === 'number' ? at * 1000 : null);
      return { status: 201, body: { ok: true, id } };
    });
  });

  for (const verdict of ['approve', 'reject'] as const) {
    app.post<{ Params: { id: string } }>(`${base}/:id/${verdict}`, (request, reply) => {
      const caller = callerOf(request);
      requireAll(caller, 'policy:write');
      if (verdict === 'approve') requireFresh(request, reply, freshSeconds, now);
      const reason = reasonOf(request.body === undefined || request.body === null ? {} : objectBody(request.body));
      return once(request, reply, () => {
        const row = find.get(request.params.id);
        if (row === undefined) throw refuse(404, 'Draft not found');
        if (row.state !== 'open') throw refuse(409, `Draft is ${row.state}`);
        if (verdict === 'approve' && row.author === caller.name) throw refuse(403, 'Four-eyes: the author may not approve');
        const later = verdict === 'approve' && row.activate_at !== null && row.activate_at > now();
        if (verdict === 'approve' && !later) apply(row, caller.name);
        const state = verdict === 'reject' ? 'rejected' : later ? 'scheduled' : 'approved';
        decide.run(state, caller.name, now(), reason, row.id);
        return { status: 200, body: { ok: true, id: row.id, state } };
      });
    });
  }
}
