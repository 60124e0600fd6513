import { z } from 'zod';
import { alertSchema, localRulesSchema, silenceHours, silenceSchema } from '../../../security/alerts/alert.ts';
import { appErrorSchema } from '../../errors.ts';
import { centreAct, centreRead } from '../../call.ts';

const nothing = z.undefined();

export const alertsCalls = {
  'alerts.state': centreRead(nothing, z.object({
    /** Host of the Alertmanager; null where the profile names none. */
    alertmanager: z.string().nullable(),
    /** Why it does not answer. */
    error: appErrorSchema.nullable(),
    at: z.number(),
    /** Until when the rules of this client could judge; null when nothing was measured in the last five minutes, so that they say nothing. */
    watchedAt: z.number().nullable(),
    alerts: z.array(alertSchema), silences: z.array(silenceSchema), rules: localRulesSchema,
  })),
  /** What fires, as last looked at: from memory. */
  'alerts.firing': centreRead(nothing, z.object({ count: z.number().int(), newest: z.array(alertSchema.pick({ id: true, name: true, severity: true, origin: true, since: true })).max(20) })),
  /**
   * Silences what carries the labels of an alert: by its id, because their values reach the window redacted and cut.
   * `without` are the labels that do not count. @returns the id of the silence, and whether the alert is silenced by it
   */
  'alerts.silence': centreAct(z.object({ id: z.string().max(200), without: z.array(z.string().max(300)).max(1000), reason: z.string().trim().min(3).max(1000), hours: z.union(silenceHours.map((hours) => z.literal(hours))) }), z.object({ id: z.string(), holds: z.boolean() })),
  'alerts.expire': centreAct(z.object({ id: z.uuid() }), z.null()),
  'alerts.setRules': centreAct(localRulesSchema, z.null()),
};
