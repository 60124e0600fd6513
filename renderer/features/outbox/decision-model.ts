import type { DocumentRecord } from '../../../shared/domain/document.ts';
import type { Decision } from '../../../shared/domain/outbox.ts';
import { changesIn, compareDocuments, type FieldConflict, type Merge } from '../../../shared/domain/merge.ts';
import type { WorkflowState } from '../../../shared/domain/workflow.ts';
import { stateOf } from '../documents/actions/action-model.ts';

export type Review = {
  comparison: Merge;
  /** What is in the document now and was not when it was seen; `base` is then, `theirs` is now. */
  changes: FieldConflict[];
  /** The workflow then and now, when it moved. */
  states: { before: WorkflowState; now: WorkflowState } | null;
  submitters: { before: string | null; now: string | null } | null;
};

const submitter = ({ workflow }: DocumentRecord): string | null => workflow?.submittedBy ?? null;

/** What a person has to see before they confirm; null until the server's state is known. */
export function reviewOf({ seen, current }: Decision): Review | null {
  if (current === null) return null;
  const [before, now] = [stateOf(seen), stateOf(current)];
  const comparison = compareDocuments(seen.document, current.document);
  return {
    comparison, changes: changesIn(comparison),
    states: before === now ? null : { before, now },
    submitters: submitter(seen) === submitter(current) ? null : { before: submitter(seen), now: submitter(current) },
  };
}

export const isUnchanged = (review: Review): boolean => review.changes.length === 0 && review.states === null && review.submitters === null;
