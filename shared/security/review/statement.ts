import { z } from 'zod';
import { formatNote, signText, type MakeSignature, type NoteKey, type VerifySignature } from '../../audit/note.ts';
import { openReviewNote, reviewFormat, reviewHead } from '../../audit/review-note.ts';
import { raisedFindings, type Review } from './finding.ts';

export const statementFormat = reviewFormat;

const line = z.string().max(500);
const reviewStatementSchema = z.object({ review: line, from: line, to: line, log: line, size: z.number().int(), root: line, findings: z.number().int(), /** Found and not gone through. */ cut: z.number().int().default(0), raised: z.number().int(), at: line, by: line, /** Of the report's PDF, hex. */ sha256: line });
export type ReviewStatement = z.infer<typeof reviewStatementSchema>;

export function statementOf(review: Pick<Review, 'id' | 'from' | 'to' | 'log' | 'findings' | 'cut'>, { at, by, sha256 }: { at: number; by: string; sha256: string }): ReviewStatement {
  const { origin, size, root } = review.log;
  return { review: review.id, from: new Date(review.from).toISOString(), to: new Date(review.to).toISOString(), log: origin ?? '', size, root, findings: review.findings.length, cut: review.cut, raised: raisedFindings(review), at: new Date(at).toISOString(), by, sha256 };
}

/** What this computer signs about a finished review: a C2SP signed note that names the key, the result and the report's SHA-256. */
export function formatStatement(statement: ReviewStatement, key: NoteKey, sign: MakeSignature): string {
  const text = `${reviewHead(key)}${JSON.stringify(statement, null, 2)}\n`;
  return formatNote({ text, signatures: [signText(text, key, sign)] });
}

/** Reads a statement and checks that the holder of the key in it has signed it. @returns null for anything else */
export function openStatement(text: string, verify: VerifySignature): { statement: ReviewStatement; key: NoteKey } | null {
  const opened = openReviewNote(text, verify);
  const parsed = reviewStatementSchema.safeParse(opened?.body);
  return opened !== null && parsed.success ? { statement: parsed.data, key: opened.key } : null;
}
