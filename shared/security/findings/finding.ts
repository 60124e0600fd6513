import { z } from 'zod';
import { severities, severityReasonSchema } from './severity.ts';
import { formats, refusals, rowFaults, scanKinds } from './report.ts';

export const statuses = ['open', 'fixed', 'accepted', 'notAffected'] as const;
export type FindingStatus = (typeof statuses)[number];

const count = z.number().int().min(0);
const text = z.string();
const time = z.number();

export const findingKinds = ['vulnerability', 'code', 'web'] as const;

/** A line of the list. */
export const findingRowSchema = z.object({
  id: z.number().int(), kind: z.enum(findingKinds), title: text, severity: z.enum(severities), status: z.enum(statuses),
  /** Where it is, in one line. */
  place: text, tools: z.array(text), firstSeen: time, lastSeen: time, dueAt: time.nullable(), fix: text.nullable(),
  /** Came with the last import that brought anything of its scan. */
  isNew: z.boolean(),
});
export type FindingRow = z.infer<typeof findingRowSchema>;

const placeSchema = z.object({
  component: z.object({ ecosystem: text, name: text, version: text.nullable() }).nullable(),
  file: text.nullable(), line: z.number().nullable(), url: text.nullable(), parameter: text.nullable(), layer: text.nullable(),
});

/** What one scan says about a finding. */
export const findingSourceSchema = z.object({
  tool: text, kind: z.enum(scanKinds), target: text.nullable(), /** A part of the target that is scanned by itself. */ part: text, present: z.boolean(), firstSeen: time, lastSeen: time,
  severity: z.enum(severities), reason: severityReasonSchema, title: text, rule: text.nullable(), places: z.array(placeSchema), fix: text.nullable(),
  statement: z.object({ state: z.enum(['notAffected', 'fixed', 'affected', 'ignored']), detail: text }).nullable(),
});
export type FindingSource = z.infer<typeof findingSourceSchema>;

export const eventKinds = ['found', 'alsoFound', 'gone', 'fixed', 'reopened', 'accepted', 'acceptanceEnded', 'acceptanceExpired', 'notAffected', 'merged'] as const;
export type EventKind = (typeof eventKinds)[number];
export const findingEventSchema = z.object({ at: time, what: z.enum(eventKinds), by: text.nullable(), note: text });
export type FindingEvent = z.infer<typeof findingEventSchema>;

export const acceptanceSchema = z.object({ reason: text, until: time, by: text, at: time });
export type Acceptance = z.infer<typeof acceptanceSchema>;

export const findingSchema = findingRowSchema.extend({
  description: text, ids: z.array(text), cwes: z.array(z.number()), openedAt: time, closedAt: time.nullable(),
  acceptance: acceptanceSchema.nullable(), sources: z.array(findingSourceSchema), events: z.array(findingEventSchema),
});
export type Finding = z.infer<typeof findingSchema>;

export const findingSorts = ['severity', 'due', 'firstSeen'] as const;

/** `change` is what an import did: `last` stands for the last one that was taken. */
export const findingFilterSchema = z.object({
  severities: z.array(z.enum(severities)).max(5), statuses: z.array(z.enum(statuses)).max(4), tools: z.array(z.string().max(80)).max(20),
  change: z.enum(['new', 'gone']).nullable(), overdue: z.boolean(), text: z.string().max(200),
});
export type FindingFilter = z.infer<typeof findingFilterSchema>;
export const everyFinding: FindingFilter = { severities: [], statuses: [], tools: [], change: null, overdue: false, text: '' };
export const findingQuerySchema = z.object({ filter: findingFilterSchema, sort: z.enum(findingSorts), direction: z.enum(['asc', 'desc']), offset: count, limit: z.number().int().min(1).max(1000) });
export type FindingQuery = z.infer<typeof findingQuerySchema>;
export const findingPageSchema = z.object({ rows: z.array(findingRowSchema), total: count });
export type FindingPage = z.infer<typeof findingPageSchema>;

const bySeverity = z.object({ critical: count, high: count, medium: count, low: count, info: count });
export type BySeverity = z.infer<typeof bySeverity>;
export const noneBySeverity = (): BySeverity => ({ critical: 0, high: 0, medium: 0, low: 0, info: 0 });

/** What an import did, exactly. */
export const importSchema = z.object({
  id: z.uuid(), at: time, by: text, file: text, format: z.enum(formats).nullable(), refused: z.enum(refusals).nullable(),
  scans: z.array(z.object({ tool: text, toolVersion: text.nullable(), kind: z.enum(scanKinds), target: text.nullable(), part: text.default(''), scannedAt: time, /** Vanished findings of this scan were closed. */ closes: z.boolean(), /** A newer scan of the same was known already. */ isOlder: z.boolean(), /** The report says when it was made; otherwise it counts from its import. */ isDated: z.boolean().default(true) })),
  rows: count, opened: count, reopened: count, known: count, closed: count, merged: count,
  unusable: count, faults: z.array(z.object({ at: text, why: z.enum(rowFaults) })),
  /** All open findings after it: the trend is drawn from this. */
  open: bySeverity,
});
export type ImportRecord = z.infer<typeof importSchema>;

export const findingSummarySchema = z.object({
  total: count, open: bySeverity, overdue: count, accepted: count, notAffected: count, fixed: count,
  /** What the last import brought and closed. */
  isNew: count, gone: count, tools: z.array(text), lastImport: time.nullable(),
  /** The newest scan of each kind. */
  scans: z.array(z.object({ kind: z.enum(scanKinds), tool: text, target: text.nullable(), scannedAt: time, claimed: z.boolean(), /** Who imported it; null when that is not known any more. */ by: text.nullable(), isDated: z.boolean() })),
  /** When the next acceptance ends; null when none does. */
  nextExpiry: time.nullable(),
});
export type FindingSummary = z.infer<typeof findingSummarySchema>;

/** Longest time for which a risk may be accepted before somebody has to look again. */
export const longestAcceptanceDays = 365;
