import type { DraftSummary } from '../../../shared/domain/draft.ts';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import type { OutboxState } from '../../../shared/domain/outbox.ts';

/** What of the outbox is worth a line, what needs a person first. */
export function outboxLines(state: OutboxState | null): { part: 'conflicts' | 'rejected' | 'decisions' | 'waiting'; count: number }[] {
  if (state === null) return [];
  const counts = { conflicts: state.conflicts, rejected: state.rejected, decisions: state.decisions, waiting: state.waiting + state.sending };
  return (['conflicts', 'rejected', 'decisions', 'waiting'] as const).map((part) => ({ part, count: counts[part] })).filter(({ count }) => count > 0);
}

const urgency: Readonly<Record<DraftSummary['state'], number>> = { conflict: 0, rejected: 1, open: 2, queued: 3 };

/** What needs a person first, then the newest. */
export const sortDrafts = (drafts: readonly DraftSummary[]): DraftSummary[] => drafts.toSorted((a, b) => urgency[a.state] - urgency[b.state] || b.savedAt - a.savedAt);

/** How many of the rows changed after `since`, and whether there may be more below them. */
export function changedSince(rows: readonly ListRow[], since: number | null): { count: number; isMore: boolean } {
  const count = since === null ? 0 : rows.filter(({ changedAt }) => changedAt !== null && changedAt > since).length;
  return { count, isMore: count > 0 && count === rows.length };
}
