import { z } from 'zod';
import { toHex, utf8 } from '../audit/bytes.ts';
import { formatKey, formatNote, openNote, parseKey, parseNote, signatureTypes, signText, type MakeSignature, type NoteKey, type VerifySignature } from '../audit/note.ts';
import { sha256 } from '../audit/sha256.ts';
import { mostRules, readRule } from './parse.ts';
import type { RuleChange, RuleRecord } from './records.ts';
import { canonicalRule, type Rule } from './rule.ts';

/** Largest change file that is read, in characters: some thousand rules with what they were before. */
export const largestChangeFile = 4_000_000;

const family = 'valeo-policy-change/';
/** First line of a file, and so of what is signed: no checkpoint or evidence of the same key passes for a change. */
export const changeFormat = `${family}1`;

const contentSchema = z.object({
  author: z.string().min(1).max(200), at: z.number().int().min(0).max(8.64e15), reason: z.string().trim().min(1).max(2000),
  /** Address of the ERP whose rules are changed, and the tenant there. */
  server: z.string().min(1).max(500), tenant: z.string().max(200).nullable(),
  base: z.string().regex(/^[0-9a-f]{64}$/),
  changes: z.array(z.unknown()).min(1).max(mostRules),
});

/** A change that one person hands to another: who made it when (epoch milliseconds), for which server, and on which rules. */
export type ChangeFile = Omit<z.infer<typeof contentSchema>, 'changes'> & { changes: RuleChange[] };

/** Why a text is no change file that can be believed. */
export const changeFileFaults = ['tooLarge', 'foreign', 'newer', 'damaged', 'signature'] as const;
export type ChangeFileFault = (typeof changeFileFaults)[number];

/** One text for a whole rule set, whatever the order: SHA-256 over the canonical rules, as hex. */
export const fingerprintOf = (rules: readonly Rule[]): string => toHex(sha256(utf8(rules.map(canonicalRule).toSorted().join('\n')) ?? new Uint8Array(0)));

/** Writes a change as a C2SP signed note: format, key and content, each readable, and a signature over all of it. */
export function formatChangeFile(change: ChangeFile, key: NoteKey, sign: MakeSignature): string {
  const text = `${changeFormat}\n${formatKey(key)}\n${JSON.stringify(change, null, 2)}\n`;
  return formatNote({ text, signatures: [signText(text, key, sign)] });
}

/**
 * Reads a change file. The signature is checked before the content is looked at. It says that the holder of the key in the
 * file wrote this; whether that key is to be believed is for the caller.
 */
export function openChangeFile(text: string, verify: VerifySignature): { change: ChangeFile; key: NoteKey } | ChangeFileFault {
  if (text.length > largestChangeFile) return 'tooLarge';
  const format = /^.*/.exec(text)?.[0] ?? '';
  if (format !== changeFormat) return new RegExp(`^${family}\\d+$`).test(format) ? 'newer' : 'foreign';
  const note = parseNote(text);
  const [, keyLine = '', ...rest] = note?.text.split('\n') ?? [];
  const key = parseKey(keyLine);
  if (note === null || key === null || key.type !== signatureTypes.ed25519) return 'damaged';
  const opened = openNote(text, [key], verify);
  if (opened === 'format') return 'damaged';
  if (typeof opened === 'string') return 'signature';
  const change = readContent(rest.join('\n'));
  return change === null ? 'damaged' : { change, key };
}

function readContent(json: string): ChangeFile | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const parsed = contentSchema.safeParse(value);
  if (!parsed.success) return null;
  const changes = parsed.data.changes.map(readChange);
  const ids = new Set(changes.map((change) => change === null ? '' : idOfChange(change)));
  return changes.every((change) => change !== null) && ids.size === changes.length ? { ...parsed.data, changes } : null;
}

const shape = z.discriminatedUnion('op', [
  z.object({ op: z.literal('upsert'), rule: z.unknown(), base: z.object({ rule: z.unknown(), version: z.string().nullable() }).nullable() }),
  z.object({ op: z.literal('delete'), base: z.object({ rule: z.unknown(), version: z.string().nullable() }) }),
]);

/** By way of {@link readRule}, which refuses what is nested too deep before anything descends into it. */
function readChange(value: unknown): RuleChange | null {
  const parsed = shape.safeParse(value);
  if (!parsed.success) return null;
  const given = parsed.data.base;
  const { rule: old } = given === null ? { rule: null } : readRule(given.rule);
  const base: RuleRecord | null = given === null || old === null ? null : { rule: old, version: given.version };
  if (given !== null && base === null) return null;
  if (parsed.data.op === 'delete') return base === null ? null : { op: 'delete', base };
  const { rule } = readRule(parsed.data.rule);
  return rule === null || (base !== null && base.rule.id !== rule.id) ? null : { op: 'upsert', rule, base };
}

/** The rule that a change is about. */
export const idOfChange = (change: RuleChange): string => (change.op === 'delete' ? change.base.rule.id : change.rule.id);
