import { createHash } from 'node:crypto';
import type { Db } from '../db.ts';

export type AuditEntry = {
  /** Epoch milliseconds; whole seconds on the wire. */
  ts: number;
  actor: string;
  action: string;
  domain: string;
  number: string;
  from: string | null;
  /** Null for a refused attempt. */
  to: string | null;
  reason: string | null;
  /** Guard or rule that decided. */
  policy: string | null;
  correlationId: string;
  outcome: 'accepted' | 'refused';
};

type Row = { seq: number; ts: number; actor: string; action: string; domain: string; number: string; from_state: string | null; to_state: string | null; reason: string | null; policy: string | null; correlation_id: string; outcome: string; hash: string };

/** What the first entry is chained to. */
export const genesis = '0'.repeat(64);

/** The bytes an entry's hash covers: a JSON array in a fixed order, so that nobody has to guess about key order. */
export function canonical(seq: number, entry: AuditEntry): string {
  return JSON.stringify([seq, entry.ts, entry.actor, entry.action, entry.domain, entry.number, entry.from, entry.to, entry.reason, entry.policy, entry.correlationId, entry.outcome]);
}

/** SHA-256 over the previous hash and the entry, hex. */
export const chainHash = (previous: string, seq: number, entry: AuditEntry): string =>
  createHash('sha256').update(previous).update('\n').update(canonical(seq, entry)).digest('hex');

export type Audit = {
  append(entry: AuditEntry): void;
  /** The document's entries in order, as the security profile sends them; refused attempts are marked by `outcome`. */
  trail(domain: string, number: string): Record<string, unknown>[];
  /** Sequence number of the first entry that does not match the chain, or null. */
  firstBroken(): number | null;
};

/** The server's one audit log: an append-only chain over all documents. */
export function createAudit(db: Db): Audit {
  const insert = db.prepare(`INSERT INTO audit (seq, ts, actor, action, domain, number, from_state, to_state, reason, policy, correlation_id, outcome, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const select = db.prepare<[string, string], Row>('SELECT * FROM audit WHERE domain = ? AND number = ? ORDER BY seq');
  const all = db.prepare<[], Row>('SELECT * FROM audit ORDER BY seq');
  const readHead = db.prepare<[], { seq: number; hash: string }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');

  return {
    append: (entry) => {
      // Read every time: a head kept in memory would be wrong after a rollback.
      const head = readHead.get() ?? { seq: 0, hash: genesis };
      const seq = head.seq + 1;
      const hash = chainHash(head.hash, seq, entry);
      insert.run(seq, entry.ts, entry.actor, entry.action, entry.domain, entry.number, entry.from, entry.to, entry.reason, entry.policy, entry.correlationId, entry.outcome, hash);
    },
    trail: (domain, number) => select.all(domain, number).map((row) => ({
      seq: row.seq, ts: Math.floor(row.ts / 1000), user: row.actor, action: row.action, from: row.from_state, to: row.to_state,
      reason: row.reason, policy: row.policy, correlationId: row.correlation_id, outcome: row.outcome, hash: row.hash,
    })),
    firstBroken: () => {
      let previous = genesis;
      let expected = 1;
      for (const row of all.iterate()) {
        const entry: AuditEntry = {
          ts: row.ts, actor: row.actor, action: row.action, domain: row.domain, number: row.number, from: row.from_state, to: row.to_state,
          reason: row.reason, policy: row.policy, correlationId: row.correlation_id, outcome: row.outcome === 'refused' ? 'refused' : 'accepted',
        };
        if (row.seq !== expected || row.hash !== chainHash(previous, row.seq, entry)) return row.seq;
        previous = row.hash;
        expected += 1;
      }
      return null;
    },
  };
}
