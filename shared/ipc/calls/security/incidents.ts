import { z } from 'zod';
import { centreAct, centreRead } from '../../call.ts';
import { appErrorSchema } from '../../errors.ts';
import { auditFilterSchema } from '../../../domain/audit.ts';
import { actionFeaturesSchema, actionSchema } from '../../../security/incidents/actions.ts';
import { clockKinds, stages } from '../../../security/incidents/clocks.ts';
import { commandSchema, newIncidentSchema } from '../../../security/incidents/commands.ts';
import { storedIncidentSchema } from '../../../security/incidents/incident.ts';
import { postMortemSchema } from '../../../security/incidents/post-mortem.ts';
import { leaverCommandSchema, leaverSchema, newLeaverSchema } from '../../../security/incidents/offboarding.ts';
import { phases, severities } from '../../../security/incidents/phases.ts';

const nothing = z.undefined();
const id = z.uuid();
const stamp = z.object({ at: z.number(), by: z.string() }).nullable();
const clockSchema = z.object({
  kind: z.enum(clockKinds), startsAt: z.number(), dueAt: z.number().nullable(), doneAt: z.number().nullable(), state: z.enum(['running', 'overdue', 'inTime', 'late']), isDecided: z.boolean(), isPreliminary: z.boolean(),
});
const rowSchema = z.object({
  id, title: z.string(), isExercise: z.boolean(), severity: z.enum(severities), phase: z.enum(phases), detectedAt: z.number(), closed: stamp, postMortem: stamp, createdBy: z.string(), lead: z.string(),
  clocks: z.array(clockSchema), nextDeadline: z.number().nullable(), isPending: z.boolean(), conflicts: z.number().int(), openTasks: z.number().int(),
});
const syncSchema = z.object({ server: z.enum(['unknown', 'supported', 'unsupported']), syncedAt: z.number().nullable(), unreadable: z.number().int(), error: appErrorSchema.nullable() });
const reminderSchema = z.object({ id: z.string(), incident: id, title: z.string(), isExercise: z.boolean(), clock: z.enum(clockKinds), stage: z.enum(stages), dueAt: z.number() });

/** Incidents and offboarding. Everything comes from the encrypted cache, and is joined with the server behind it. */
export const incidentsCalls = {
  'incidents.list': centreRead(nothing, z.object({ rows: z.array(rowSchema), sync: syncSchema })),
  'incidents.get': centreRead(z.object({ id }), storedIncidentSchema),
  'incidents.create': centreAct(newIncidentSchema, storedIncidentSchema),
  'incidents.obey': centreAct(z.object({ id, command: commandSchema }), storedIncidentSchema),
  /** Entries of the audit log, by their places or by a filter. */
  'incidents.attach': centreAct(z.object({ id, target: z.union([z.object({ indexes: z.array(z.number().int().min(0)).min(1).max(200) }), z.object({ filter: auditFilterSchema })]) }), storedIncidentSchema),
  'incidents.resolve': centreAct(z.object({ id, path: z.string().max(500), take: z.enum(['mine', 'theirs']) }), storedIncidentSchema),
  'incidents.sync': centreRead(nothing, syncSchema),
  /** What this server lets the app do against an incident. */
  'incidents.features': centreRead(nothing, actionFeaturesSchema),
  'incidents.act': centreAct(z.object({ id, action: actionSchema }), storedIncidentSchema),
  /** Asks where to save. @see postMortemOf */
  'incidents.savePostMortem': centreRead(z.object({ id, format: z.enum(['md', 'pdf']), language: z.enum(['de', 'en']), report: postMortemSchema, emptyText: z.string().max(200), foot: z.string().max(300), suggestedName: z.string().max(200) }), z.object({ path: z.string() }).nullable()),
  /** For the frame: open ones, the next clock, and reminders that no window has shown. */
  'incidents.watch': centreRead(nothing, z.object({
    open: z.number().int(), overdue: z.number().int(), next: z.object({ incident: id, title: z.string(), clock: z.enum(clockKinds), dueAt: z.number() }).nullable(), reminders: z.array(reminderSchema),
  })),
  'incidents.told': centreRead(z.object({ ids: z.array(z.string().max(200)).max(1000) }), z.null()),
  'incidents.leavers': centreRead(nothing, z.array(leaverSchema)),
  'incidents.newLeaver': centreAct(newLeaverSchema, leaverSchema),
  'incidents.leaver': centreAct(z.object({ id, command: leaverCommandSchema }), leaverSchema),
  /** Ends every sign-in of the person and looks whether one is left. */
  'incidents.endSessions': centreAct(z.object({ id }), leaverSchema),
  /** Looks again at what can be proven. */
  'incidents.checkLeaver': centreAct(z.object({ id }), leaverSchema),
};
