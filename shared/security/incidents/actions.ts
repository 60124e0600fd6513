import { z } from 'zod';

/** What the app can do itself to contain an incident. */
export const actionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endSessions'), user: z.string().trim().min(1).max(200) }),
  /** `begin` puts a new value beside the old one, `confirm` ends the old one. */
  z.object({ kind: z.literal('rotateSecret'), name: z.string().min(1).max(200), phase: z.enum(['begin', 'confirm']) }),
  z.object({ kind: z.literal('restorePolicies'), file: z.string().min(1).max(300) }),
  z.object({ kind: z.literal('lockDevice') }),
  z.object({ kind: z.literal('wipeDevice') }),
]);
export type Action = z.infer<typeof actionSchema>;
export const actionKinds = ['endSessions', 'rotateSecret', 'restorePolicies', 'lockDevice', 'wipeDevice'] as const satisfies readonly Action['kind'][];

/** Which of them this server knows; locking and wiping this device need none. */
export const actionFeaturesSchema = z.object({ endSessions: z.boolean(), rotateSecret: z.boolean(), restorePolicies: z.boolean() });
export type ActionFeatures = z.infer<typeof actionFeaturesSchema>;
