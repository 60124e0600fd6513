import { fromBase64, toBase64, utf8 } from './bytes.ts';
import { openCheckpoint, type OpenedCheckpoint } from './checkpoint.ts';
import { parseEntry } from './entry.ts';
import { isStatementOf, parseEvidence, type EvidenceFile, type EvidenceView } from './evidence.ts';
import { isSameComputer, reviewFactsSchema, unprovenOf, type EvidenceFacts, type ReviewFacts } from './evidence-facts.ts';
import { hashLeaf, verifyConsistency, verifyInclusion, type Hash } from './merkle.ts';
import { formatKey, openNote, parseKey, signatureTypes, type NoteKey, type VerifySignature } from './note.ts';
import { openReviewNote } from './review-note.ts';
import { verdictOf, type Fault, type Finding, type Verdict } from './verdict.ts';

/** How far the clocks of server and client may differ before an entry counts as backdated. */
export const clockTolerance = 5 * 60_000;

export type EvidenceVerdict = Verdict & { entries: number; checkpoints: number; /** One for each file that could be read. */ files: EvidenceFacts[] };

type Seen = { checkpoint: OpenedCheckpoint; seenAt: number; notBefore: string };
type Read = { findings: Finding[]; origin: string; entries: Map<number, string>; checkpoints: OpenedCheckpoint[]; facts: EvidenceFacts | null };
type Known = { trusted: readonly NoteKey[] | null; devices: readonly NoteKey[] | null };

const hashes = (list: readonly string[]): Hash[] => list.map((text) => fromBase64(text) ?? new Uint8Array(0));
const keysOf = (texts: readonly string[]): NoteKey[] => texts.map(parseKey).filter((key) => key !== null);

/** The first indexes that the ranges claim; one more than there are entries is enough to see what is missing. */
function expectedIndexes(ranges: EvidenceView['ranges'], limit: number): number[] {
  const indexes: number[] = [];
  for (const [first, end] of ranges) for (let index = first; index < end && indexes.length < limit; index++) indexes.push(index);
  return indexes;
}

/** Goes through one view. @param before the checkpoint of the view before, if that was good */
function readView(view: EvidenceView, file: EvidenceFile, before: Seen | null, keys: readonly NoteKey[], read: Read, verify: VerifySignature): Seen | null {
  const { log } = file.evidence;
  const found: Finding[] = [];
  const add = (index: number, fault: Fault): void => { found.push({ index, fault }); };
  const opened = openCheckpoint(view.checkpoint, { origin: log.origin, keys, cosigners: keysOf(log.cosigners) }, verify);
  const checkpoint = typeof opened === 'string' ? null : opened;
  if (typeof opened === 'string') add(before?.checkpoint.size ?? 0, opened);

  const expected = expectedIndexes(view.ranges, view.entries.length + 1);
  let last = '';
  for (const [place, { index, canonical, proof }] of view.entries.entries()) {
    const wanted = expected[place];
    if (wanted !== index) {
      add(wanted ?? (expected.at(-1) ?? -1) + 1, wanted !== undefined && index > wanted ? 'missing' : 'order');
      break;
    }
    const entry = log.entries === 'opaque' ? null : parseEntry(canonical);
    const bytes = utf8(canonical);
    if (bytes === null || (entry === null && log.entries !== 'opaque')) add(index, 'encoding');
    if (entry !== null && entry.seq !== index + 1) add(index, 'sequence');
    // Servers with several processes write entries a moment out of order; so much is no backdating.
    if (entry !== null && (Date.parse(last) - Date.parse(entry.ts) > clockTolerance || (before !== null && index >= before.checkpoint.size && entry.ts < before.notBefore))) add(index, 'time');
    if (bytes !== null && checkpoint !== null && !verifyInclusion(index, checkpoint.size, hashLeaf(bytes), hashes(proof), checkpoint.root)) add(index, 'entry');
    const earlier = read.entries.get(index);
    if (earlier !== undefined && earlier !== canonical) add(index, 'rewritten');
    else read.entries.set(index, canonical);
    last = entry?.ts ?? last;
  }
  const absent = expected[view.entries.length];
  if (absent !== undefined) add(absent, 'missing');

  if (checkpoint !== null) {
    read.checkpoints.push(checkpoint);
    const proof = hashes(view.consistency);
    if (before === null) {
      if (proof.length > 0) add(0, 'inconsistent');
    } else if (checkpoint.size < before.checkpoint.size) add(checkpoint.size, 'rollback');
    else if (!verifyConsistency(before.checkpoint.size, checkpoint.size, proof, before.checkpoint.root, checkpoint.root) && !found.some(({ fault }) => fault === 'rewritten')) add(0, 'inconsistent');
  }
  read.findings.push(...found);
  return checkpoint === null ? before : { checkpoint, seenAt: view.seenAt, notBefore: new Date(Math.max(0, view.seenAt - clockTolerance)).toISOString() };
}

