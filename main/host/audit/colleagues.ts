import { equalBytes, toBase64 } from '../../../shared/audit/bytes.ts';
import { openCheckpoint, parseCheckpoint, type CheckpointRefusal, type OpenedCheckpoint } from '../../../shared/audit/checkpoint.ts';
import type { EvidenceView } from '../../../shared/audit/evidence.ts';
import { consistencyProof } from '../../../shared/audit/merkle.ts';
import { formatNote, parseKey, parseNote, signatureTypes, type NoteKey, type VerifySignature } from '../../../shared/audit/note.ts';
import type { AuditCosigner } from '../../../shared/domain/audit.ts';
import type { TileTree } from './tree.ts';

/** What one colleague's computer has cosigned last. */
export type Cosigned = { key: string; source: string; size: number; note: string; /** When they signed, epoch milliseconds. */ at: number };

/** Computers whose cosignatures are kept; beyond that the one with the oldest is forgotten. */
const most = 16;

/** The server part of a witness's origin, `device/<id>/<server>`. */
const serverOf = (origin: string): string | null => /^device\/[^/]+\/(.+)$/.exec(origin)?.[1] ?? null;

/**
 * A colleague's checkpoint, opened without being followed. On a signed log the log's own signature is on it, and theirs beside it. Where
 * the server signs nothing it is their witness's: another name and key, the same server.
 * @param key of their computer, as their file names it
 */
export function openForeign(note: string, own: { kind: 'signed' | 'witness'; origin: string; key: string }, key: NoteKey | null, verify: VerifySignature): OpenedCheckpoint | CheckpointRefusal {
  if (own.kind === 'signed') {
    const log = parseKey(own.key);
    return log === null ? 'key' : openCheckpoint(note, { origin: own.origin, keys: [log], cosigners: key?.type === signatureTypes.cosignature ? [key] : [] }, verify);
  }
  const theirs = key ?? parseKey(own.key);
  if (theirs?.type !== signatureTypes.ed25519) return 'key';
  return serverOf(theirs.name) === serverOf(own.origin) ? openCheckpoint(note, { origin: theirs.name, keys: [theirs] }, verify) : 'origin';
}

/** Notes what a colleague has cosigned; of each computer the largest. */
export function remember(known: readonly Cosigned[], { key, source, size, note, at }: Cosigned): Cosigned[] {
  const before = known.find((one) => one.key === key);
  if (before !== undefined && before.size > size) return [...known];
  return [...known.filter((one) => one.key !== key), { key, source, size, note, at }].toSorted((a, b) => b.at - a.at).slice(0, most);
}

export const cosignersOf = (known: readonly Cosigned[]): AuditCosigner[] => known.map(({ key, source, size, at }) => ({ name: parseKey(key)?.name ?? '', source, size, at }));

/** One note with the signatures of both, each once. The texts are the same. */
function merged(note: string, other: string): string {
  const [one, two] = [parseNote(note), parseNote(other)];
  if (one === null || two === null) return note;
  return formatNote({ text: one.text, signatures: [...one.signatures, ...two.signatures.filter((signature) => !one.signatures.some(({ name, id }) => name === signature.name && id === signature.id))] });
}

/**
 * Puts what colleagues have cosigned among the views of an evidence file: as signatures under a checkpoint of the same size, otherwise as
 * views of their own in between.
 * @param views the first and the newest checkpoint of this client, or only one; the newest is the last
 * @returns the views with new consistency proofs, and the keys of the cosigners in them
 */
export function withColleagues(views: readonly EvidenceView[], known: readonly Cosigned[], tree: TileTree): { views: EvidenceView[]; keys: string[] } {
  const sized = views.map((view) => ({ view, size: sizeOf(view.checkpoint) }));
  const [first, newest] = [sized.at(0)?.size ?? 0, sized.at(-1)?.size ?? 0];
  const keys: string[] = [];
  for (const { key, size, note, source } of known.toSorted((a, b) => a.size - b.size)) {
    const opened = parseCheckpoint(parseNote(note)?.text ?? '');
    if (opened === null || size < first || size > newest || !equalBytes(opened.root, tree.rootAt(size))) continue;
    const same = sized.find((one) => one.size === size && parseNote(one.view.checkpoint)?.text === parseNote(note)?.text);
    if (same !== undefined) same.view = { ...same.view, checkpoint: merged(same.view.checkpoint, note) };
    else {
      const after = sized.findIndex((one) => one.size > size);
      const seenAt = sized[after - 1]?.view.seenAt ?? 0;
      sized.splice(after, 0, { size, view: { label: `cosigned by ${parseKey(key)?.name ?? ''} (${source})`, seenAt, checkpoint: note, consistency: [], ranges: [], entries: [] } });
    }
    keys.push(key);
  }
  return {
    views: sized.map(({ view, size }, at) => ({ ...view, consistency: at === 0 ? [] : consistencyProof(tree.node, sized[at - 1]?.size ?? 0, size).map(toBase64) })),
    keys,
  };
}

const sizeOf = (note: string): number => parseCheckpoint(parseNote(note)?.text ?? '')?.size ?? 0;
