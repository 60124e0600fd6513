import { z } from 'zod';
import { unlockedCall } from '../call.ts';
import { auditAlarmSchema, auditEntryDetailSchema, auditFilterSchema, auditPageSchema, auditStatusSchema, auditTimelineSchema, auditViewSchema, journalFilterSchema, journalPageSchema } from '../../domain/audit.ts';
import { jobSchema } from '../../domain/job.ts';

const nothing = z.undefined();
const index = z.number().int().min(0);
const views = z.array(auditViewSchema);
const report = z.array(z.string().max(2000)).max(500);
/** A file that was written where the person wanted it; null when they cancelled. */
const written = z.object({ path: z.string() }).nullable();

/** The audit log. Lists come from the encrypted cache; what asks the server is a job. */
export const auditCalls = {
  'audit.status': unlockedCall(nothing, auditStatusSchema),
  /** `signed`: the server has a log with proofs. `unsigned`: it has one that only this client vouches for. `pinned`: the profile names the log's key. */
  'audit.features': unlockedCall(nothing, z.object({ signed: z.boolean(), unsigned: z.boolean(), pinned: z.boolean() })),
  /** The key with which this computer signs evidence, for those who check it. */
  'audit.deviceKey': unlockedCall(nothing, z.object({ key: z.string() })),
  'audit.list': unlockedCall(z.object({ filter: auditFilterSchema, offset: index, limit: z.number().int().min(1).max(500) }), auditPageSchema),
  'audit.timeline': unlockedCall(z.object({ filter: auditFilterSchema, buckets: z.number().int().min(1).max(400) }), auditTimelineSchema),
  /** Filters with a name; all three answer with every view there is. */
  'audit.views': unlockedCall(nothing, views),
  'audit.saveView': unlockedCall(auditViewSchema, views),
  'audit.removeView': unlockedCall(z.object({ name: z.string().max(60) }), views),
  'audit.entry': unlockedCall(z.object({ index }), auditEntryDetailSchema.nullable()),
  /** Looks whether the log goes on as it should, and reads what is new. */
  'audit.visit': unlockedCall(nothing, jobSchema),
  /** Looks for new entries only, quietly; only on servers that sign their log. */
  'audit.tail': unlockedCall(nothing, jobSchema),
  /** Open alarms, without loading the log. */
  'audit.alarms': unlockedCall(nothing, z.array(auditAlarmSchema)),
  /** Hashes every cached entry again. */
  'audit.verify': unlockedCall(z.object({ restart: z.boolean() }), jobSchema),
  /** Reads the whole log again and compares it. */
  'audit.reread': unlockedCall(nothing, jobSchema),
  'audit.acknowledge': unlockedCall(z.object({ id: z.number().int(), reason: z.string().trim().min(1).max(1000) }), auditStatusSchema),
  /** Asks for a fresh sign-in, seals what was read and begins another section of the log. */
  'audit.newSection': unlockedCall(z.object({ reason: z.string().trim().min(1).max(1000) }), auditStatusSchema),
  /** Asks where to save. `report` are the lines for people, in their language, `unproven` the line about what is not in it. */
  'audit.saveEvidence': unlockedCall(z.object({ target: z.union([z.object({ filter: auditFilterSchema }), z.object({ indexes: z.array(index).min(1).max(10_000) })]), report, unproven: z.string().max(500), suggestedName: z.string().max(200) }), z.object({ path: z.string(), entries: z.number().int(), unproven: z.number().int() }).nullable()),
  'audit.saveCheckpoint': unlockedCall(z.object({ suggestedName: z.string().max(200) }), written),
  /** The text of a colleague's checkpoint file. */
  'audit.compareCheckpoint': unlockedCall(z.object({ text: z.string().max(100_000), source: z.string().max(200) }), z.object({ verdict: z.enum(['agrees', 'later', 'splitView']), from: z.string().nullable(), status: auditStatusSchema })),
  /** What this client did, newest first, held against the server's log as far as it was read. */
  'audit.journal': unlockedCall(z.object({ filter: journalFilterSchema, offset: index, limit: z.number().int().min(1).max(1000) }), journalPageSchema),
};
