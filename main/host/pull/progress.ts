import { z } from 'zod';

/**
 * How the copy of one document type follows the server. Kept in the database, in the same transaction as the documents it
 * speaks of, so that a crash between two pages loses neither. All times are epoch milliseconds; those of documents are the
 * server's, so a wrong clock on this computer changes nothing.
 */
const change = z.object({ number: z.string(), at: z.number() });

const passSchema = z.object({
  /**
   * `first` fills an empty cache, `delta` reads what has changed, `again` reads everything and drops what did not come: the
   * server has lost what it once told.
   */
  kind: z.enum(['first', 'delta', 'again']),
  since: z.number().nullable(),
  cursor: z.string().nullable(),
  startedAt: z.number(),
  /** The newest change on the pass's first page: what changes later is the next pass's. */
  newest: change.nullable(),
  /** Whether the newest change of the pass before came again. */
  sawKnown: z.boolean(),
  total: z.number().nullable(),
  read: z.number(),
});
export type Pass = z.infer<typeof passSchema>;

export const progressSchema = z.object({
  /** The newest change that the last whole pass had seen. */
  newest: change.nullable(),
  finishedAt: z.number().nullable(),
  /** When everything was last read, and how many documents the server then counted beyond those that could be kept. */
  wholeAt: z.number().nullable(),
  gap: z.number(),
  /** What was last read before this is gone from the server, unless the delta that follows on reading everything still brings it. */
  drop: z.number().nullable(),
  pass: passSchema.nullable(),
  /** Numbers of documents that the server has and this client cannot read; an empty one for those without. */
  unreadable: z.array(z.string()).default([]),
});
export type Progress = z.infer<typeof progressSchema>;

export const untouched: Progress = { newest: null, finishedAt: null, wholeAt: null, gap: 0, drop: null, pass: null, unreadable: [] };

/**
 * A delta starts this much before the newest change that is known. Servers cut times to seconds, and some leave out what
 * changed exactly then; and the newest change itself has to come again, or the server is not the one it was.
 */
export const overlapMs = 2_000;

/** Reading everything again helps once; a server that still does not show what it has is not asked again all day. */
const againEvery = 24 * 3_600_000;

const startOf = (kind: Pass['kind'], since: number | null, now: number): Pass => ({ kind, since, cursor: null, startedAt: now, newest: null, sawKnown: false, total: null, read: 0 });

/** Goes on with the pass that was interrupted, or begins the next. */
export function begin(progress: Progress, now: number): Progress & { pass: Pass } {
  const { pass, newest, finishedAt } = progress;
  if (pass !== null) return { ...progress, pass };
  if (finishedAt === null) return { ...progress, pass: startOf('first', null, now) };
  // A server without times of change cannot tell what has changed.
  return { ...progress, pass: newest === null ? startOf('again', null, now) : startOf('delta', newest.at - overlapMs, now) };
}

/** Begins anew: `same` where a cursor is of no use any more, `again` where the server has forgotten what changed since. */
export function restart(progress: Progress, how: 'same' | 'again', now: number): Progress & { pass: Pass } {
  const { pass } = begin(progress, now);
  return { ...progress, pass: how === 'again' ? startOf('again', null, now) : { ...startOf(pass.kind, pass.since, now), startedAt: pass.startedAt } };
}

/** What a page was, as far as progress depends on it. */
export type PageFacts = {
  newest: z.infer<typeof change> | null;
  /** The oldest change that was left out: the next delta has to bring it again. */
  heldBack: z.infer<typeof change> | null;
  /** It holds the newest change of the pass before. */
  hasKnown: boolean;
  rows: number;
  total: number | null;
  nextCursor: string | null;
};

const earlier = (newest: Pass['newest'], heldBack: Pass['newest']): Pass['newest'] => (heldBack !== null && (newest === null || heldBack.at < newest.at) ? heldBack : newest);

/** The step after a page: more of this pass, nothing, or another pass at once. */
export type Step = {
  progress: Progress;
  next: 'more' | 'done' | 'again';
  /** What was last read before this is to be removed. */
  dropBefore: number | null;
  /** A pass over everything has ended: the server's count can be compared. */
  isWhole: boolean;
};

export function advance(progress: Progress, page: PageFacts, now: number): Step {
  const { pass: current } = begin(progress, now);
  const stay = { dropBefore: null, isWhole: false };
  const shrank = current.total !== null && page.total !== null && page.total < current.total;
  // Counting rows, as servers without cursors do, skips one for every row that was deleted before the place where we are.
  if (shrank && page.nextCursor?.startsWith('skip:') === true) return { ...stay, progress: restart(progress, 'same', now), next: 'again' };
  const pass: Pass = {
    ...current, cursor: page.nextCursor, total: page.total, read: current.read + page.rows,
    newest: earlier(current.cursor === null ? page.newest : current.newest, page.heldBack), sawKnown: current.sawKnown || page.hasKnown,
  };
  if (page.nextCursor !== null) return { ...stay, progress: { ...progress, pass }, next: 'more' };
  if (pass.kind === 'delta') {
    if (!pass.sawKnown && now - (progress.wholeAt ?? 0) >= againEvery) return { ...stay, progress: restart(progress, 'again', now), next: 'again' };
    return { ...stay, progress: { ...progress, newest: pass.newest ?? progress.newest, finishedAt: now, drop: null, pass: null }, next: 'done', dropBefore: progress.drop };
  }
  const whole = { ...progress, newest: pass.newest, finishedAt: now, wholeAt: now, pass: null };
  if (pass.kind === 'first') return { ...stay, progress: whole, next: 'done', isWhole: true };
  // A document that changed while everything was read has moved to where it was read already: the delta from there brings it.
  if (pass.newest !== null) return { ...stay, progress: { ...whole, drop: pass.startedAt }, next: 'again', isWhole: true };
  return { progress: whole, next: 'done', dropBefore: pass.startedAt, isWhole: true };
}
