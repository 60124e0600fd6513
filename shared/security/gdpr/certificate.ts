import { z } from 'zod';
import { formatKey, formatNote, openNote, parseKey, parseNote, signatureTypes, signText, type MakeSignature, type NoteKey, type VerifySignature } from '../../audit/note.ts';
import { retentionRowSchema } from './request.ts';

/** First line of a certificate, and so of what is signed: no other signed text of the same key passes for one. */
export const certificateFormat = 'valeo-gdpr-erasure/1';

/** What was erased, what was not and why. The person is named by their reference only: the rest is what was erased. */
export const certificateSchema = z.object({
  request: z.uuid(),
  reference: z.string().min(1).max(200),
  server: z.string().max(300),
  /** ISO 8601. */
  erasedAt: z.string().max(40),
  erasedBy: z.string().max(200),
  /** The server's own count; null where it does not say. */
  anonymized: z.number().int().nullable(),
  /** In this computer's cache: read again as they are now, removed until they are read again, drafts gone for good, drafts that stay. */
  here: z.object({ documentsReread: z.number().int(), documentsDropped: z.number().int().default(0), draftsDiscarded: z.number().int(), draftsLeft: z.number().int().default(0) }),
  kept: z.array(retentionRowSchema),
  /** True where `kept` counts the newest documents only: there are more. */
  isKeptCut: z.boolean().default(false),
  /** Entries of the audit log and of this client's journal: they prove who did what (Art. 17 (3) b, e) and stay. */
  keptLogEntries: z.number().int(),
});
export type Certificate = z.infer<typeof certificateSchema>;

/** Writes a certificate as a C2SP signed note: format, key and content, readable, signed with this computer's key. */
export function formatCertificate(certificate: Certificate, key: NoteKey, sign: MakeSignature): string {
  const text = `${certificateFormat}\n${formatKey(key)}\n${JSON.stringify(certificate, null, 2)}\n`;
  return formatNote({ text, signatures: [signText(text, key, sign)] });
}

/** Reads a certificate and checks that the holder of the key in it has signed it. @returns null for anything else */
export function openCertificate(text: string, verify: VerifySignature): { certificate: Certificate; key: NoteKey } | null {
  const note = parseNote(text);
  const [format, keyLine = '', ...rest] = note?.text.split('\n') ?? [];
  const key = parseKey(keyLine);
  if (format !== certificateFormat || key === null || key.type !== signatureTypes.ed25519) return null;
  if (typeof openNote(text, [key], verify) === 'string') return null;
  try {
    const parsed = certificateSchema.safeParse(JSON.parse(rest.join('\n')));
    return parsed.success ? { certificate: parsed.data, key } : null;
  } catch {
    return null;
  }
}
