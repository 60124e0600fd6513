import { canonical, parseCanonical, type StoredEntry } from './entry.ts';

/** Ways to falsify what a log holds; each is a new list of canonical texts. */
export const contentTampering = [
  'edit', 'delete', 'insert', 'reorder', 'cutTail', 'cutHead', 'fork', 'timeShift', 'duplicateSequence', 'canonicalisation', 'length',
] as const;
/** Ways to falsify what is signed and served, with the content as it is. */
export const servingTampering = ['replay', 'keySwap', 'splitView'] as const;

export type ContentTampering = (typeof contentTampering)[number];
export type TamperKind = ContentTampering | (typeof servingTampering)[number];

export type TamperPlan = {
  kind: ContentTampering;
  /** Where, counted from 0. */
  index: number;
  /** Gives every entry the number of its place, as a forger who knows the format would. */
  renumber?: boolean;
  /** Varies how it is done; any whole number. */
  variant?: number;
};

const changed = (text: string, change: (entry: StoredEntry) => Partial<StoredEntry>): string => {
  const entry = parseCanonical(text);
  const next = { ...entry, ...change(entry) };
  return canonical(next.seq, next);
};

/** The same meaning in other bytes: what a verifier that parses and writes anew would take for untouched. */
function disguised(text: string, variant: number): string {
  const tricks: ((text: string) => string)[] = [
    (same) => same.replace(/^\[(\d+),/, '[$1.0,'),
    (same) => same.replace(/^\[(\d+),/, '[$1e0,'),
    (same) => same.replace(/^\[/, '[ '),
    // The letter inside a string, as an escape.
    (same) => same.replace(/([a-z])"/, (_match, letter: string) => `\\u00${letter.charCodeAt(0).toString(16)}"`),
    (same) => `${same}\n`,
    // The precomposed letter as two code points, where there is one.
    (same) => same.normalize('NFD'),
  ];
  for (let step = 0; step < tricks.length; step += 1) {
    const result = tricks[(variant + step) % tricks.length]?.(text) ?? text;
    if (result !== text) return result;
  }
  return ` ${text}`;
}

/**
 * What the log looks like afterwards.
 * @throws RangeError when the log is too short for it.
 */
export function tampered(entries: readonly string[], plan: TamperPlan): string[] {
  const { kind, index, variant = 0 } = plan;
  const here = entries[index];
  if (here === undefined) throw new RangeError(`no entry ${index}`);
  const next = [...entries];
  const other = (index + 1 + variant % Math.max(1, entries.length - 1)) % entries.length;
  switch (kind) {
    case 'edit':
      next[index] = changed(here, (entry) => [{ actor: `${entry.actor}.` }, { reason: `${entry.reason ?? ''}?` }, { to: entry.to === 'approved' ? 'rejected' : 'approved!' }][variant % 3] ?? {});
      break;
    case 'delete': next.splice(index, 1); break;
    case 'insert': next.splice(index, 0, changed(here, () => ({ actor: 'nobody', action: 'approve' }))); break;
    case 'reorder':
      if (other === index) throw new RangeError('nothing to swap with');
      next[index] = entries[other] as string;
      next[other] = here;
      break;
    case 'cutTail': next.length = index; break;
    case 'cutHead': next.splice(0, index + 1); break;
    case 'fork':
      for (let at = index; at < next.length; at += 1) next[at] = changed(next[at] as string, (entry) => ({ correlationId: `${entry.correlationId}~`, actor: 'fork' }));
      break;
    case 'timeShift':
      for (let at = index; at < next.length; at += 1) next[at] = changed(next[at] as string, ({ ts }) => ({ ts: ts - (1 + (variant % 10)) * 3_600_000 }));
      break;
    case 'duplicateSequence': next.splice(index + 1, 0, here); break;
    case 'canonicalisation': next[index] = disguised(here, variant); break;
    case 'length': {
      // The boundary between two entries moves: their bytes one after the other stay the same.
      const follower = entries[index + 1];
      if (follower === undefined) next[index] = here.slice(0, -1);
      else {
        next[index] = here + follower.slice(0, 1);
        next[index + 1] = follower.slice(1);
      }
      break;
    }
  }
  const keepsNumbers = kind === 'canonicalisation' || kind === 'length' || plan.renumber !== true;
  return keepsNumbers ? next : next.map((text, at) => changed(text, () => ({ seq: at + 1 })));
}
