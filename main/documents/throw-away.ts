import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { addOnlyHere, countOnlyHere, nothingOnlyHere, type OnlyHere } from '../../shared/domain/only-here.ts';
import type { Clock } from '../erp/ports.ts';
import type { DataHost } from '../host/client.ts';
import type { CommandEntry } from '../host/outbox.ts';
import { databaseKeyBytes } from '../secrets/database-key.ts';

/** Name of the throw-away cache of a session without keychain. */
const sessionSuffix = '.session.db';
/** What lies beside a database file and means nothing without it. */
export const sideFiles = ['-wal', '-shm', '.keycheck', '.lock'];
/** Counting comes before a cache closes, and must not keep it open. Milliseconds. */
const longestCount = 1_000;

const removeDatabase = async (file: string): Promise<void> => {
  for (const suffix of ['', ...sideFiles]) await rm(file + suffix, { force: true });
};

export type ThrowAwayPorts = { folder: string; host: Pick<DataHost, 'drafts' | 'outbox' | 'decisions'>; clock: Pick<Clock, 'after'> };

type Made = { file: string; key: Buffer; holds: OnlyHere };

/**
 * The caches of a run without keychain, one for each account: their keys die with this process, so their files are
 * throw-away ones beside the lasting caches. The keys stay in memory through a lock and through a change of profile,
 * because nothing else has them: without its key every draft and every command that was not sent would be gone.
 */
export class ThrowAwayCaches {
  readonly #ports: ThrowAwayPorts;
  readonly #made = new Map<string, Made>();

  constructor(ports: ThrowAwayPorts) {
    this.#ports = ports;
  }

  has(accountId: string): boolean {
    return this.#made.has(accountId);
  }

  /** Whether there is any, so that the end of this process would cost something that was not sent. */
  get isInUse(): boolean {
    return this.#made.size > 0;
  }

  /** The account's one of this run, made when there is none yet. The key is the caller's to wipe. */
  async take(accountId: string): Promise<{ file: string; key: Buffer }> {
    let made = this.#made.get(accountId);
    if (made === undefined) {
      const file = path.join(this.#ports.folder, accountId + sessionSuffix);
      // What another run has left behind opens with nothing.
      await removeDatabase(file);
      made = { file, key: randomBytes(databaseKeyBytes), holds: nothingOnlyHere };
      this.#made.set(accountId, made);
    }
    return { file: made.file, key: Buffer.from(made.key) };
  }

  /** Counts what is in the account's one, which must be the open database; what cannot be counted in time stays as it was known. */
  async count(accountId: string): Promise<void> {
    const made = this.#made.get(accountId);
    if (made === undefined) return;
    let stop: () => void = () => undefined;
    const late = new Promise<null>((resolve) => { stop = this.#ports.clock.after(longestCount, () => resolve(null)); });
    const holds = await Promise.race([this.#holds().catch(() => null), late]);
    stop();
    if (holds !== null) made.holds = holds;
  }

  /** What was in them when they were last counted: of one account, and of all others together. */
  onlyHere(accountId: string | null): { mine: OnlyHere; others: OnlyHere } {
    const others = [...this.#made].filter(([id]) => id !== accountId).map(([, { holds }]) => holds);
    return { mine: (accountId === null ? null : this.#made.get(accountId)?.holds) ?? nothingOnlyHere, others: others.reduce(addOnlyHere, nothingOnlyHere) };
  }

  /** Destroys the key of one, then its file. Its database must be closed. */
  async drop(accountId: string): Promise<void> {
    const made = this.#made.get(accountId);
    if (made === undefined) return;
    this.#made.delete(accountId);
    made.key.fill(0);
    await removeDatabase(made.file);
  }

  /** At the end of the program. */
  async dropAll(): Promise<void> {
    for (const accountId of this.#made.keys()) await this.drop(accountId);
  }

  async #holds(): Promise<OnlyHere> {
    const { drafts, outbox, decisions } = this.#ports.host;
    const commands: CommandEntry[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { entries, next }: { entries: CommandEntry[]; next: number | null } = await outbox.list(after, 1000);
      commands.push(...entries);
      after = next;
    }
    return countOnlyHere(await drafts.list(), commands, await decisions.list());
  }
}
