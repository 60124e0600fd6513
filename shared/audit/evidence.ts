import { z } from 'zod';
import { fromBase64, toBase64, utf8 } from './bytes.ts';
import { hashLength } from './merkle.ts';
import { reviewFormat } from './review-note.ts';
import { sha256 } from './sha256.ts';
import { formatNote, parseKey, signText, type MakeSignature, type NoteKey } from './note.ts';

/**
 * Evidence in one text file: a report that people read, the proofs as one line of JSON, and a statement signed by whoever made it.
 * docs/evidence-bundle.md describes it for those who want to check it with tools of their own.
 */

const begin = '-----BEGIN EVIDENCE-----';
const end = '-----END EVIDENCE-----';
export const evidenceFormat = 'valeo-evidence/1';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z.string().refine((text) => fromBase64(text)?.length === hashLength);
const key = z.string().refine((text) => parseKey(text) !== null);
/** Epoch milliseconds, up to the year 9999. */
const instant = z.number().int().min(0).max(253_402_300_799_999);

export const viewSchema = z.object({
  /** Whose view, in words. */
  label: z.string(),
  /** When this client had it before it. */
  seenAt: instant,
  /** The signed note (c2sp.org/tlog-checkpoint) as it was received. */
  checkpoint: z.string(),
  /** Proof from the checkpoint of the view before this one; empty in the first. */
  consistency: z.array(hash),
  /** What is claimed to be complete: pairs of first index and the one after the last, ascending. */
  ranges: z.array(z.tuple([count, count])),
  entries: z.array(z.object({ index: count, canonical: z.string(), /** In the tree of this view's checkpoint. */ proof: z.array(hash) })),
});
export type EvidenceView = z.infer<typeof viewSchema>;

/** Neighbours become ranges, each with the place behind its last entry. */
export function rangesOf(indexes: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else ranges.push([index, index + 1]);
  }
  return ranges;
}

export const evidenceSchema = z.object({
  log: z.object({
    origin: z.string().min(1),
    keys: z.array(key),
    /** Keys of those who cosign checkpoints. */
    cosigners: z.array(key),
    /** `neuroerp/1` where entries have the form of entry.ts; `opaque` where the bytes are all we know. */
    entries: z.enum(['neuroerp/1', 'opaque']),
  }),
  /** The key of the statement. */
  device: key.nullable(),
  /** None where nothing of the log was verified: then the file proves what its statement and its review say, and no more. */
  views: z.array(viewSchema),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export type EvidenceFile = {
  report: string[]; evidence: Evidence; /** What the statement signs. */ signed: string; statement: string;
  /** The signed note about a security review with which the report ends; null where there is none. */
  review: string | null;
};

const statementText = (origin: string, signed: string): string => `${evidenceFormat}\n${origin}\n${toBase64(sha256(utf8(signed) ?? new Uint8Array(0)))}\n`;

/**
 * Writes the file.
 * @param device signs the statement; without it the file proves what the log's own signatures prove, and nobody answers for the report
 * @param review the signed note about a security review, with which the report ends
 */
export function formatEvidence(report: readonly string[], evidence: Evidence, device: { key: NoteKey; sign: MakeSignature } | null, review: string | null = null): string {
  // A line of the report must not be taken for the end of it, or for the beginning of a note that somebody signed.
  const lines = report.flatMap((line) => line.split('\n')).map((line) => (line.startsWith('-----') || line === reviewFormat ? ` ${line}` : line));
  const signed = `${[...lines, ...(review === null ? [] : review.trimEnd().split('\n')), begin, JSON.stringify(evidence), end].join('\n')}\n`;
  if (device === null) return signed;
  const text = statementText(evidence.log.origin, signed);
  return signed + formatNote({ text, signatures: [signText(text, device.key, device.sign)] });
}

/** Whether this is the text that the statement of such a file has. */
export const isStatementOf = (text: string, { evidence, signed }: EvidenceFile): boolean => text === statementText(evidence.log.origin, signed);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads the file without believing it. @returns null for any other form. */
export function parseEvidence(text: string): EvidenceFile | null {
  const [report = '', rest, ...more] = `\n${text}`.split(`\n${begin}\n`);
  const [json = '', statement, ...others] = (rest ?? '').split(`\n${end}\n`);
  if (rest === undefined || statement === undefined || more.length > 0 || others.length > 0 || utf8(text) === null) return null;
  const checked = evidenceSchema.safeParse(parsed(json));
  if (!checked.success) return null;
  const at = `${report}\n`.lastIndexOf(`\n${reviewFormat}\n`);
  return { report: report.slice(1).split('\n'), evidence: checked.data, signed: text.slice(0, text.length - statement.length), statement, review: at < 0 ? null : `${report.slice(at + 1)}\n` };
}
