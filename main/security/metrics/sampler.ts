import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { readExposition, type Exposition } from '../../../shared/security/metrics/exposition.ts';
import { intervalBetween, intervalSchema, isWanted, snapshotOf, type Interval, type Snapshot } from '../../../shared/security/metrics/interval.ts';
import { AppFailure } from '../../../shared/ipc/errors.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import type { SecurityPorts } from '../ports.ts';
import { Records } from '../records.ts';

/** One request a minute of the hundred that a client has. */
export const sampleEvery = 60_000;
const keptFor = 14 * 86_400_000;
const hour = 3_600_000;

/** What was measured within an hour of the clock. */
const chunkSchema = z.object({ id: z.string(), intervals: z.array(intervalSchema).max(4000) });
type Chunk = z.infer<typeof chunkSchema>;

const chunkIdOf = (at: number): string => new Date(Math.floor(at / hour) * hour).toISOString().slice(0, 13);

/** Parses with pauses, so that a large answer stops nobody. @throws ExpositionError */
export async function parseInSlices(text: string): Promise<Exposition> {
  const work = readExposition(text, isWanted);
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

/** How the last look went. */
export type Look = { at: number; error: AppError | null; unreadable: number };

/** Looks at `/metrics/` while the app is open and online, and keeps what happened in between. */
export class Sampler {
  /** The last look; null before the first. */
  last: Look | null = null;
  readonly #ports: SecurityPorts;
  readonly #chunks: Records<Chunk>;
  #before: Snapshot | null = null;
  #running: Promise<void> | null = null;
  #oldestGone = 0;

  constructor(ports: SecurityPorts) {
    this.#ports = ports;
    this.#chunks = new Records({ host: ports.host, kind: 'metrics.hour', schema: chunkSchema, idOf: ({ id }) => id, now: ports.clock.now });
  }

  /** Oldest first. @param since epoch milliseconds */
  async intervals(since: number): Promise<Interval[]> {
    const chunks = await this.#chunks.list({ limit: keptFor / hour + 48, since });
    return chunks.flatMap(({ intervals }) => intervals).filter(({ to }) => to > since).toSorted((a, b) => a.from - b.from);
  }

  /** Looks once; a look that is under way is waited for. Failures are kept in {@link last}, never thrown. */
  look(signal?: AbortSignal): Promise<void> {
    this.#running ??= this.#look(signal).finally(() => { this.#running = null; });
    return this.#running;
  }

  /** After a pause nothing is known about the time in between but the sum; a long one is a gap. */
  forget(): void {
    this.#before = null;
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  async #look(signal: AbortSignal | undefined): Promise<void> {
    const { erp, clock, log } = this.#ports;
    try {
      const text = await erp.metrics.read({ priority: 'background', ...(signal === undefined ? {} : { signal }) });
      const read = await parseInSlices(text);
      const now = snapshotOf(clock.now(), read);
      const before = this.#before;
      this.#before = now;
      this.last = { at: now.at, error: null, unreadable: read.unreadable };
      if (before !== null && now.at > before.at && now.at - before.at < 5 * sampleEvery) {
        await nextTurn();
        await this.#keep(intervalBetween(before, now));
      }
    } catch (error) {
      this.#before = null;
      const failed = error instanceof AppFailure ? error.error : null;
      if (failed?.code === 'call.cancelled') return;
      log.info('the metrics of the server could not be read', { error });
      this.last = { at: clock.now(), error: failed ?? { code: 'server.unexpected', messageKey: 'errors.server.unexpected', params: { field: '/metrics/' }, retry: 'later', retryAfter: null, reloginResolves: false, correlationId: null, fieldErrors: [] }, unreadable: 0 };
    }
  }

  async #keep(interval: Interval): Promise<void> {
    const id = chunkIdOf(interval.to);
    const chunk = (await this.#chunks.get(id)) ?? { id, intervals: [] };
    await this.#chunks.put({ id, intervals: [...chunk.intervals, interval].slice(-4000) });
    if (interval.to - this.#oldestGone < hour) return;
    this.#oldestGone = interval.to;
    const oldest = chunkIdOf(interval.to - keptFor);
    const gone = (await this.#chunks.list({ limit: 2 * (keptFor / hour) })).filter((one) => one.id < oldest).map((one) => one.id);
    if (gone.length > 0) await this.#chunks.remove(...gone);
  }
}
