import { formatKey, openNote, parseKey, parseNote, signatureTypes, type NoteKey, type VerifySignature } from './note.ts';

/** First line of the statement about a review, and so of what is signed: no other signed text of the same key passes for one. */
export const reviewFormat = 'valeo-review/1';

/**
 * Reads a signed note about a review and checks that the holder of the key in it has signed it. That key proves that nobody has changed
 * the text since, not who wrote it: anybody can make a key.
 * @returns the key and the JSON in it as it is; null for anything else
 */
export function openReviewNote(note: string, verify: VerifySignature): { key: NoteKey; body: unknown } | null {
  const [format, keyLine = '', ...rest] = parseNote(note)?.text.split('\n') ?? [];
  const key = parseKey(keyLine);
  if (format !== reviewFormat || key?.type !== signatureTypes.ed25519 || typeof openNote(note, [key], verify) === 'string') return null;
  try {
    return { key, body: JSON.parse(rest.join('\n')) as unknown };
  } catch {
    return null;
  }
}

/** The lines that come before the JSON. */
export const reviewHead = (key: NoteKey): string => `${reviewFormat}\n${formatKey(key)}\n`;
