import { z } from 'zod';

/** Private key that tokens are bound to (RFC 9449). It lives and dies with the refresh token, in the same entry of the store. */
export const dpopKeySchema = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string(), d: z.string() });
export type DpopKey = z.infer<typeof dpopKeySchema>;
