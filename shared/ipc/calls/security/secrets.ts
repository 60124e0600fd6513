import { z } from 'zod';
import { keptSecretSchema, localSecretSchema, rotatePhases, serverSecretSchema } from '../../../security/secrets/secret.ts';
import { centreAct, centreRead } from '../../call.ts';

const nothing = z.undefined();
const name = z.string().trim().min(1).max(200);
const view = z.object({
  /** Null while the server was never asked, or has no inventory. */
  readAt: z.number().nullable(),
  server: z.array(serverSecretSchema),
  local: z.array(keptSecretSchema),
  /** What this server can do; null while nobody knows. */
  features: z.object({ list: z.boolean(), rotate: z.boolean() }).nullable(),
});

/** Secrets of the server: names and dates. No call takes or answers a value. */
export const secretsCalls = {
  'secrets.state': centreRead(nothing, view),
  /** Asks the server for its inventory now. */
  'secrets.read': centreRead(nothing, view),
  /** One step of a rotation. `sessionHolds` says that this sign-in was tried afterwards and still works. */
  'secrets.rotate': centreAct(z.object({ name, phase: z.enum(rotatePhases), reason: z.string().trim().max(500) }), view.extend({ sessionHolds: z.boolean() })),
  /** Who looks after a secret; where the server has no inventory, also when it was rotated, which the person then vouches for. */
  'secrets.keep': centreAct(localSecretSchema, view),
  'secrets.forget': centreAct(z.object({ name }), view),
};
