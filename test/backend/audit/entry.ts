import { createHash } from 'node:crypto';

/** What happened once, as it is recorded. Everything is text, so that no two parsers can disagree about it. */
export type AuditEntry = {
  /** Epoch milliseconds. */
  ts: number;
  actor: string;
  /** Roles of the actor at that moment, as `a,b`. */
  role: string | null;
  /** The program that asked, as it named itself. */
  client: string | null;
  action: string;
  /** `sales/SO-1`, `policy/R1`, `session`, … */
  resource: string;
  from: string | null;
  /** Null for a refused attempt. */
  to: string | null;
  reason: string | null;
  /** Guard or rule that decided. */
  policy: string | null;
  correlationId: string;
  outcome: 'accepted' | 'refused';
};

/** An entry with its place; `seq` begins with 1. */
export type StoredEntry = AuditEntry & { seq: number };

/** The bytes that the log commits to: a JSON array in a fixed order, so that nobody has to guess about key order. */
export const canonical = (seq: number, entry: AuditEntry): string => JSON.stringify([
  seq, new Date(entry.ts).toISOString(), entry.actor, entry.role, entry.client, entry.action, entry.resource,
  entry.from, entry.to, entry.reason, entry.policy, entry.correlationId, entry.outcome,
]);

type Parts = [number, string, string, string | null, string | null, string, string, string | null, string | null, string | null, string | null, string, 'accepted' | 'refused'];

/** The entry that the bytes speak of. */
export function parseCanonical(text: string): StoredEntry {
  const [seq, ts, actor, role, client, action, resource, from, to, reason, policy, correlationId, outcome] = JSON.parse(text) as Parts;
  return { seq, ts: Date.parse(ts), actor, role, client, action, resource, from, to, reason, policy, correlationId, outcome };
}

/** RFC 6962 section 2.1: SHA-256(0x00 ‖ bytes). */
export const leafHash = (text: string): Buffer => createHash('sha256').update('\0').update(text, 'utf8').digest();

/** RFC 6962 section 2.1: SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Buffer, right: Buffer): Buffer => createHash('sha256').update('\x01').update(left).update(right).digest();
