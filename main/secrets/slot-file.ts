import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { replaceFile } from './replace-file.ts';

const base64 = (bytes: number) => z.base64().refine((text) => Buffer.from(text, 'base64').length === bytes);

/** The database key, sealed under a key that only the recovery key gives. */
export const recoverySlotSchema = z.object({
  createdAt: z.number(),
  /** When somebody last showed that they have it; absent until then. */
  checkedAt: z.number().optional(),
  /** RFC 7914. The bounds keep a tampered file from asking for all memory. */
  kdf: z.object({
    name: z.literal('scrypt'), cost: z.int().min(2 ** 14).max(2 ** 17), blockSize: z.literal(8), parallel: z.int().min(1).max(8), salt: base64(16),
  }),
  nonce: base64(12),
  /** AES-256-GCM over the 32 bytes of the key, tag at the end. */
  sealed: base64(48),
});
export type RecoverySlot = z.infer<typeof recoverySlotSchema>;

const contentSchema = z.object({
  format: z.literal(1),
  account: z.string(),
  /** Recognises the key without telling anything of it; see {@link keyIdOf}. */
  keyId: z.string().regex(/^[0-9a-f]{32}$/),
  recovery: recoverySlotSchema.nullable(),
  /** The one before, until the newest was typed in once: whoever never saw the new key must not lose the old one. */
  previous: recoverySlotSchema.nullable(),
});
export type SlotContent = z.infer<typeof contentSchema>;

/** A damaged file is an answer, not an exception: it costs the recovery key, never the work. */
export type SlotFile = { status: 'none' } | { status: 'damaged' } | { status: 'newer' } | { status: 'present'; content: SlotContent };

const suffix = '.slots.json';
/** The account of a slot file's name; null for any other file. */
export const accountOfSlotFile = (name: string): string | null => (name.endsWith(suffix) ? name.slice(0, -suffix.length) : null);
export const slotFilePath = (folder: string, accountId: string): string => path.join(folder, accountId + suffix);

// Tells a damaged file from a wrong recovery key, which look alike to AES-GCM.
const digestOf = (content: SlotContent): string => createHash('sha256').update(JSON.stringify(contentSchema.parse(content))).digest('hex');

/** Reads the slots of an account. Never throws. */
export async function readSlots(folder: string, accountId: string): Promise<SlotFile> {
  let text: string;
  try {
    text = await readFile(slotFilePath(folder, accountId), 'utf8');
  } catch (error) {
    return { status: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'none' : 'damaged' };
  }
  try {
    const value = JSON.parse(text) as unknown;
    const { format } = z.object({ format: z.number() }).parse(value);
    if (format > 1) return { status: 'newer' };
    const { digest } = z.object({ digest: z.string() }).parse(value);
    const content = contentSchema.parse(value);
    return content.account === accountId && digestOf(content) === digest ? { status: 'present', content } : { status: 'damaged' };
  } catch {
    return { status: 'damaged' };
  }
}

/** @throws the file system's error; the old slots then still stand. */
export async function writeSlots(folder: string, content: SlotContent): Promise<void> {
  await replaceFile(slotFilePath(folder, content.account), `${JSON.stringify({ ...content, digest: digestOf(content) }, null, 2)}\n`);
}
