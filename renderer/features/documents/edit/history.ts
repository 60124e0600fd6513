import type { DraftContent } from '../../../../shared/domain/draft.ts';

/** A state that can be gone back to. `place` is the path of what changed after it, so that the eye finds it. */
type Step = { content: DraftContent; place: string | null };

/** What was, and what was taken back. Contents are never changed in place, so a step costs only what differs. */
export type History = {
  past: readonly Step[];
  future: readonly Step[];
  /** The place that is being typed in, and when last: more of the same is the same step. */
  open: { place: string; at: number } | null;
};

export const noHistory: History = { past: [], future: [], open: null };

/** Milliseconds of pause after which typing in the same place is a step of its own. */
const pauseMs = 1_000;
const longest = 500;

/** Remembers what was there before a change at `place`. @param at epoch milliseconds */
export function remember(history: History, before: DraftContent, place: string | null, at: number): History {
  const goesOn = place !== null && history.open?.place === place && at - history.open.at < pauseMs && history.past.length > 0;
  return {
    past: goesOn ? history.past : [...history.past.slice(1 - longest), { content: before, place }],
    future: [],
    open: place === null ? null : { place, at },
  };
}

export type Travelled = { history: History; content: DraftContent; place: string | null };

/** One step back; null at the beginning. */
export function undo({ past, future }: History, now: DraftContent): Travelled | null {
  const step = past.at(-1);
  return step === undefined ? null : { content: step.content, place: step.place, history: { past: past.slice(0, -1), future: [...future, { content: now, place: step.place }], open: null } };
}

/** One step forward again; null when nothing was taken back. */
export function redo({ past, future }: History, now: DraftContent): Travelled | null {
  const step = future.at(-1);
  return step === undefined ? null : { content: step.content, place: step.place, history: { past: [...past, { content: now, place: step.place }], future: future.slice(0, -1), open: null } };
}
