import { fromBase64, toBase64 } from './bytes.ts';
import { hashLength, type Hash } from './merkle.ts';
import { openNote, type Cosignature, type NoteKey, type NoteRefusal, type VerifySignature } from './note.ts';

/** C2SP tlog-checkpoint: what a log was at one moment. */
export type Checkpoint = { origin: string; size: number; root: Hash; /** Opaque lines after the root. */ extensions: string[] };

export const formatCheckpoint = ({ origin, size, root, extensions }: Checkpoint): string => [origin, String(size), toBase64(root), ...extensions].map((text) => `${text}\n`).join('');

/** @returns null for a text of any other form: leading zeros, missing lines, empty extensions, a root of the wrong length. */
export function parseCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith('\n')) return null;
  const [origin = '', sizeText = '', rootText = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = Number(sizeText);
  const root = fromBase64(rootText);
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(sizeText) || !Number.isSafeInteger(size)) return null;
  if (root?.length !== hashLength || extensions.includes('')) return null;
  return { origin, size, root, extensions };
}

export type OpenedCheckpoint = Checkpoint & { note: string; cosignedBy: Cosignature[] };
export type CheckpointRefusal = NoteRefusal | 'origin';

/** A checkpoint that a trusted key has signed, and for this log; otherwise why not. */
export function openCheckpoint(note: string, log: { origin: string; keys: readonly NoteKey[]; cosigners?: readonly NoteKey[] }, verify: VerifySignature): OpenedCheckpoint | CheckpointRefusal {
  const opened = openNote(note, log.keys, verify, log.cosigners ?? []);
  if (typeof opened === 'string') return opened;
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint === null) return 'format';
  return checkpoint.origin === log.origin ? { ...checkpoint, note, cosignedBy: opened.cosignedBy } : 'origin';
}
