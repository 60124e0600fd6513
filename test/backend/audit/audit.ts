import type { FastifyRequest } from 'fastify';
import type { Db } from '../db.ts';
import { callerOf } from '../erp/auth.ts';
import { canonical, leafHash, parseCanonical, type AuditEntry } from './entry.ts';

export type { AuditEntry } from './entry.ts';

export type Row = { seq: number; canonical: string; hash: Buffer };

/** What a route says about what it did; who asked, from where and under which correlation id is taken from the request. */
export type AuditRecord = Pick<AuditEntry, 'action' | 'resource'> & Partial<Pick<AuditEntry, 'from' | 'to' | 'reason' | 'policy' | 'outcome'>>;

export type Audit = {
  append(entry: AuditEntry): void;
  /**
   * Records what a request did. Call it inside the transaction of the effect; for a refusal after it has rolled back, or the
   * entry is gone with it. Whatever changes something and records nothing itself is recorded by the server (see fallback.ts).
   */
  record(request: FastifyRequest, entry: AuditRecord): void;
  /** The document's transitions in order, as the security profile sends them; refused attempts are marked by `outcome`. */
  trail(domain: string, number: string): Record<string, unknown>[];
  /** Sequence number of the first entry that is out of order or does not match its stored hash, or null. */
  firstBroken(): number | null;
};

declare module 'fastify' {
  interface FastifyRequest { audited: boolean | undefined }
}

const transitions = new Set(['submit', 'approve', 'reject', 'post']);

/** The server's one audit log: append-only, over everything that happens. */
export function createAudit(db: Db, now: () => number = Date.now): Audit {
  const insert = db.prepare('INSERT INTO audit_log (position, seq, ts, actor, action, resource, canonical, hash) VALUES (@seq, @seq, @ts, @actor, @action, @resource, @text, @hash)');
  const select = db.prepare<[string], Row>('SELECT seq, canonical, hash FROM audit_log WHERE resource = ? ORDER BY position');
  const all = db.prepare<[], Row>('SELECT seq, canonical, hash FROM audit_log ORDER BY position');
  const last = db.prepare<[], number | null>('SELECT max(position) FROM audit_log').pluck();

  const append = (entry: AuditEntry): void => {
    // Read every time: a number kept in memory would be wrong after a rollback.
    const seq = (last.get() ?? 0) + 1;
    const text = canonical(seq, entry);
    insert.run({ seq, ts: entry.ts, actor: entry.actor, action: entry.action, resource: entry.resource, text, hash: leafHash(text) });
  };

  return {
    append,
    record: (request, entry) => {
      const caller = callerOf(request);
      request.audited = true;
      append({
        ts: now(), actor: caller.name, role: caller.roles.join(',') || null, client: clientOf(request), correlationId: request.id,
        from: null, to: null, reason: null, policy: null, outcome: 'accepted', ...entry,
      });
    },
    trail: (domain, number) => select.all(`${domain}/${number}`).map((row) => ({ ...parseCanonical(row.canonical), hash: row.hash.toString('hex') }))
      .filter(({ action }) => transitions.has(action))
      .map(({ seq, ts, actor, action, from, to, reason, policy, correlationId, outcome, hash }) => ({ seq, ts: Math.floor(ts / 1000), user: actor, action, from, to, reason, policy, correlationId, outcome, hash })),
    firstBroken: () => {
      let expected = 1;
      for (const row of all.iterate()) {
        if (row.seq !== expected || parseCanonical(row.canonical).seq !== expected || !row.hash.equals(leafHash(row.canonical))) return row.seq;
        expected += 1;
      }
      return null;
    },
  };
}

/** The program that asks, as it names itself. */
export function clientOf(request: FastifyRequest): string | null {
  const agent = request.headers['user-agent'];
  return typeof agent === 'string' && agent !== '' ? agent.slice(0, 120) : null;
}
