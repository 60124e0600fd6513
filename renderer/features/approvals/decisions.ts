import { useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { ListRow } from '../../../shared/domain/document-list.ts';
import { call, errorOf } from '../../bridge/call.ts';
import { beforeLeaving } from '../../state/unstored.ts';
import { onPersonLeft } from '../documents/working-account.ts';
import { nameOf, UndoQueue, type Decision } from './undo-queue.ts';

/** One queue for the window: what waits is sent also when another screen is open by then. */
export const decisions = new UndoQueue({
  send: async ({ type, number }, action, reason, seen) => {
    await call('workflow.transition', { type, number, action, seen, ...(reason !== null && { reason }) });
  },
  toError: errorOf,
  now: () => Date.now(),
  later: (run, delay) => {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
});

/** The rows of decided documents, as they were when decided. */
export const useDecidedRows = create<{ rows: ReadonlyMap<string, ListRow> }>(() => ({ rows: new Map() }));

export const rememberRow = (row: ListRow): void => useDecidedRows.setState(({ rows }) => ({ rows: new Map(rows).set(nameOf(row), row) }));

export const useDecisions = (): ReadonlyMap<string, Decision> => useSyncExternalStore(decisions.subscribe, decisions.snapshot);

/** Takes the results that were seen off the screen. */
export function dismissDone(): void {
  for (const decision of decisions.snapshot().values()) if (decision.status === 'done') decisions.dismiss(decision.key);
}

// What was decided is not taken back by locking or signing out right after.
beforeLeaving(() => decisions.flush());
// A decision belongs to the person who made it.
onPersonLeft(() => {
  decisions.clear();
  useDecidedRows.setState({ rows: new Map() });
});
