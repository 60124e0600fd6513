import { z } from 'zod';
import { documentTypeSchema } from './document.ts';
import { domains } from './document-types.ts';

/** The hash on a print: the first 16 hex digits of a SHA-256. ERP-API section 5. */
export const printedHashSchema = z.string().regex(/^[0-9a-f]{16}$/);

/**
 * `valid`: the print says what the server has now. `statusChanged`: only the status has moved on since, proven here.
 * `changed`: the content is another one now. `exists`: there was no hash to compare. `unknown`: the server has no such
 * document. `foreign`: an address of another server, which was not asked.
 */
export const verdicts = ['valid', 'statusChanged', 'changed', 'exists', 'unknown', 'foreign'] as const;
export type Verdict = (typeof verdicts)[number];

export const verifyResultSchema = z.object({
  verdict: z.enum(verdicts),
  domain: z.enum(domains).nullable(),
  number: z.string().nullable(),
  /** Null where neither cache nor server say of which type it is. */
  type: documentTypeSchema.nullable(),
  hash: z.string().nullable(),
  /** Status now, as the server says it; and at the time of printing, where it could be proven. */
  status: z.string().nullable(),
  printedStatus: z.string().nullable(),
  date: z.string().nullable(),
  foreignHost: z.string().nullable(),
  /** Whether this computer came to the server's hash from the server's document: `same`, `differs`, or `not` possible. */
  measured: z.enum(['same', 'differs', 'not']),
  /** How the reference was come by. */
  source: z.enum(['typed', 'text', 'code', 'address']),
  /** The dropped file; `archived` is the copy with exactly its bytes, null when the server has none, and `asked` false when it could not be asked. */
  file: z.object({
    name: z.string(), kind: z.enum(['pdf', 'png', 'jpeg']), sha256: z.string(), pages: z.number().int(),
    asked: z.boolean(), archived: z.object({ at: z.number().nullable(), user: z.string().nullable(), path: z.string() }).nullable(),
  }).nullable(),
  checkedAt: z.number(),
});
export type VerifyResult = z.infer<typeof verifyResultSchema>;

/** A copy in the server's archive with what is known about it. */
export const archiveEntrySchema = z.object({
  /** Epoch milliseconds; null when the server does not say. */
  at: z.number().nullable(),
  user: z.string().nullable(),
  path: z.string(),
  sha256: z.string(),
  /** What the server found when it last compared its bytes with its checksum. */
  server: z.object({ valid: z.boolean(), at: z.number() }).nullable(),
  /** This computer received exactly these bytes; `same` is false when the file has been changed since, null when it is gone. */
  here: z.object({ same: z.boolean().nullable(), at: z.number(), file: z.string() }).nullable(),
});
export type ArchiveEntry = z.infer<typeof archiveEntrySchema>;
