import { z } from 'zod';
import { pointIds } from '../../../security/points.ts';
import { overviewLineSchema } from '../../../security/overview.ts';
import { snapshotSchema } from '../../../security/score/history.ts';
import { scoreSchema } from '../../../security/score/score.ts';
import { scoreSettingsSchema } from '../../../security/score/weights.ts';
import { centreAct, centreRead } from '../../call.ts';

const nothing = z.undefined();
/** A person vouches for a point. */
export const attestationSchema = z.object({
  point: z.enum(pointIds), outcome: z.enum(['met', 'partly', 'unmet', 'notApplicable']),
  /** Who answers for it. */
  owner: z.string().trim().min(1).max(200),
  /** `YYYY-MM-DD`, the last day on which it counts. */
  expiresOn: z.iso.date(),
  note: z.string().trim().min(1).max(500),
});
export type Attestation = z.infer<typeof attestationSchema>;

/** The security score. */
export const scoreCalls = {
  /** From the cache, at once. */
  'score.read': centreRead(nothing, z.object({ score: scoreSchema, settings: scoreSettingsSchema, /** When this client last looked itself, epoch milliseconds. */ measuredAt: z.number().nullable() })),
  /** Newest first. */
  'score.history': centreRead(nothing, z.array(snapshotSchema)),
  /** Looks at what this client knows without probing, and asks for the server's own summary. */
  'score.measure': centreRead(z.object({ /** A person wants it now, also when it has just been done. */ isAsked: z.boolean() }), z.object({ isServerAsked: z.boolean() })),
  'score.attest': centreAct(attestationSchema, z.literal(true)),
  /** Takes back what was vouched for, or puts it back. */
  'score.withdraw': centreAct(z.object({ point: z.enum(pointIds) }), z.literal(true)),
  'score.saveSettings': centreAct(scoreSettingsSchema, z.null()),
  /** Asks where to save; everything that the score was computed from. */
  'score.export': centreRead(z.object({ suggestedName: z.string().max(200) }), z.object({ path: z.string() }).nullable()),
  /** What an administrator should see first. */
  'score.overview': centreRead(nothing, z.array(overviewLineSchema)),
};
