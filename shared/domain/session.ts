import { z } from 'zod';
import { roles, scopes } from '../rbac/scopes.ts';

/**
 * What a token may lack: groups that the provider left out because there are too many, an audience that the ERP would
 * take, any ERP scope, or readable claims at all.
 */
export const claimGaps = ['groupsOmitted', 'wrongAudience', 'noErpScopes', 'opaqueToken'] as const;
export type ClaimGap = (typeof claimGaps)[number];

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
  /** How the person proved who they are (RFC 8176), as the provider says it. Absent in sessions stored by older versions. */
  amr: z.array(z.string()).optional(),
  /** Class of that proof, a word of the provider's own; null when it does not say. */
  acr: z.string().nullable().optional(),
  /** Epoch milliseconds of the last time the person proved it; null when the provider does not say. */
  authTime: z.number().nullable().optional(),
  /** What the token lacks for the ERP, so that a missing right can be explained; empty when nothing does. */
  gaps: z.array(z.enum(claimGaps)).optional(),
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
    /** With `needsSignIn`: the provider said that the account itself may not go on. The person is offered to remove the data; nothing happens by itself. */
    isDisabled: z.boolean().optional(),
  }),
]);
export type SessionState = z.infer<typeof sessionStateSchema>;
