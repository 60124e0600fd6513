import { failure } from '../../shared/ipc/errors.ts';
import type { Writer } from './db/connection.ts';

export type Part = { batch: number; first: boolean; last: boolean };

/** The open batch of a database: a transaction whose parts arrive in several messages. */
export class Batch {
  readonly #writer: Writer;
  #open: number | null = null;

  constructor(writer: Writer) {
    this.#writer = writer;
  }

  /** True when a write that is not part of this batch has to wait. */
  blocks(part: Partial<Part> | null): boolean {
    return this.#open !== null && part?.batch !== this.#open;
  }

  /**
   * Does the work of one part. Any error ends the whole batch with nothing stored.
   * @returns the result and whether this part committed.
   * @throws AppFailure `call.cancelled` for a part of a batch that has ended already.
   */
  run<T>(part: Part, work: () => T): { result: T; committed: boolean } {
    if (part.first) {
      this.#writer.begin();
      this.#open = part.batch;
    } else if (this.#open !== part.batch) {
      throw failure('call.cancelled');
    }
    try {
      const result = work();
      if (part.last) {
        this.#writer.commit();
        this.#open = null;
      }
      return { result, committed: part.last };
    } catch (error) {
      this.cancel(part.batch);
      throw error;
    }
  }

  /** Rolls the batch back if it is still open. @returns whether it was. */
  cancel(batch: number | null = this.#open): boolean {
    if (this.#open === null || this.#open !== batch) return false;
    this.#open = null;
    this.#writer.rollback();
    return true;
  }
}
