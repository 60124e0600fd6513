import { fromBase64, toBase64, utf8 } from '../../audit/bytes.ts';
import { cosign, formatNote, openNote, parseKey, parseNote, type MakeSignature, type NoteKey, type VerifySignature } from '../../audit/note.ts';
import { drillEvidenceSchema, type DrillEvidence, type DrillFault } from './backup.ts';

/** First line of what is signed, so that no other text of the same key passes for a drill. */
export const drillFormat = 'valeo-restore-drill/1';
/** A proof is some hundred bytes; what is larger is something else. */
export const largestProof = 64 * 1024;
/** Clocks of a server and of a client may differ by this much, milliseconds. */
const clockSlack = 5 * 60_000;

/** The text under the signature: the format, and the fields as a JSON array in this order, the problems last. */
export function drillText({ backup, startedAt, finishedAt, rowsCompared, mismatches, rpoSeconds, rtoSeconds, sha256, problems }: Omit<DrillEvidence, 'signature'>): string {
  return `${drillFormat}\n${JSON.stringify([backup, startedAt, finishedAt, rowsCompared, mismatches, rpoSeconds, rtoSeconds, sha256, ...problems])}\n`;
}

/** The times of a drill fit together: it ended after it began, and took as long as it says, to the second. */
function timesFit({ startedAt, finishedAt, rtoSeconds }: DrillEvidence): boolean {
  const took = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return Number.isFinite(took) && took >= 0 && Math.abs(took - rtoSeconds) <= 1;
}

/** What this client asked for, to hold the answer against it. */
export type AskedDrill = { backup: string; /** Digest that the list names; null where it names none. */ sha256: string | null; /** Epoch milliseconds. */ askedAt: number };

/**
 * Whether evidence is to be believed: signed by the key this client has known the server by, about the backup that was asked
 * for, with times that fit, and made after it was asked for.
 * @param known the key remembered from the first visit; `key` the one that the server names now
 * @returns null when it is, otherwise why not
 */
export function checkDrill(evidence: DrillEvidence, key: string, known: string, asked: AskedDrill | null, verify: VerifySignature): DrillFault | null {
  if (key !== known) return 'key';
  const parsed = parseKey(key);
  const signature = fromBase64(evidence.signature);
  const message = utf8(drillText(evidence));
  if (parsed === null) return 'key';
  if (signature?.length !== 64 || message === null || !verify(parsed.publicKey, message, signature)) return 'signature';
  if (asked !== null && evidence.backup !== asked.backup) return 'otherBackup';
  // Other bytes than the list names are another backup, unless that is the very problem which the drill reports.
  if (asked !== null && asked.sha256 !== null && evidence.sha256 !== asked.sha256.toLowerCase().replace(/^sha256:/, '') && !evidence.problems.includes('checksum')) return 'otherBackup';
  if (!timesFit(evidence)) return 'times';
  if (asked !== null && Date.parse(evidence.finishedAt) < asked.askedAt - clockSlack) return 'replayed';
  return null;
}

/** A proof as a file: a C2SP signed note with the server's signature, and this computer's cosignature of when it was checked. */
export function formatProof(evidence: DrillEvidence, serverKey: NoteKey, checkedAt: number, device: { cosigner: NoteKey; sign: MakeSignature }): string {
  const text = drillText(evidence);
  const signature = fromBase64(evidence.signature) ?? new Uint8Array(64);
  return formatNote({ text, signatures: [{ name: serverKey.name, id: serverKey.id, signature }, cosign(text, Math.floor(checkedAt / 1000), device.cosigner, device.sign)] });
}

/** Reads the file of a colleague and checks it with the key that this client has known the server by. */
export function openProof(text: string, known: string, verify: VerifySignature): { evidence: DrillEvidence; fault: null } | { evidence: null; fault: DrillFault } {
  const refused = (fault: DrillFault) => ({ evidence: null, fault });
  const key = parseKey(known);
  const note = text.length > largestProof ? null : parseNote(text);
  const [format, fields = '', ...rest] = note?.text.split('\n') ?? [];
  if (note === null || format !== drillFormat || rest.join('') !== '') return refused('format');
  if (key === null) return refused('key');
  const opened = openNote(text, [key], verify);
  if (typeof opened === 'string') return refused(opened);
  const own = note.signatures.find(({ name, id }) => name === key.name && id === key.id);
  const evidence = evidenceOf(fields, toBase64(own?.signature ?? new Uint8Array(0)));
  // Read back to the same bytes, or what was signed says something else than what was understood.
  if (evidence === null || drillText(evidence) !== note.text) return refused('format');
  return timesFit(evidence) ? { evidence, fault: null } : refused('times');
}

function evidenceOf(fields: string, signature: string): DrillEvidence | null {
  try {
    const list: unknown = JSON.parse(fields);
    if (!Array.isArray(list)) return null;
    const [backup, startedAt, finishedAt, rowsCompared, mismatches, rpoSeconds, rtoSeconds, sha256, ...problems] = list as unknown[];
    const parsed = drillEvidenceSchema.safeParse({ backup, startedAt, finishedAt, rowsCompared, mismatches, rpoSeconds, rtoSeconds, sha256, problems, signature });
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
