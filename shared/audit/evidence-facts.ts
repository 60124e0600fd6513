import { z } from 'zod';
import type { EvidenceView } from './evidence.ts';
import { parseKey, type NoteKey } from './note.ts';

/** What a file says of itself, as far as its signatures hold; a verdict alone does not tell what was proven. */
export type EvidenceFacts = {
  origin: string;
  /** Of the newest checkpoint that held: its size (0 without one) and when it was seen, epoch milliseconds (null without one). */
  size: number;
  seenAt: number | null;
  /** What its views claim to be complete. */
  ranges: EvidenceView['ranges'];
  /** Whose key the statement names; null: nobody has signed the report. */
  device: string | null;
  /** `at` in epoch seconds. */
  cosigned: { key: string; size: number; at: number }[];
  review: ReviewFacts | null;
  /** See {@link openQuestions}. */
  unproven: string[];
};

/** The members of a statement about a review that are read here; it may have more. */
export const reviewFactsSchema = z.object({
  review: z.string(), from: z.string(), to: z.string(), log: z.string(), root: z.string(), at: z.string(), by: z.string(), sha256: z.string(),
  size: z.number().int().min(0), findings: z.number().int().min(0), raised: z.number().int().min(0), cut: z.number().int().min(0).default(0),
});
export type ReviewFacts = z.infer<typeof reviewFactsSchema>;

/** What a file without fault can leave open, in the words in which the verifiers say it after "NOT proven:". */
export const openQuestions = {
  key: 'that this is the log you know: its key is the file\'s own, give yours with --key',
  rest: 'anything about entries that are not in the file: whoever made it chose those that are',
  report: 'the words above the proofs and the dates: nobody has signed them',
  device: 'who wrote the words above the proofs and the dates: the signer\'s key is the file\'s own, give yours with --device',
  cosigned: 'that others were shown the same log: no other computer given with --device has cosigned it',
} as const;

/** A computer's key signs statements under one type and cosigns under another. */
export const isSameComputer = (one: NoteKey | null, other: NoteKey | null): boolean => one !== null && other !== null && one.name === other.name && String(one.publicKey) === String(other.publicKey);

/** @param trusted keys of logs, and @param devices of computers, as known from elsewhere; null: only the file's own are there */
export function unprovenOf(facts: Pick<EvidenceFacts, 'size' | 'device' | 'cosigned'>, entries: number, trusted: readonly NoteKey[] | null, devices: readonly NoteKey[] | null): string[] {
  const own = parseKey(facts.device ?? '');
  const others = facts.cosigned.map(({ key }) => parseKey(key)).filter((key) => !isSameComputer(key, own));
  const open: [string, boolean][] = [
    [openQuestions.key, trusted === null], [openQuestions.rest, entries === 0 || entries < facts.size], [openQuestions.report, facts.device === null],
    [openQuestions.device, facts.device !== null && devices === null], [openQuestions.cosigned, !others.some((key) => devices?.some((known) => isSameComputer(known, key)) === true)],
  ];
  return open.filter(([, isOpen]) => isOpen).map(([what]) => what);
}
