import { z } from 'zod';
import { appErrorSchema } from '../ipc/errors.ts';
import { documentTypeSchema } from './document.ts';

const peerSchema = z.object({ reachable: z.boolean().nullable(), since: z.number().nullable(), error: appErrorSchema.nullable(), /** When it last answered; left out while it never has. */ seenAt: z.number().optional() });

/** What the dot in the title bar explains: both peers, since when, and why. */
export const connectionStateSchema = z.object({
  status: z.enum(['unknown', 'online', 'offline', 'degraded']),
  since: z.number(),
  lastContactAt: z.number().nullable(),
  erp: peerSchema,
  identityProvider: peerSchema,
  /** True while the event stream is open: lists follow the server by themselves. */
  live: z.boolean(),
  /** Features that this server does not offer, by capability name. */
  missingCapabilities: z.array(z.string()),
});
export type ConnectionState = z.infer<typeof connectionStateSchema>;

export const syncStateSchema = z.object({
  status: z.enum(['idle', 'pulling', 'failed', 'unsupported']),
  /** Documents read so far and expected; 0 when not known. */
  done: z.number().int(),
  expected: z.number().int(),
  finishedAt: z.number().nullable(),
  error: appErrorSchema.nullable(),
  /** Documents in the cache. */
  cached: z.number().int(),
  /** Documents a second, and milliseconds until the running pass ends; null while nobody can tell. */
  perSecond: z.number().nullable(),
  remainingMs: z.number().nullable(),
  /** Documents that the server has and this client cannot show: a number that fits no address, more lines than it bears. The number is empty where there is none. */
  unreadable: z.object({ count: z.number().int(), first: z.array(z.object({ type: documentTypeSchema, number: z.string() })) }),
});
export type SyncState = z.infer<typeof syncStateSchema>;
