import { z } from 'zod';
import { backupSchema } from './backup.ts';

/** The server's backups as they were last read; what is shown without a server. */
export const backupListSchema = z.object({
  /** Epoch milliseconds. */
  readAt: z.number(), backups: z.array(backupSchema).max(1000), unreadable: z.number().int().min(0),
  /** The key that signs evidence, as the server named it then. */
  key: z.string().max(500).nullable(),
});
export type BackupList = z.infer<typeof backupListSchema>;

/** The key that this client has first seen the server with, or that somebody has accepted since. */
export const knownKeySchema = z.object({ key: z.string().max(500), seenAt: z.number() });
export type KnownKey = z.infer<typeof knownKeySchema>;
