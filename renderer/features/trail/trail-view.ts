import type { TrailEntry } from '../../../shared/domain/document.ts';

/** The entries newest first; of the same moment the later sequence number first, else the later in the answer. */
export function newestFirst(entries: readonly TrailEntry[]): TrailEntry[] {
  return entries.map((entry, index) => ({ entry, index })).toSorted((a, b) => b.entry.at - a.entry.at || (b.entry.seq ?? 0) - (a.entry.seq ?? 0) || b.index - a.index).map(({ entry }) => entry);
}

/** Milliseconds from which on a time is a time: a server without one sends 0, and 1970 would be a lie. */
const firstMoment = Date.UTC(2000, 0, 1);

/** When it happened; null when the server did not say. */
export const momentOf = (entry: TrailEntry): number | null => (entry.at >= firstMoment ? entry.at : null);

export type TrailGaps = { user: boolean; reason: boolean; hash: boolean };

/** What this server never says in this trail, so that an empty column is explained instead of guessed. */
export const gapsOf = (entries: readonly TrailEntry[]): TrailGaps => ({
  user: entries.length > 0 && entries.every((entry) => entry.user === null),
  reason: entries.length > 0 && entries.every((entry) => entry.reason === null),
  hash: entries.length > 0 && entries.every((entry) => entry.hash === null),
});
