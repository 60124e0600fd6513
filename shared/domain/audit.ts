import { z } from 'zod';
import { faults } from '../audit/verdict.ts';

/** How a log is kept: signed by the server, or watched by this client because the server signs nothing. */
export const auditKindSchema = z.enum(['signed', 'witness']);

export const auditFilterSchema = z.object({
  actor: z.string().max(200).nullable(),
  action: z.string().max(200).nullable(),
  resource: z.string().max(300).nullable(),
  outcome: z.enum(['accepted', 'refused']).nullable(),
  /** In which role it was done. */
  role: z.string().max(200).nullable().default(null),
  /** `outside`: only what happened outside the usual working hours, see working-hours.ts. */
  hours: z.enum(['outside']).nullable().default(null),
  correlationId: z.string().max(128).nullable(),
  /** Epoch milliseconds, both included. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  /** Words that must all occur somewhere in the entry. */
  text: z.string().max(200),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;
export const everything: AuditFilter = { actor: null, action: null, resource: null, outcome: null, role: null, hours: null, correlationId: null, from: null, to: null, text: '' };

/** A remembered filter. */
export const auditViewSchema = z.object({ name: z.string().trim().min(1).max(60), filter: auditFilterSchema });
export type AuditView = z.infer<typeof auditViewSchema>;

export const auditRowSchema = z.object({
  /** Place in the log, counted from 0. */
  index: z.number().int(),
  /** Epoch milliseconds. */
  at: z.number(),
  actor: z.string(),
  role: z.string().nullable(),
  client: z.string().nullable(),
  action: z.string(),
  resource: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: z.string().nullable(),
  policy: z.string().nullable(),
  correlationId: z.string(),
  outcome: z.enum(['accepted', 'refused']),
});
export type AuditRow = z.infer<typeof auditRowSchema>;

/** Newest first. */
export const auditPageSchema = z.object({ rows: z.array(auditRowSchema), offset: z.number().int(), total: z.number().int() });
export type AuditPage = z.infer<typeof auditPageSchema>;

export const auditTimelineSchema = z.object({
  /** Epoch milliseconds of the first and the last entry that the filter leaves; null when it leaves none. */
  span: z.object({ from: z.number(), to: z.number() }).nullable(),
  /** Equally long stretches of the span. */
  buckets: z.array(z.object({ from: z.number(), accepted: z.number().int(), refused: z.number().int() })),
  /** Most active first. */
  actors: z.array(z.object({ actor: z.string(), accepted: z.number().int(), refused: z.number().int() })),
  actions: z.array(z.object({ action: z.string(), accepted: z.number().int(), refused: z.number().int() })),
});
export type AuditTimeline = z.infer<typeof auditTimelineSchema>;

export const auditAlarmSchema = z.object({
  id: z.number().int(),
  raisedAt: z.number(),
  /** When it was found so last; also after somebody has given a reason. */
  lastSeen: z.number(),
  /** Section of the log that it is about, counted from 1. */
  section: z.number().int(),
  fault: z.enum(faults),
  /** Counted from 0; null when no entry can be named. */
  firstBad: z.number().int().nullable(),
  /** What the client had verified before. */
  verifiedSize: z.number().int(),
  /** Set when somebody has given a reason; until then the alarm stays. */
  acknowledged: z.object({ at: z.number(), by: z.string(), reason: z.string() }).nullable(),
});
export type AuditAlarm = z.infer<typeof auditAlarmSchema>;

/** A log that somebody has put aside for good, for a reason, so that another could begin. */
export const auditSectionSchema = z.object({
  number: z.number().int(),
  sealedAt: z.number(),
  sealedBy: z.string(),
  reason: z.string(),
  kind: auditKindSchema,
  origin: z.string().nullable(),
  key: z.string().nullable(),
  /** How far it was verified, and its root there (base64). */
  size: z.number().int(),
  root: z.string(),
});
export type AuditSection = z.infer<typeof auditSectionSchema>;

/** A colleague's computer that has cosigned a checkpoint, as its file says: `source` is where it came from, `at` when it signed (epoch milliseconds). */
export const auditCosignerSchema = z.object({ name: z.string(), source: z.string(), size: z.number().int(), at: z.number() });
export type AuditCosigner = z.infer<typeof auditCosignerSchema>;

export const auditStatusSchema = z.object({
  kind: auditKindSchema,
  /** Entries in the cache. */
  size: z.number().int(),
  origin: z.string().nullable(),
  /** The key that the log was first seen with, as `name+id+base64`. */
  key: z.string().nullable(),
  /** The newest checkpoint that held, and when that was. */
  verified: z.object({ size: z.number().int(), at: z.number() }).nullable(),
  checkpoints: z.number().int(),
  /** The last check of every entry from the first to the last; `next` below `of` while it is under way. */
  complete: z.object({ next: z.number().int(), of: z.number().int(), at: z.number() }).nullable(),
  alarms: z.array(auditAlarmSchema),
  /** Sections that were sealed, oldest first; what is read now is the one after them. */
  sections: z.array(auditSectionSchema),
  /** Computers whose cosignatures this client has, the newest first. */
  cosigners: z.array(auditCosignerSchema),
  /** A server that signs nothing has more entries than are read: only those from this moment on (epoch milliseconds) are watched. */
  oldest: z.number().nullable(),
});
export type AuditStatus = z.infer<typeof auditStatusSchema>;

/** Alarms that somebody has given a reason for and that the last look has found again: what they are about stands. */
export const standingAlarms = ({ alarms, sections, verified }: Pick<AuditStatus, 'alarms' | 'sections' | 'verified'>): AuditAlarm[] =>
  alarms.filter(({ acknowledged, section, lastSeen }) => acknowledged !== null && section === sections.length + 1 && lastSeen >= (verified?.at ?? 0));

export const auditEntryDetailSchema = z.object({
  row: auditRowSchema,
  canonical: z.string(),
  /** Hex. */
  leafHash: z.string(),
  /** The checkpoint that the entry is proven in; null while none covers it. */
  proof: z.object({ size: z.number().int(), seenAt: z.number(), root: z.string(), hashes: z.array(z.string()) }).nullable(),
});
export type AuditEntryDetail = z.infer<typeof auditEntryDetailSchema>;

export const journalOutcomes = ['sent', 'refused', 'offline', 'local'] as const;
export const journalStatuses = ['found', 'missing', 'unread', 'notExpected', 'sealed'] as const;

/** What this client did, also offline and also refused; each entry is chained to the one before. */
export const journalEntrySchema = z.object({
  seq: z.number().int(),
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  resource: z.string(),
  outcome: z.enum(journalOutcomes),
  correlationId: z.string().nullable(),
  detail: z.string().nullable(),
  hash: z.string(),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;
/**
 * What the server's log says about an entry of the journal. `missing`: the server has confirmed it and its log does not have
 * it. `unread`: the log was not read since. `notExpected`: nothing that the server would have written down. `sealed`: done before the
 * section that is read now began, and not in it; what was before is sealed.
 */
export const matchedEntrySchema = journalEntrySchema.extend({
  status: z.enum(journalStatuses),
  /** Its place in the server's log, counted from 0. */
  index: z.number().int().nullable(),
});
export type MatchedEntry = z.infer<typeof matchedEntrySchema>;
export type JournalRecord = Omit<JournalEntry, 'seq' | 'hash'>;

export const journalFilterSchema = z.object({
  actor: z.string().max(200).nullable(),
  status: z.enum(journalStatuses).nullable(),
  outcome: z.enum(journalOutcomes).nullable(),
  /** Words that must all occur somewhere in the entry. */
  text: z.string().max(200),
});
export type JournalFilter = z.infer<typeof journalFilterSchema>;
export const wholeJournal: JournalFilter = { actor: null, status: null, outcome: null, text: '' };

const count = z.number().int();
/** Newest first. */
export const journalPageSchema = z.object({
  rows: z.array(matchedEntrySchema),
  /** Entries that the filter leaves. */
  total: count,
  /** All entries by what the server's log says about them, whatever the filter. */
  statuses: z.object({ found: count, missing: count, unread: count, notExpected: count, sealed: count }),
  /** Number of the first entry that does not fit the chain; null while none breaks it. */
  firstBad: count.nullable(),
});
export type JournalPage = z.infer<typeof journalPageSchema>;
