import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { databaseKeyBytes } from '../secrets/database-key.ts';

/** Name of the throw-away cache of a session without keychain. */
const sessionSuffix = '.session.db';
/** What lies beside a database file and means nothing without it. */
export const sideFiles = ['-wal', '-shm', '.keycheck', '.lock'];

const removeDatabase = async (file: string): Promise<void> => {
  for (const suffix of ['', ...sideFiles]) await rm(file + suffix, { force: true });
};

/**
 * The cache of a session without keychain: its key dies with this process, so its file is a throw-away one beside the
 * lasting cache. The key stays in memory through a lock, because nothing else has it: without it every draft and every
 * command that was not sent would be gone.
 */
export class ThrowAwayCache {
  readonly #folder: string;
  #made: { accountId: string; file: string; key: Buffer } | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  isOf(accountId: string): boolean {
    return this.#made?.accountId === accountId;
  }

  /** The account's one of this run, made when there is none yet. The key is the caller's to wipe. */
  async take(accountId: string): Promise<{ file: string; key: Buffer }> {
    let made = this.#made;
    if (made?.accountId !== accountId) {
      await this.drop();
      const file = path.join(this.#folder, accountId + sessionSuffix);
      // What another run has left behind opens with nothing.
      await removeDatabase(file);
      made = { accountId, file, key: randomBytes(databaseKeyBytes) };
      this.#made = made;
    }
    return { file: made.file, key: Buffer.from(made.key) };
  }

  /** Destroys the key, then the file. The database must be closed. */
  async drop(): Promise<void> {
    if (this.#made === null) return;
    const { file, key } = this.#made;
    this.#made = null;
    key.fill(0);
    await removeDatabase(file);
  }
}
