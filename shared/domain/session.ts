import { z } from 'zod';
import { roles, scopes } from '../rbac/scopes.ts';

/** Who is signed in, from the claims of the token; never the token itself. */
export const accountSchema = z.object({
  /** Stable key of issuer, subject and profile; names the local database. */
  id: z.string(),
  subject: z.string(),
  /** Login name as the audit trail shows it. */
  userName: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  tenantId: z.string().nullable(),
  roles: z.array(z.enum(roles)),
  scopes: z.array(z.enum(scopes)),
  /** `roles` when the token carries no ERP scope and the role table stands in. */
  scopeSource: z.enum(['token', 'roles']),
});
export type Account = z.infer<typeof accountSchema>;

/** Where the refresh token and the database key live. `memory` is said clearly on screen, with the cause. */
export const persistenceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keychain') }),
  z.object({ kind: z.literal('memory'), cause: z.enum(['absent', 'locked', 'failed']) }),
]);
export type Persistence = z.infer<typeof persistenceSchema>;

export const sessionStateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('signedOut'), persistence: persistenceSchema }),
  z.object({ status: z.literal('signingIn'), since: z.number(), persistence: persistenceSchema }),
  z.object({
    status: z.literal('signedIn'),
    account: accountSchema,
    persistence: persistenceSchema,
    /** Epoch milliseconds; the last time the identity provider or the ERP confirmed this session. */
    confirmedAt: z.number().nullable(),
    /** True when the provider refused to renew: work goes on from the cache until the next sign-in. */
    needsSignIn: z.boolean(),
  }),
]);
export type SessionState = z.infer<typeof sessionStateSchema>;
