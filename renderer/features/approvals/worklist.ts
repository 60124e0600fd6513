import type { ListRow } from '../../../shared/domain/document-list.ts';
import type { Decision } from './undo-queue.ts';
import { nameOf } from './undo-queue.ts';

/** When a document began to wait; servers that do not say give the time of its last change instead. */
export const waitingSince = (row: ListRow): number | null => row.submittedAt ?? row.changedAt;

/**
 * The worklist, oldest first. A decided document keeps its place while its decision is on screen, although it no longer
 * waits: the row under the cursor must not vanish.
 */
export function worklist(pending: readonly ListRow[], decided: ReadonlyMap<string, ListRow>, decisions: ReadonlyMap<string, Decision>): ListRow[] {
  const rows = new Map(pending.map((row) => [nameOf(row), row]));
  for (const [name, row] of decided) if (decisions.has(name) && !rows.has(name)) rows.set(name, row);
  return [...rows.values()].toSorted((a, b) => (waitingSince(a) ?? 0) - (waitingSince(b) ?? 0) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Where the cursor goes after a decision: the next undecided row below, else the nearest one above, else it stays. */
export function nextOpen(rows: readonly ListRow[], current: number, decisions: Pick<ReadonlyMap<string, unknown>, 'has'>): number {
  const isOpen = (index: number): boolean => {
    const row = rows[index];
    return row !== undefined && !decisions.has(nameOf(row));
  };
  for (let index = current + 1; index < rows.length; index++) if (isOpen(index)) return index;
  for (let index = current - 1; index >= 0; index--) if (isOpen(index)) return index;
  return current;
}
