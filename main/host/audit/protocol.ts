import { z } from 'zod';
import { auditFilterSchema, journalFilterSchema, journalOutcomes, type AuditAlarm, type AuditEntryDetail, type AuditPage, type AuditRow, type AuditStatus, type AuditTimeline, type JournalPage } from '../../../shared/domain/audit.ts';
import type { ReviewAnalysis } from './review.ts';
import type { WitnessedEntry } from './witnessed.ts';
import type { EvidenceViews } from './evidence-views.ts';
import { faults, type Fault, type Finding } from '../../../shared/audit/verdict.ts';

const nothing = z.undefined();
const count = z.number().int().min(0);
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const note = z.string().max(100_000);
const hashes = z.array(bytes).max(200);

/** What the audit part of the host is asked. */
export const auditRequests = {
  'audit.status': nothing,
  /** Names the log. The first key is kept. */
  'audit.begin': z.object({ kind: z.enum(['signed', 'witness']), origin: z.string().min(1).max(300), key: z.string().max(500) }),
  /** What a checkpoint of the server means beside what is known, before anything is read for it. */
  'audit.look': z.object({ note }),
  'audit.append': z.object({ first: count, entries: z.array(z.object({ canonical: z.string().max(100_000), hash: z.string().max(64).nullable() })).max(5000) }),
  /** Settles a checkpoint when the entries are there: consistent with the last one, and the root of what was read. */
  /** Entries of a server that signs nothing, as they were taken down. */
  'audit.witnessed': z.object({ first: count, count: z.number().int().min(1).max(5000) }),
  /** How far back such a server was read: moment of the oldest entry where there are more than may be read, otherwise null. */
  'audit.reached': z.object({ oldest: z.number().nullable() }),
  'audit.accept': z.object({ note, consistency: hashes, seenAt: z.number(), visitedAt: z.number().optional(), source: z.string().max(200), key: z.string().max(500).nullable().default(null) }),
  'audit.differing': z.object({ level: count, index: count, hashes: bytes }),
  'audit.list': z.object({ filter: auditFilterSchema, offset: count, limit: z.number().int().min(1).max(500) }),
  'audit.timeline': z.object({ filter: auditFilterSchema, buckets: z.number().int().min(1).max(400) }),
  'audit.entry': z.object({ index: count }),
  'audit.rows': z.object({ indexes: z.array(count).max(500) }),
  /** What stands out in a period. */
  'audit.review': z.object({ from: z.number(), to: z.number(), /** When the log was last read; null where it never was. */ readAt: z.number().nullable() }),
  'audit.canonicals': z.object({ filter: auditFilterSchema, offset: count, limit: z.number().int().min(1).max(2000) }),
  /** Hashes some tiles again from where the last call ended; `restart` begins anew. */
  'audit.verify': z.object({ restart: z.boolean(), tiles: z.number().int().min(1).max(1000), now: z.number() }),
  /** Views for an evidence file over these entries (by filter, or by places). */
  'audit.evidence': z.object({ filter: auditFilterSchema.nullable(), indexes: z.array(count).max(10_000), limit: count }),
  /** `growth`: proof that the checkpoint goes on with the size that `audit.growthFrom` has named. */
  'audit.raise': z.object({ fault: z.enum(faults), firstBad: count.nullable(), note: note.nullable(), growth: hashes.default([]), now: z.number() }),
  /** Size of the checkpoint that somebody has given a reason for, where a proof from it would tell whether this is the same log. */
  'audit.growthFrom': z.object({ fault: z.enum(faults), firstBad: count.nullable(), note: note.nullable() }),
  /** Puts the log aside for good and begins another. */
  'audit.seal': z.object({ reason: z.string().min(1).max(1000), by: z.string().max(200), now: z.number() }),
  'audit.acknowledge': z.object({ id: z.number().int(), reason: z.string().min(1).max(1000), by: z.string().max(200), now: z.number() }),
  'audit.alarms': nothing,
  'audit.checkpoint': nothing,
  'audit.root': nothing,
  /** The secret of the computer's key, as `audit.keepDevice` has stored it here; null before that. */
  'audit.device': nothing,
  'audit.keepDevice': z.object({ secret: z.string().min(1).max(1000) }),
  'audit.growth': z.object({ from: count, to: count }),
  'journal.add': z.object({ records: z.array(z.object({
    at: z.number(), actor: z.string().max(200), action: z.string().max(200), resource: z.string().max(300), outcome: z.enum(journalOutcomes),
    correlationId: z.string().max(128).nullable(), detail: z.string().max(1000).nullable(),
  })).min(1).max(500) }),
  'journal.list': z.object({ filter: journalFilterSchema, offset: count, limit: z.number().int().min(1).max(1000) }),
} as const;

export type AuditLook = { fault: Fault | null; size: number; verifiedSize: number; known: number };

export type AuditAnswers = {
  'audit.status': AuditStatus;
  'audit.begin': { fault: Fault | null };
  'audit.look': AuditLook;
  'audit.append': { size: number; finding: Finding | null };
  'audit.witnessed': WitnessedEntry[];
  'audit.reached': null;
  'audit.accept': { finding: Finding | null; /** First entry whose time cannot be, until an alarm is raised about it. */ backdated: number | null };
  'audit.differing': number | null;
  'audit.list': AuditPage;
  'audit.timeline': AuditTimeline;
  'audit.entry': AuditEntryDetail | null;
  'audit.rows': AuditRow[];
  'audit.review': ReviewAnalysis;
  'audit.canonicals': { entries: { index: number; canonical: string }[]; total: number };
  'audit.verify': { next: number; of: number; finding: Finding | null };
  /** `cosigners`: keys of colleagues' computers whose cosignatures are in it. */
  'audit.evidence': EvidenceViews & { origin: string; key: string } | null;
  'audit.raise': { id: number; /** False when it is open, or somebody has given a reason for just this. */ isNew: boolean };
  'audit.growthFrom': number | null;
  'audit.seal': AuditStatus;
  'audit.acknowledge': null;
  'audit.alarms': AuditAlarm[];
  'audit.checkpoint': { note: string } | null;
  'audit.root': { size: number; root: string };
  'audit.device': string | null;
  'audit.keepDevice': null;
  'audit.growth': { hashes: Uint8Array[] };
  'journal.add': null;
  'journal.list': JournalPage;
};

export const auditWrites = ['audit.begin', 'audit.append', 'audit.accept', 'audit.reached', 'audit.verify', 'audit.raise', 'audit.seal', 'audit.acknowledge', 'audit.keepDevice', 'journal.add'] as const;
