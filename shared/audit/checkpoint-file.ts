import { parseKey, formatKey, type NoteKey } from './note.ts';

/**
 * A checkpoint as it goes from one computer to another: the note, and above it the key of whoever hands it over, with which their
 * signature can be checked. A bare note of another tool is one too.
 */
export type CheckpointFile = { note: string; /** Of the computer that it comes from; null where the file names none. */ key: NoteKey | null };

const head = 'valeo-checkpoint/1';

export const formatCheckpointFile = (note: string, key: NoteKey): string => `${head}\n${formatKey(key)}\n\n${note}`;

/** Reads the file without believing it. @returns null when it begins like one of ours and its key cannot be read */
export function parseCheckpointFile(text: string): CheckpointFile | null {
  // Mail programs and editors like to change line ends, which no signature survives.
  const lines = text.replaceAll('\r\n', '\n');
  if (!lines.startsWith(`${head}\n`)) return { note: lines, key: null };
  const [, keyText = '', blank, ...rest] = lines.split('\n');
  const key = parseKey(keyText);
  return key === null || blank !== '' ? null : { note: rest.join('\n'), key };
}
