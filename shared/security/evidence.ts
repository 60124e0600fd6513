import { z } from 'zod';
import { pointIds } from './points.ts';

/**
 * Where a piece of evidence comes from, the most trustworthy first: this client has seen it itself, a file of another tool
 * says so, a person vouches for it, or the server only claims it.
 */
export const evidenceSources = ['measured', 'imported', 'attested', 'claimed'] as const;
export type EvidenceSource = (typeof evidenceSources)[number];

/** `notApplicable` takes the point out of the score, with its reason. */
export const outcomes = ['met', 'partly', 'unmet', 'notApplicable'] as const;
export type Outcome = (typeof outcomes)[number];

/** One observation about one point. A newer one with the same point and origin takes the place of the older. */
export const evidenceSchema = z.object({
  point: z.enum(pointIds),
  /** Which check, file or person it comes from, for example `posture.hsts` or `checklist.deployment`. */
  origin: z.string().min(1).max(200),
  outcome: z.enum(outcomes),
  source: z.enum(evidenceSources),
  /** When it was seen, epoch milliseconds. */
  at: z.number(),
  /** From then on it counts as stale, epoch milliseconds; null when it never does. */
  expiresAt: z.number().nullable(),
  /** What was seen: a full text key (`namespace.key`) and its values. */
  messageKey: z.string().max(200),
  params: z.record(z.string(), z.string().max(500)),
  /** Who attested or imported it; null for what was measured or claimed. */
  by: z.string().max(200).nullable(),
  /** Address in the app where it can be looked at, for example `/security/posture`. */
  link: z.string().max(300).nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** Under which id a piece of evidence is kept. */
export const evidenceId = ({ point, origin }: Pick<Evidence, 'point' | 'origin'>): string => `${point} ${origin}`;

/** Whether evidence still counts. */
export const isStale = ({ expiresAt }: Pick<Evidence, 'expiresAt'>, now: number): boolean => expiresAt !== null && expiresAt <= now;
