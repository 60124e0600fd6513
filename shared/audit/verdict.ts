import { z } from 'zod';

/** Why a log or a piece of evidence is not as it should be. */
export const faults = [
  /** Not the form that was agreed on. */
  'format',
  /** No trusted key has signed the checkpoint. */
  'key',
  /** A signature of a trusted key is wrong. */
  'signature',
  /** The checkpoint belongs to another log. */
  'origin',
  /** The statement of whoever made the evidence does not fit it. */
  'statement',
  /** The bytes of an entry are not the one way to write it. */
  'encoding',
  /** An entry has another number than its place. */
  'sequence',
  /** An entry is older than its predecessor, or than a moment at which it was not yet there. */
  'time',
  /** An entry is listed twice or out of order. */
  'order',
  /** An entry is not there. */
  'missing',
  /** An entry does not belong to the signed tree. */
  'entry',
  /** An entry has other bytes than when it was read before. */
  'rewritten',
  /** The log is shorter than it was. */
  'rollback',
  /** The log does not begin with what it was. */
  'inconsistent',
  /** The server no longer shows the log that it has signed. */
  'withheld',
  /** Two people are shown different logs. */
  'splitView',
] as const;
export type Fault = (typeof faults)[number];

/** @property index of the first entry that is concerned, counted from 0; null where none can be named */
export const findingSchema = z.object({ index: z.number().int().nullable(), fault: z.enum(faults) });
export type Finding = z.infer<typeof findingSchema>;

export type Verdict = { ok: true; firstBad: null; fault: null } | { ok: false; /** From here on nothing is proven. */ firstBad: number | null; fault: Fault };

/** The verdict over everything that was found: the smallest index counts, among equals the one found first. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  let worst: Finding | null = null;
  for (const finding of findings) if (worst === null || (finding.index ?? Infinity) < (worst.index ?? Infinity)) worst = finding;
  return worst === null ? { ok: true, firstBad: null, fault: null } : { ok: false, firstBad: worst.index, fault: worst.fault };
}
