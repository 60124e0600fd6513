import { z } from 'zod';

/** What the app can do itself to contain an incident. */
export const actionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endSessions'), user: z.string().trim().min(1).max(200) }),
  z.object({ kind: z.literal('restorePolicies'), file: z.string().min(1).max(300) }),
  z.object({ kind: z.literal('lockDevice') }),
  z.object({ kind: z.literal('wipeDevice') }),
]);
export type Action = z.infer<typeof actionSchema>;
export const actionKinds = ['endSessions', 'rotateSecret', 'restorePolicies', 'lockDevice', 'wipeDevice'] as const;

/** Which of them this server knows; locking and wiping this device need none. */
export const actionFeaturesSchema = z.object({ endSessions: z.boolean(), restorePolicies: z.boolean() });
export type ActionFeatures = z.infer<typeof actionFeaturesSchema>;
