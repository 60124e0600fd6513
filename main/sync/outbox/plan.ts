import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { OutboxState } from '../../../shared/domain/outbox.ts';
import type { CommandEntry } from '../../host/outbox.ts';

export const documentName = ({ type, number }: DocumentKey): string => `${type}/${number}`;

/** Waiting for its turn, whether or not its answer is overdue. */
export const isWaiting = ({ state }: Pick<CommandEntry, 'state'>): boolean => state === 'waiting' || state === 'reconcile';

/**
 * The commands that may go now, in the order of queueing: the first of its document, and not before its time. A command
 * in conflict holds back those behind it.
 * @param entries all commands in the order of queueing @param free how many may go @param now epoch milliseconds @param isHeld not now: a
 * person's decision about it is being stored
 */
export function runnable(entries: Iterable<CommandEntry>, { now, free, has, isHeld }: { now: number; free: number; has: (id: string) => boolean; isHeld: (id: string) => boolean }): CommandEntry[] {
  const found: CommandEntry[] = [];
  const taken = new Set<string>();
  for (const entry of entries) {
    if (found.length >= free) break;
    // What the server refused waits for a person; those that build on it name it in `after`, others of its number need not wait.
    if (entry.state === 'rejected') continue;
    const name = documentName(entry.key);
    if (taken.has(name)) continue;
    taken.add(name);
    if (isWaiting(entry) && !isHeld(entry.id) && (entry.nextAttemptAt ?? 0) <= now && (entry.after === null || !has(entry.after))) found.push(entry);
  }
  return found;
}

/** When the next command that only waits for its time may go; null when none does. Epoch milliseconds. */
export function nextWake(entries: Iterable<CommandEntry>, now: number): number | null {
  let next: number | null = null;
  for (const entry of entries) {
    if (!isWaiting(entry) || entry.nextAttemptAt === null || entry.nextAttemptAt <= now) continue;
    if (next === null || entry.nextAttemptAt < next) next = entry.nextAttemptAt;
  }
  return next;
}

export function countStates(entries: Iterable<CommandEntry>, decisions: number): OutboxState {
  const counts: OutboxState = { waiting: 0, sending: 0, rejected: 0, conflicts: 0, decisions, oldestAt: null };
  for (const { state, queuedAt } of entries) {
    if (state === 'sending') counts.sending += 1;
    else if (state === 'rejected') counts.rejected += 1;
    else if (state === 'conflict') counts.conflicts += 1;
    else counts.waiting += 1;
    if (counts.oldestAt === null || queuedAt < counts.oldestAt) counts.oldestAt = queuedAt;
  }
  return counts;
}
