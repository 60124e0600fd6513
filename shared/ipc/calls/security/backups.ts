import { z } from 'zod';
import { jobSchema } from '../../../domain/job.ts';
import { drillProofSchema } from '../../../security/backups/backup.ts';
import { backupListSchema, knownKeySchema } from '../../../security/backups/list.ts';
import { largestProof } from '../../../security/backups/proof.ts';
import { centreAct, centreRead } from '../../call.ts';

const nothing = z.undefined();
const view = z.object({
  /** Null while the server was never asked. */
  readAt: z.number().nullable(),
  backups: backupListSchema.shape.backups, unreadable: backupListSchema.shape.unreadable,
  knownKey: knownKeySchema.nullable(),
  /** The key that the server names now; another than the known one is to be explained. */
  offeredKey: z.string().nullable(),
  /** Newest first. */
  proofs: z.array(drillProofSchema),
  /** What this server can do; null while nobody knows. */
  features: z.object({ list: z.boolean(), create: z.boolean(), drill: z.boolean() }).nullable(),
});

/** Backups and restore drills. */
export const backupsCalls = {
  'backups.state': centreRead(nothing, view),
  /** Asks the server for its backups now. */
  'backups.read': centreRead(nothing, view),
  'backups.create': centreAct(nothing, jobSchema),
  'backups.drill': centreAct(z.object({ id: z.string().min(1).max(200) }), jobSchema),
  /** Asks where to save; the signed evidence of one drill. */
  'backups.exportProof': centreRead(z.object({ id: z.string().max(300), suggestedName: z.string().max(200) }), z.object({ path: z.string() }).nullable()),
  'backups.importProof': centreAct(z.object({ text: z.string().max(largestProof + 1), file: z.string().max(300) }), drillProofSchema),
  'backups.trustKey': centreAct(z.object({ id: z.string().max(20), reason: z.string().trim().min(1).max(500) }), view),
};
