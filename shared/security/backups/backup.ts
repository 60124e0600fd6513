import { z } from 'zod';

const hour = 3_600_000;
const day = 24 * hour;

/** PRODUCT, row S9: no more than a day may be lost, and four hours may be needed to be back. */
export const rpoMs = 24 * hour;
export const rtoMs = 4 * hour;
/** A restore is tried each quarter. */
export const drillEveryMs = 92 * day;
export const backupKinds = ['daily', 'monthly'] as const;
export type BackupKind = (typeof backupKinds)[number];

/** A backup as the server tells of it. That it can be restored is proven by a drill only. */
export const backupSchema = z.object({
  id: z.string().min(1).max(200),
  kind: z.enum([...backupKinds, 'other']),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  /** Bytes; null where the server does not say. */
  size: z.number().nullable(),
  sha256: z.string().nullable(),
  keptUntil: z.number().nullable(),
  /** Null where the server does not say anything about another place. */
  offsite: z.object({ copied: z.boolean(), copiedAt: z.number().nullable(), location: z.string() }).nullable(),
});
export type ServerBackup = z.infer<typeof backupSchema>;

/** What a restore drill found, signed by the server. */
export const drillEvidenceSchema = z.object({
  backup: z.string().min(1).max(200), startedAt: z.string().max(40), finishedAt: z.string().max(40),
  rowsCompared: z.number().int().min(0), mismatches: z.number().int().min(0), rpoSeconds: z.number().min(0), rtoSeconds: z.number().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** What is wrong with the backup, in codes: `checksum`, `unreadable`, `integrity`, `offsite`, or `table:<name>`. Signed with the rest. */
  problems: z.array(z.string().regex(/^[\w:.-]{1,100}$/)).max(500).default([]),
  /** Ed25519 over {@link drillText}, base64. */
  signature: z.string().max(200),
});
export type DrillEvidence = z.infer<typeof drillEvidenceSchema>;

/** Why evidence is not believed. */
export const drillFaults = ['format', 'signature', 'key', 'otherBackup', 'times', 'replayed'] as const;
export type DrillFault = (typeof drillFaults)[number];

/** A drill as this client keeps it: the evidence, the key, and what the check of it said. */
export const drillProofSchema = z.object({
  evidence: drillEvidenceSchema,
  /** `name+id+base64` (C2SP signed-note, verifier keys). */
  key: z.string().max(500),
  /** Epoch milliseconds when this client checked it; who had the drill run. */
  checkedAt: z.number(), by: z.string().max(200),
  /** Milliseconds from asking for the drill to its answer, by this client's clock; null for one from a file. */
  tookMs: z.number().nullable(),
  /** Name of the file that it came in; null for a drill that this client has had run. */
  file: z.string().max(300).nullable(),
  fault: z.enum(drillFaults).nullable(),
});
export type DrillProof = z.infer<typeof drillProofSchema>;

/** Under which id a drill is kept. */
export const drillId = ({ evidence }: Pick<DrillProof, 'evidence'>): string => `${evidence.backup} ${evidence.finishedAt}`;

/** Whether a drill of this backup was passed: only then is it known to be restorable. */
export const isProven = (id: string, proofs: readonly DrillProof[]): boolean => {
  const newest = proofs.filter(({ evidence }) => evidence.backup === id).toSorted((a, b) => b.checkedAt - a.checkedAt)[0];
  return newest !== undefined && isPassed(newest);
};

/** A drill has been passed: its evidence is believed, names no problem, every row was there, and in time. */
export const isPassed = ({ fault, evidence }: DrillProof): boolean => fault === null && evidence.mismatches === 0 && evidence.problems.length === 0 && evidence.rowsCompared > 0 && evidence.rtoSeconds * 1000 <= rtoMs;

/** PRODUCT, row S9: thirty days of daily backups, twelve months of monthly ones. */
export const keptMs: Readonly<Record<ServerBackup['kind'], number>> = { daily: 30 * day, monthly: 365 * day, other: 365 * day };
/** Until when a backup is kept, by the server's word or, where it says nothing, by the rule. Epoch milliseconds. */
export const keptUntil = (backup: Pick<ServerBackup, 'kind' | 'createdAt' | 'keptUntil'>): number => backup.keptUntil ?? backup.createdAt + keptMs[backup.kind];

