import { z } from 'zod';

/** One place where the account is signed in, as the server tells it. */
export const signInSessionSchema = z.object({
  /** Opaque; ends the session. */
  id: z.string().min(1).max(200),
  client: z.string(),
  /** Epoch milliseconds; null where the server does not say. */
  createdAt: z.number().nullable(),
  lastSeenAt: z.number().nullable(),
  ip: z.string(),
  userAgent: z.string(),
  /** This one. */
  current: z.boolean(),
});
export type SignInSession = z.infer<typeof signInSessionSchema>;
