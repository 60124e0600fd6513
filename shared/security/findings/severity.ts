import { z } from 'zod';

/** From worst to least; the place is what the database stores and sorts by. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

const day = 86_400_000;

/** Days until a finding has to be dealt with, from when it was first seen or came back. Null: no clock runs. */
export const dueDays: Readonly<Record<Severity, number | null>> = { critical: 7, high: 30, medium: 90, low: 180, info: null };

/** When a finding is due, epoch milliseconds. @param openedAt when it was first seen or came back */
export function dueAt(severity: Severity, openedAt: number): number | null {
  const days = dueDays[severity];
  return days === null ? null : openedAt + days * day;
}

/** Why a finding has its severity: a CVSS base score (0 to 10), or the word of a tool. */
export const severityReasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cvss'), score: z.number().min(0).max(10), vector: z.string().max(200).nullable() }),
  z.object({ kind: z.literal('word'), word: z.string().max(40), note: z.enum(['same', 'moderate', 'negligible', 'unknown', 'level', 'risk']) }),
]);
export type SeverityReason = z.infer<typeof severityReasonSchema>;
export type Rating = { severity: Severity; reason: SeverityReason };

/** The qualitative scale of CVSS 3.1 and 4.0 (FIRST, "Qualitative Severity Rating Scale"); 0.0 is called none there. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}

type Note = Extract<SeverityReason, { kind: 'word' }>['note'];

/**
 * The words of all tools, in one place. `note` says why:
 * same = the word means just that; moderate = npm's and GitHub's word for medium; negligible = Debian's word for what is not worth
 * an update, so it starts no clock; unknown = nobody has rated it: medium until somebody looks, because neither silence nor
 * alarm would be honest; level = SARIF 3.27.10, which knows only error, warning, note and none; risk = ZAP's risk codes 3 to 0.
 */
const words: Readonly<Record<string, readonly [Severity, Note]>> = {
  critical: ['critical', 'same'], high: ['high', 'same'], medium: ['medium', 'same'], low: ['low', 'same'], info: ['info', 'same'], informational: ['info', 'same'], none: ['info', 'level'],
  moderate: ['medium', 'moderate'], important: ['high', 'moderate'], negligible: ['info', 'negligible'], minor: ['low', 'moderate'],
  error: ['high', 'level'], warning: ['medium', 'level'], note: ['low', 'level'],
  3: ['high', 'risk'], 2: ['medium', 'risk'], 1: ['low', 'risk'], 0: ['info', 'risk'],
};

/** The rating of a tool's word, whatever its case. A word that no table knows counts like none. */
export function ratingOfWord(word: unknown): Rating {
  const text = typeof word === 'string' || typeof word === 'number' ? String(word).trim().toLowerCase() : '';
  const known = Object.hasOwn(words, text) ? words[text] : undefined;
  const [severity, note] = known ?? ['medium', 'unknown'] as const;
  return { severity, reason: { kind: 'word', word: text.slice(0, 40) || 'unknown', note } };
}

/** A rating from a CVSS base score if there is a usable one, from the tool's word otherwise: scores compare across tools, words do not. */
export function rate(score: unknown, vector: unknown, word: unknown): Rating {
  const value = typeof score === 'string' && score.trim() !== '' ? Number(score) : score;
  // Some databases write 0 for "not rated yet".
  if (typeof value !== 'number' || !(value > 0 && value <= 10)) return ratingOfWord(word);
  return { severity: severityOfScore(value), reason: { kind: 'cvss', score: value, vector: typeof vector === 'string' ? vector.slice(0, 200) : null } };
}

/** The worse one of two. */
export const worse = (a: Severity, b: Severity): Severity => (severities.indexOf(a) <= severities.indexOf(b) ? a : b);