/** When a drill ended. The server says so; a day that lies ahead would make the next one never due. Epoch milliseconds. */
export const endedAt = ({ evidence, checkedAt }: DrillProof): number => Math.min(Date.parse(evidence.finishedAt), checkedAt);

/** How far ahead of our clock a backup may be dated, milliseconds: clocks differ, but one of next year would be recent for ever. */
export const aheadAtMost = hour;

/** Where the backups stand against the rules. */
export type BackupState = {
  newest: ServerBackup | null;
  /** Milliseconds since the newest, 0 when a clock says that it is still to come; null when there is none. */
  age: number | null;
  isRecent: boolean;
  /** `at`: when the newest backup of which there is a copy was made. */
  offsite: { state: 'copied' | 'old' | 'missing' | 'unknown'; at: number | null };
  lastPassed: DrillProof | null;
  drillDueAt: number;
  isDrillDue: boolean;
  /** Days of the last thirty, and months of the last twelve, without a backup, as far as the server's past reaches. */
  gaps: { days: number; months: number };
  /** Backups that should be gone by now: the server does not keep to what it says. */
  overdue: number;
  /** Daily and monthly backups that the server means to delete before the rule lets it. */
  keptTooShort: number;
  /** Milliseconds that the oldest backup lies back; 0 when there is none. */
  reach: number;
};

/** A stretch of the past: how many backups were made in it; `before` is earlier than the oldest that is known. */
export type Stretch = { from: number; to: number; count: number; state: 'there' | 'missing' | 'before' };

/** The last thirty days and twelve months, newest first, counted back from now. */
export function timelineOf(backups: readonly ServerBackup[], now: number): { days: Stretch[]; months: Stretch[] } {
  const oldest = Math.min(now, ...backups.map(({ createdAt }) => createdAt));
  const stretches = (step: number, many: number): Stretch[] => Array.from({ length: many }, (_, index) => {
    const [from, to] = [now - (index + 1) * step, now - index * step];
    const count = backups.filter(({ createdAt }) => createdAt > from && (createdAt <= to || index === 0)).length;
    // Before the first backup there is nothing to miss.
    return { from, to, count, state: count > 0 ? 'there' : to <= oldest || backups.length === 0 ? 'before' : 'missing' };
  });
  return { days: stretches(day, 30), months: stretches(365 * day / 12, 12) };
}

/** Judges backups and drills. @param now epoch milliseconds */
export function judgeBackups(backups: readonly ServerBackup[], proofs: readonly DrillProof[], now: number): BackupState {
  const sorted = backups.toSorted((a, b) => b.createdAt - a.createdAt);
  const newest = sorted[0] ?? null;
  const age = newest === null ? null : Math.max(0, now - newest.createdAt);
  // By what lies there, not by when it was taken there: an old backup that was copied today is still an old one.
  const copied = sorted.find(({ offsite }) => offsite?.copied === true)?.createdAt ?? null;
  const knowsOffsite = sorted.some(({ offsite }) => offsite !== null);
  const lastPassed = proofs.filter(isPassed).toSorted((a, b) => endedAt(b) - endedAt(a))[0] ?? null;
  const drillDueAt = lastPassed === null ? now : endedAt(lastPassed) + drillEveryMs;
  const { days, months } = timelineOf(sorted, now);
  const missing = (stretches: readonly Stretch[]): number => stretches.filter((stretch) => stretch.state === 'missing').length;
  return {
    newest, age, isRecent: age !== null && age <= rpoMs,
    offsite: { state: !knowsOffsite ? 'unknown' : copied === null ? 'missing' : now - copied <= 2 * rpoMs ? 'copied' : 'old', at: copied },
    lastPassed, drillDueAt, isDrillDue: drillDueAt <= now,
    gaps: { days: missing(days), months: missing(months) },
    overdue: sorted.filter((backup) => keptUntil(backup) + day < now).length,
    keptTooShort: sorted.filter(({ kind, createdAt, keptUntil: until }) => kind !== 'other' && until !== null && until - createdAt < keptMs[kind] - day).length,
    reach: Math.max(0, now - (sorted.at(-1)?.createdAt ?? now)),
  };
}
