import type { Decision, OutboxCommand } from '../../../shared/domain/outbox.ts';

/** One row of the outbox: something to send, or a decision to confirm. */
export type OutboxEntry = { kind: 'command'; id: string; command: OutboxCommand; /** Place in the order of sending; null when it does not move by itself. */ turn: number | null } | { kind: 'decision'; id: string; decision: Decision };

const movesByItself = ({ state }: OutboxCommand): boolean => state === 'waiting' || state === 'sending' || state === 'reconcile';

/** What a person must do first, first: conflicts, refusals, decisions; then what waits, in the order in which it is sent. */
export function entriesOf(commands: readonly OutboxCommand[], decisions: readonly Decision[]): OutboxEntry[] {
  let turn = 0;
  const entries = commands.map((command): OutboxEntry => ({ kind: 'command', id: command.id, command, turn: movesByItself(command) ? ++turn : null }));
  const inState = (...states: OutboxCommand['state'][]): OutboxEntry[] => entries.filter((entry) => entry.kind === 'command' && states.includes(entry.command.state));
  return [
    ...inState('conflict'), ...inState('rejected'),
    ...decisions.toSorted((a, b) => a.decidedAt - b.decidedAt).map((decision): OutboxEntry => ({ kind: 'decision', id: decision.id, decision })),
    ...inState('waiting', 'sending', 'reconcile'),
  ];
}

/** A reason in words: a text of the namespace outbox, or the text of an error. */
export type Why = { messageKey: string; params: Record<string, string>; /** Epoch milliseconds that the text says as `when`. */ at?: number };

const why = (key: string, params: Record<string, string> = {}): Why => ({ messageKey: `outbox.why.${key}`, params });

export type Circumstances = { isOffline: boolean; now: number; commands: readonly OutboxCommand[] };

/** Why a command is not on the server yet, in the order of what keeps it most. */
export function whyWaiting(command: OutboxCommand, { isOffline, now, commands }: Circumstances): Why {
  const { state, error, nextAttemptAt } = command;
  if (state === 'sending' || state === 'conflict' || state === 'reconcile') return why(state);
  if (state === 'rejected') return error ?? why('rejected');
  const before = commands.find(({ id }) => id === command.after);
  if (before !== undefined) return why(before.state === 'conflict' || before.state === 'rejected' ? 'afterStuck' : 'after', { before: before.kind });
  if (error?.reloginResolves === true) return why('signIn');
  if (isOffline) return why('offline');
  if (error !== null && nextAttemptAt !== null && nextAttemptAt > now) return { ...why('later'), at: nextAttemptAt };
  return error === null ? why('turn') : why('again');
}

/** What can be done with a command; with the key of the reason where something that is usual cannot. */
export type CommandActions = { canRetry: boolean; retryReason: string | null; canWithdraw: boolean; withdrawReason: string | null };

export function actionsOf(command: OutboxCommand, isOffline: boolean): CommandActions {
  const isSending = command.state === 'sending';
  const retryReason = isSending ? 'sending' : isOffline ? 'offline' : command.state === 'conflict' ? 'conflict' : null;
  return { canRetry: retryReason === null, retryReason, canWithdraw: !isSending, withdrawReason: isSending ? 'sending' : null };
}

/** The entry to look at after `id` is gone: the one that took its place, else the last one. */
export function nextAfter(entries: readonly OutboxEntry[], before: readonly OutboxEntry[], id: string): OutboxEntry | undefined {
  const index = before.findIndex((entry) => entry.id === id);
  const later = before.slice(index + 1).find((entry) => entries.some((other) => other.id === entry.id));
  return entries.find((entry) => entry.id === later?.id) ?? entries.at(-1);
}

/** How far a run of sending has come: what was there when it began against what is left. */
export function progressOf(atStart: number, left: number): { done: number; of: number } | null {
  return atStart > 1 && left > 0 && left <= atStart ? { done: atStart - left, of: atStart } : null;
}
