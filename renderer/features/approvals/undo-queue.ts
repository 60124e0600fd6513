import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { Seen } from '../../../shared/domain/seen.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';

export type Verdict = 'approve' | 'reject';

/** How far one decision has come. `waiting` can still be taken back, until `sendAt` (epoch milliseconds). */
export type Decision = { key: DocumentKey; verdict: Verdict; reason: string | null; /** What was on screen then: only that is decided. */ seen: Seen } & (
  | { status: 'waiting'; sendAt: number }
  | { status: 'sending' }
  | { status: 'done'; at: number }
  | { status: 'failed'; error: AppError }
);

/** Milliseconds between the decision and its sending. */
export const undoTime = 5000;

export const nameOf = ({ type, number }: DocumentKey): string => `${type}/${number}`;

export type QueuePorts = {
  send: (key: DocumentKey, verdict: Verdict, reason: string | null, seen: Seen) => Promise<void>;
  toError: (thrown: unknown) => AppError;
  now: () => number;
  /** Runs something later; returns how to call it off. */
  later: (run: () => void, delay: number) => () => void;
};

/**
 * Decisions that wait a moment before they are sent. Each document has at most one; what waits is sent by this
 * application only, never by a queue that outlives it: closing the window takes a waiting decision back.
 */
export class UndoQueue {
  #decisions: ReadonlyMap<string, Decision> = new Map();
  readonly #cancels = new Map<string, () => void>();
  readonly #listeners = new Set<() => void>();
  readonly #ports: QueuePorts;

  constructor(ports: QueuePorts) {
    this.#ports = ports;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A new map after every change. */
  readonly snapshot = (): ReadonlyMap<string, Decision> => this.#decisions;

  /** Decides; a decision that still waits is replaced and its time starts anew. @returns false while one is being sent. */
  decide(key: DocumentKey, verdict: Verdict, reason: string | null, seen: Seen): boolean {
    const name = nameOf(key);
    if (this.#decisions.get(name)?.status === 'sending') return false;
    this.#cancels.get(name)?.();
    this.#put({ key, verdict, reason, seen, status: 'waiting', sendAt: this.#ports.now() + undoTime });
    this.#cancels.set(name, this.#ports.later(() => void this.#send({ key, verdict, reason, seen }), undoTime));
    return true;
  }

  /** Takes a waiting decision back. @returns false when it is too late or there is none. */
  undo(key: DocumentKey): boolean {
    const name = nameOf(key);
    if (this.#decisions.get(name)?.status !== 'waiting') return false;
    this.#cancels.get(name)?.();
    this.#remove(name);
    return true;
  }

  /** Forgets a result that was seen. */
  dismiss(key: DocumentKey): void {
    const name = nameOf(key);
    const status = this.#decisions.get(name)?.status;
    if (status === 'done' || status === 'failed') this.#remove(name);
  }

  /** Sends at once what still waits: the lock takes this window's memory away. Rejects when something could not be sent. */
  async flush(): Promise<void> {
    const waiting = [...this.#decisions.values()].filter(({ status }) => status === 'waiting');
    for (const { key } of waiting) this.#cancels.get(nameOf(key))?.();
    await Promise.all(waiting.map(({ key, verdict, reason, seen }) => this.#send({ key, verdict, reason, seen })));
    const failed = waiting.map(({ key }) => this.#decisions.get(nameOf(key))).find((decision) => decision?.status === 'failed');
    if (failed !== undefined) throw new Error(`not sent: ${nameOf(failed.key)}`);
  }

  /** Takes everything back that was not sent: another person signs in, or nobody is signed in any more. */
  clear(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
    this.#decisions = new Map();
    this.#changed();
  }

  async #send(decided: Pick<Decision, 'key' | 'verdict' | 'reason' | 'seen'>): Promise<void> {
    const { key, verdict, reason, seen } = decided;
    this.#cancels.delete(nameOf(key));
    this.#put({ ...decided, status: 'sending' });
    const sent = this.#decisions.get(nameOf(key));
    // After a sign-out the answer of the earlier person's call is nobody's news.
    const isCurrent = (): boolean => this.#decisions.get(nameOf(key)) === sent;
    try {
      await this.#ports.send(key, verdict, reason, seen);
      if (isCurrent()) this.#put({ ...decided, status: 'done', at: this.#ports.now() });
    } catch (thrown) {
      if (isCurrent()) this.#put({ ...decided, status: 'failed', error: this.#ports.toError(thrown) });
    }
  }

  #put(decision: Decision): void {
    this.#decisions = new Map(this.#decisions).set(nameOf(decision.key), decision);
    this.#changed();
  }

  #remove(name: string): void {
    this.#cancels.delete(name);
    const next = new Map(this.#decisions);
    next.delete(name);
    this.#decisions = next;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
