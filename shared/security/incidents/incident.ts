import { z } from 'zod';
import { incidentRoles, phases, severities } from './phases.ts';

const at = z.number().int().min(0).max(8.64e15);
const line = z.string().max(300);
const long = z.string().max(10_000);
const by = z.string().max(200);
/** Who did it, and when. */
const stamp = z.object({ at, by });
/** Keys of the parts below: uuids, or ids of our own lists. */
const key = z.string().min(1).max(100).regex(/^[\w.-]+$/);

/** Whether a duty to report holds. `open` counts as yes: a clock must not stand still because nobody has decided. */
export const dutyAnswers = ['open', 'yes', 'no'] as const;
const duty = z.object({ applies: z.enum(dutyAnswers).default('open'), reason: line.default(''), at: at.nullable().default(null), by: by.nullable().default(null) });
export const duties = ['gdpr33', 'gdpr34', 'nis2'] as const;
export type Duty = (typeof duties)[number];

/** What has to be told to whom: Art. 33 and 34 GDPR, and the three reports of Art. 23(4) NIS2. */
export const reportKinds = ['gdpr33', 'gdpr34', 'nis2Early', 'nis2Notification', 'nis2Final'] as const;
export type ReportKind = (typeof reportKinds)[number];

export const reportSchema = z.object({ kind: z.enum(reportKinds), authority: line, reference: line, note: long.default(''), at, by, recordedAt: at });
export type Report = z.infer<typeof reportSchema>;

export const taskSchema = z.object({ title: line, owner: by, phase: z.enum(phases), dueAt: at.nullable().default(null), done: stamp.nullable().default(null), createdAt: at });
export type Task = z.infer<typeof taskSchema>;

/** An entry of the audit log that belongs to the incident, with its place so that its proof can be saved again at any time. */
export const evidenceEntrySchema = z.object({
  index: z.number().int().min(0), at, actor: by, action: line, resource: line, outcome: z.string().max(20),
  /** Hex of the leaf in the log's tree, and the size of the checkpoint that proves it; null while none covers it. */
  leafHash: z.string().max(64), provenBy: z.number().int().nullable().default(null), attachedAt: at, attachedBy: by,
});
export type EvidenceEntry = z.infer<typeof evidenceEntrySchema>;

export const timelineKinds = [
  'created', 'text', 'severity', 'phase', 'responded', 'role', 'duty', 'aware', 'report', 'check', 'task', 'affected', 'note', 'lesson', 'closed', 'reopened', 'postMortem', 'evidence',
  'action', 'played', 'conflict', 'resolved',
] as const;
export const timelineEntrySchema = z.object({
  at, by, kind: z.enum(timelineKinds),
  /** Values for the text `timeline.<kind>`; words of our lists as their ids. */
  params: z.record(z.string(), z.string().max(2000)).default({}),
  /** What a person wrote. */
  text: long.default(''),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const lessonFields = ['summary', 'cause', 'wentWell', 'toImprove'] as const;

/**
 * An incident. Everything that grows is a record by id, never an array: so two versions merge place by place, and a merge
 * patch (RFC 7396) carries any change.
 */
export const incidentSchema = z.object({
  id: z.uuid(),
  title: line.min(1), description: long.default(''),
  /** An exercise, for good: it is never turned into a real one, nor the other way round. */
  isExercise: z.boolean(),
  severity: z.enum(severities), phase: z.enum(phases),
  /** When it was noticed; the response clock runs from here. */
  detectedAt: at,
  /** When it was known that it is one; the legal clocks run from here. */
  awareAt: at,
  createdAt: at, createdBy: by,
  /** Somebody took it on. What was due then stays with it: a later change of the severity does not make a late response good. */
  response: stamp.extend({ dueAt: at }).nullable().default(null),
  closed: stamp.nullable().default(null),
  postMortem: stamp.nullable().default(null),
  roles: z.object(Object.fromEntries(incidentRoles.map((role) => [role, by.default('')])) as Record<(typeof incidentRoles)[number], z.ZodDefault<typeof by>>),
  duties: z.object({ gdpr33: duty, gdpr34: duty, nis2: duty }),
  systems: z.record(line.min(1), z.literal(true)).default({}),
  people: z.record(line.min(1), z.literal(true)).default({}),
  checklist: z.record(key, z.object({ done: z.boolean(), at, by, note: line.default('') })).default({}),
  tasks: z.record(key, taskSchema).default({}),
  reports: z.record(key, reportSchema).default({}),
  evidence: z.record(key, evidenceEntrySchema).default({}),
  lessons: z.object({ summary: long.default(''), cause: long.default(''), wentWell: long.default(''), toImprove: long.default('') }),
  /** Append-only: an entry is never changed and never removed, here and on the server. */
  timeline: z.record(key, timelineEntrySchema).default({}),
  /** Where it came from, as an address in the app. */
  origin: z.string().max(300).nullable().default(null),
});
export type Incident = z.infer<typeof incidentSchema>;

/** Two people changed the same place while one of them was offline. The server's value stands until somebody decides. */
export const conflictSchema = z.object({ path: z.string().max(500), mine: z.unknown(), theirs: z.unknown(), at });
export type Conflict = z.infer<typeof conflictSchema>;

/** An incident as this client keeps it. */
export const storedIncidentSchema = z.object({
  incident: incidentSchema,
  /** What the server had when both last met, and its version; null while it has never been there. */
  base: incidentSchema.nullable(),
  /** What was sent last, while the answer is not there: it may have arrived all the same. */
  sent: incidentSchema.nullable().default(null),
  version: z.string().nullable(),
  conflicts: z.array(conflictSchema),
});
export type StoredIncident = z.infer<typeof storedIncidentSchema>;

/** The time line in its order: by time, and by id where two are of the same millisecond. */
export const timelineOf = ({ timeline }: Pick<Incident, 'timeline'>): (TimelineEntry & { id: string })[] =>
  Object.entries(timeline).map(([id, entry]) => ({ ...entry, id })).toSorted((a, b) => a.at - b.at || a.id.localeCompare(b.id));
