import { z } from 'zod';
import { auditFilterSchema, auditRowSchema } from '../../domain/audit.ts';

/** What a review looks for, in the order in which it is gone through. */
export const findingKinds = ['alarm', 'section', 'unverified', 'unread', 'silence', 'journalBroken', 'journalMissing', 'selfApproval', 'privilege', 'failedLogin', 'failed', 'bulk', 'unusualHours'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** When something counts; a report states these figures. */
export const reviewRules = {
  /** Days before the period from which a person's usual hours are learnt, and the entries that it takes. */
  habitDays: 90, habitEntries: 50,
  /** Part of a person's entries, in a thousand, below which an hour (with its neighbours) or a weekday is unusual. */
  habitPerMille: 10,
  bulkEntries: 20, bulkMinutes: 10,
  failedEntries: 3,
  silenceHours: 96,
} as const;

/** Findings that a review holds; more than anybody can decide about. What comes last in the order of the kinds is left out. */
export const mostFindings = 2000;

/** Entries of one evidence file. */
export const mostBundled = 10_000;

/** With one of these nobody can say what happened in the whole period, whatever a person accepts. */
export const isIncomplete = ({ findings, cut }: Pick<Review, 'findings' | 'cut'>): boolean => cut > 0 || findings.some(({ kind }) => kind === 'unverified' || kind === 'unread' || kind === 'journalBroken');

/** Entries behind one finding that are kept with it; `count` says how many there are. */
export const keptEntries = 200;

export const foundSchema = z.object({
  kind: z.enum(findingKinds),
  /** Who it is about; empty where nobody is. */
  actor: z.string().max(200),
  /** What it is about: an action, a document, an alarm's number. */
  subject: z.string().max(300),
  count: z.number().int(),
  /** Epoch milliseconds of the first and the last entry. */
  first: z.number(),
  last: z.number(),
  /** Places in the log, counted from 0. */
  indexes: z.array(z.number().int()).max(keptEntries),
  /** How to see the entries on the audit screen. */
  filter: auditFilterSchema.nullable(),
});
export type Found = z.infer<typeof foundSchema>;

/** The log sets no bounds to its texts, a review does: what is longer is cut, and a filter that could not be asked for is left out. */
export const fitting = (found: Found): Found => ({ ...found, actor: found.actor.slice(0, 200), subject: found.subject.slice(0, 300), filter: auditFilterSchema.safeParse(found.filter).success ? found.filter : null });

export const verdicts = ['accepted', 'raised'] as const;
export type Verdict = (typeof verdicts)[number];
export const decisionSchema = z.object({ verdict: z.enum(verdicts), note: z.string().max(2000), at: z.number(), by: z.string().max(200) });

export const findingSchema = foundSchema.extend({ id: z.string().max(600), decision: decisionSchema.nullable() });
export type ReviewFinding = z.infer<typeof findingSchema>;

export const periodSchema = z.object({ from: z.number(), to: z.number() });

export const reviewSchema = z.object({
  id: z.uuid(),
  /** Epoch milliseconds, both included. */
  from: z.number(),
  to: z.number(),
  createdAt: z.number(),
  createdBy: z.string().max(200),
  /** The log as it was when the findings were made. `verified` is null while this client has verified nothing of it. */
  log: z.object({ kind: z.enum(['signed', 'witness']), origin: z.string().nullable(), size: z.number().int(), verified: z.object({ size: z.number().int(), at: z.number() }).nullable(), root: z.string() }),
  /** In the period. */
  entries: z.number().int(),
  actors: z.number().int(),
  findings: z.array(findingSchema).max(5000),
  /** Findings beyond {@link mostFindings}: nobody has seen them, and everything that tells of the review says so. */
  cut: z.number().int().min(0).default(0),
  /** The report that ended it: its SHA-256 in hex, and the statement that this computer signed about it. */
  finished: z.object({ at: z.number(), by: z.string().max(200), sha256: z.string().length(64), file: z.string().max(500), statement: z.string().max(100_000) }).nullable(),
});
export type Review = z.infer<typeof reviewSchema>;

/** A review in the list of all. */
export const reviewSummarySchema = reviewSchema.omit({ findings: true, log: true }).extend({ total: z.number().int(), decided: z.number().int(), raised: z.number().int() });
export type ReviewSummary = z.infer<typeof reviewSummarySchema>;
export const reviewRowsSchema = z.array(auditRowSchema);

export const openFindings = (review: Pick<Review, 'findings'>): number => review.findings.filter(({ decision }) => decision === null).length;
export const raisedFindings = (review: Pick<Review, 'findings'>): number => review.findings.filter(({ decision }) => decision?.verdict === 'raised').length;

export function summaryOf({ findings, log: _log, ...rest }: Review): ReviewSummary {
  return { ...rest, total: findings.length, decided: findings.length - openFindings({ findings }), raised: raisedFindings({ findings }) };
}

/** What the evidence file of a review holds: places in the log, and how much of what is behind the findings is not in it. */
export function bundleOf({ findings, log }: Pick<Review, 'findings' | 'log'>): { indexes: number[]; beyond: number; unproven: number; shortened: number } {
  const kept = [...new Set(findings.flatMap(({ indexes }) => indexes))].toSorted((a, b) => a - b);
  const provable = kept.filter((index) => index < (log.verified?.size ?? 0));
  const indexes = provable.slice(0, mostBundled);
  return { indexes, beyond: provable.length - indexes.length, unproven: kept.length - provable.length, shortened: findings.filter(isShortened).length };
}

/** More entries are behind it than are kept with it. */
export const isShortened = ({ indexes, count }: Pick<Found, 'indexes' | 'count'>): boolean => indexes.length === keptEntries && count > keptEntries;

/** Names a finding the same way when the same period is looked at again. */
export const findingId = ({ kind, actor, subject }: Pick<Found, 'kind' | 'actor' | 'subject'>): string => JSON.stringify([kind, actor, subject]);
