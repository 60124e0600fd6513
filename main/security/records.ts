import type { z } from 'zod';
import { failure } from '../../shared/ipc/errors.ts';
import type { DataHost } from '../host/client.ts';

export type RecordsPorts<T> = {
  host: Pick<DataHost, 'records'>;
  /** Names the kind in the database, for example `incident`. Never changed once it has shipped. */
  kind: string;
  schema: z.ZodType<T>;
  /** Under which id a value is kept. */
  idOf: (value: T) => string;
  now: () => number;
};

/**
 * Values of one kind in the encrypted cache. A row that no longer fits its schema is left out and stays where it is: a later
 * version may read it again.
 */
export class Records<T> {
  readonly #ports: RecordsPorts<T>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: RecordsPorts<T>) {
    this.#ports = ports;
  }

  /** Newest change first. @param since only what changed at or after that time, epoch milliseconds */
  async list({ limit = 10_000, since }: { limit?: number; since?: number } = {}): Promise<T[]> {
    const { host, kind, schema } = this.#ports;
    const rows = await host.records.list({ kind, limit, ...(since === undefined ? {} : { since }) });
    return rows.flatMap(({ body }) => {
      const parsed = schema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
  }

  async get(id: string): Promise<T | null> {
    const { host, kind, schema } = this.#ports;
    const parsed = schema.safeParse((await host.records.get(kind, id))?.body);
    return parsed.success ? parsed.data : null;
  }

  /**
   * All or nothing; on disk when it resolves.
   * @throws AppFailure input.invalid for a value that could not be read again: stored, it would be gone from every list
   */
  async put(...values: readonly T[]): Promise<void> {
    const { host, kind, schema, idOf, now } = this.#ports;
    for (const value of values) {
      const { error } = schema.safeParse(value);
      if (error !== undefined) throw failure('input.invalid', { params: { path: error.issues[0]?.path.join('.') ?? '' } });
    }
    await host.records.put(values.map((body) => ({ kind, id: idOf(body), body, changedAt: now() })));
  }

  async remove(...ids: readonly string[]): Promise<void> {
    await this.#ports.host.records.remove(this.#ports.kind, ids);
  }

  /** Reads, changes and stores one value, one change after the other. @returns null when there is no such value */
  change(id: string, change: (value: T) => T | Promise<T>): Promise<T | null> {
    const changed = this.#turn.then(async () => {
      const before = await this.get(id);
      if (before === null) return null;
      const after = await change(before);
      await this.put(after);
      return after;
    });
    this.#turn = changed.catch(() => undefined);
    return changed;
  }
}