/** A note about a review, if the key in it has signed it and it says what such a note says. */
function openReview(note: string, verify: VerifySignature): { key: NoteKey; facts: ReviewFacts } | null {
  const opened = openReviewNote(note, verify);
  const parsed = reviewFactsSchema.safeParse(opened?.body);
  return opened !== null && parsed.success ? { key: opened.key, facts: parsed.data } : null;
}

function readFile(text: string, { trusted, devices }: Known, verify: VerifySignature): Read {
  const read: Read = { findings: [], origin: '', entries: new Map(), checkpoints: [], facts: null };
  const isKnown = (key: NoteKey | null): boolean => devices === null || devices.some((known) => isSameComputer(known, key));
  const add = (fault: Fault): void => { read.findings.push({ index: null, fault }); };
  const file = parseEvidence(text);
  if (file === null) {
    add('format');
    return read;
  }
  const { log, device, views } = file.evidence;
  read.origin = log.origin;
  const keys = (trusted ?? keysOf(log.keys)).filter(({ type }) => type === signatureTypes.ed25519);
  let before: Seen | null = null;
  for (const view of views) before = readView(view, file, before, keys, read, verify);
  const signer = parseKey(device ?? '');
  const statement = signer === null ? null : openNote(file.statement, [signer], verify);
  const isStated = statement === null ? file.statement === '' : typeof statement === 'object' && isStatementOf(statement.text, file);
  const review = file.review === null ? null : openReview(file.review, verify);
  // A review is of this log and by this computer, or it has nothing to do with the file.
  const isReview = review === null ? file.review === null : formatKey(review.key) === device && ['', log.origin].includes(review.facts.log)
    && read.checkpoints.every(({ size, root }) => size !== review.facts.size || toBase64(root) === review.facts.root);
  if (!isStated || !isReview || !isKnown(signer)) add('statement');
  const cosigned = read.checkpoints.flatMap(({ size, cosignedBy }) => cosignedBy.map(({ key, at }) => ({ key: formatKey(key), size, at })));
  const facts = { origin: log.origin, size: before?.checkpoint.size ?? 0, seenAt: before?.seenAt ?? null, ranges: views.flatMap(({ ranges }) => ranges), device, cosigned, review: review?.facts ?? null };
  read.facts = { ...facts, unproven: unprovenOf(facts, read.entries.size, trusted, devices) };
  return read;
}

/** What two files say of one log has to be the same. */
function compare(left: Read, right: Read): Finding[] {
  if (left.origin !== right.origin) return [{ index: null, fault: 'origin' }];
  const differing = [...left.entries].filter(([index, canonical]) => (right.entries.get(index) ?? canonical) !== canonical).map(([index]) => index);
  if (differing.length > 0) return [{ index: Math.min(...differing), fault: 'splitView' }];
  const isSplit = left.checkpoints.some(({ size, root }) => right.checkpoints.some((other) => other.size === size && String(other.root) !== String(root)));
  return isSplit ? [{ index: 0, fault: 'splitView' }] : [];
}

/**
 * Checks one or more files of evidence about one log: each by itself, then against each other.
 * @param trusted the log's keys as known from elsewhere; null believes those in the files
 * @param devices keys of computers as known from elsewhere, one of which has to have signed each file; null: any or none
 */
export function verifyEvidence(texts: readonly string[], trusted: readonly NoteKey[] | null, verify: VerifySignature, devices: readonly NoteKey[] | null = null): EvidenceVerdict {
  const reads = texts.map((text) => readFile(text, { trusted, devices }, verify));
  const findings = reads.flatMap(({ findings: own }) => own);
  const readable = reads.filter(({ origin }) => origin !== '');
  readable.forEach((left, at) => { for (const right of readable.slice(at + 1)) findings.push(...compare(left, right)); });
  return {
    ...verdictOf(findings),
    entries: reads.reduce((sum, { entries }) => sum + entries.size, 0),
    checkpoints: reads.reduce((sum, { checkpoints }) => sum + checkpoints.length, 0),
    files: reads.map(({ facts }) => facts).filter((facts) => facts !== null),
  };
}
