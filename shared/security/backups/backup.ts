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
  sha256: z.string().regex(/^[0-9a-f]{64}$/), signature: z.string().max(200),
});
export type DrillEvidence = z.infer<typeof drillEvidenceSchema>;

/** First line of what is signed, so that no other text of the same key passes for a drill. */
export const drillFormat = 'valeo-restore-drill/1';

/** The text under the signature: the format, and the fields as a JSON array in this order. */
export function drillText({ backup, startedAt, finishedAt, rowsCompared, mismatches, rpoSeconds, rtoSeconds, sha256 }: DrillEvidence): string {
  return `${drillFormat}\n${JSON.stringify([backup, startedAt, finishedAt, rowsCompared, mismatches, rpoSeconds, rtoSeconds, sha256])}\n`;
}

/** Why evidence is not believed. */
export const drillFaults = ['signature', 'key', 'otherBackup', 'times'] as const;
export type DrillFault = (typeof drillFaults)[number];

/** A drill as this client keeps it: the evidence, the key, and what the check of it said. */
export const drillProofSchema = z.object({
  evidence: drillEvidenceSchema,
  /** `name+id+base64` (C2SP signed-note, verifier keys). */
  key: z.string().max(500),
  /** Epoch milliseconds when this client checked it; who had the drill run. */
  checkedAt: z.number(), by: z.string().max(200),
  fault: z.enum(drillFaults).nullable(),
});
export type DrillProof = z.infer<typeof drillProofSchema>;

/** A drill has been passed: its evidence is believed, every row was there, and in time. */
export const isPassed = ({ fault, evidence }: DrillProof): boolean => fault === null && evidence.mismatches === 0 && evidence.rowsCompared > 0 && evidence.rtoSeconds * 1000 <= rtoMs;

/** Where the backups stand against the rules. */
export type BackupState = {
  newest: ServerBackup | null;
  /** Milliseconds since the newest; null when there is none. */
  age: number | null;
  isRecent: boolean;
  offsite: { state: 'copied' | 'old' | 'missing' | 'unknown'; at: number | null };
  lastPassed: DrillProof | null;
  drillDueAt: number;
  isDrillDue: boolean;
  /** Days of the last thirty, and months of the last twelve, without a backup, as far as the server's past reaches. */
  gaps: { days: number; months: number };
};

/** Judges backups and drills. @param now epoch milliseconds */
export function judgeBackups(backups: readonly ServerBackup[], proofs: readonly DrillProof[], now: number): BackupState {
  const sorted = backups.toSorted((a, b) => b.createdAt - a.createdAt);
  const newest = sorted[0] ?? null;
  const age = newest === null ? null : now - newest.createdAt;
  const copied = sorted.filter(({ offsite }) => offsite?.copied === true).map(({ offsite, createdAt }) => offsite?.copiedAt ?? createdAt).toSorted((a, b) => b - a)[0] ?? null;
  const knowsOffsite = sorted.some(({ offsite }) => offsite !== null);
  const lastPassed = proofs.filter(isPassed).toSorted((a, b) => Date.parse(b.evidence.finishedAt) - Date.parse(a.evidence.finishedAt))[0] ?? null;
  const drillDueAt = lastPassed === null ? now : Date.parse(lastPassed.evidence.finishedAt) + drillEveryMs;
  const oldest = sorted.at(-1)?.createdAt ?? now;
  const missing = (step: number, count: number): number => Array.from({ length: count }, (_, index) => now - (index + 1) * step)
    // Before the first backup there is nothing to miss.
    .filter((from) => from >= oldest && !sorted.some(({ createdAt }) => createdAt >= from && createdAt < from + step)).length;
  return {
    newest, age, isRecent: age !== null && age <= rpoMs,
    offsite: { state: !knowsOffsite ? 'unknown' : copied === null ? 'missing' : now - copied <= 2 * rpoMs ? 'copied' : 'old', at: copied },
    lastPassed, drillDueAt, isDrillDue: drillDueAt <= now,
    gaps: { days: missing(day, 30), months: missing(365 * day / 12, 12) },
  };
}
