import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { failure } from '../../shared/ipc/errors.ts';
import { databaseKeyPrefix } from './open.ts';
import { replaceFile, syncFolder } from './replace-file.ts';
import { slotFilePath } from './slot-file.ts';
import type { SecretStore } from './store.ts';

export type WipePorts = {
  /** Where the databases are. */
  folder: string;
  store: SecretStore;
  /** False while the store is memory only: then the keychain, which has the key, cannot be asked. */
  reachesKeychain: () => boolean;
};

export type WipeOptions = {
  /**
   * Overwrites the files before they are removed. Best effort: disks and file systems keep old blocks. What makes the
   * data unreadable is that its key is gone; so this is done by itself where the key could not be destroyed.
   */
  secure?: boolean;
};

/** What a wipe came to. Whatever is left is done by {@link Wiper.finish}, also after a restart. */
export type WipeResult = {
  /** No copy of the key that this program ever made is left on this computer. */
  keysDestroyed: boolean;
  /** Names of files that could not be removed. */
  filesLeft: string[];
};

const chunkBytes = 1 << 20;
const tombstone = (folder: string, accountId: string): string => path.join(folder, `${accountId}.wipe`);

/**
 * Removes an account's data from this computer: first every copy of the key, which makes the database unreadable at
 * once, then the files. Needs no network. The intention is written down first, so a crash in between is made up for.
 */
export class Wiper {
  readonly #ports: WipePorts;

  constructor(ports: WipePorts) {
    this.#ports = ports;
  }

  /**
   * The cache must be closed.
   * @throws AppFailure `input.invalid` for what cannot be an account id; the file system's error when not even the
   * intention could be written. Anything else is in the answer.
   */
  async wipe(accountId: string, { secure = false }: WipeOptions = {}): Promise<WipeResult> {
    // It becomes part of file names, and an empty one would match every account's.
    if (!/^[\w-]+$/.test(accountId)) throw failure('input.invalid');
    const { folder } = this.#ports;
    if (existsSync(folder)) await replaceFile(tombstone(folder, accountId), '');
    const keysDestroyed = await this.#destroyKeys(accountId);
    const filesLeft = await this.#removeFiles(accountId, secure || !keysDestroyed);
    if (keysDestroyed && filesLeft.length === 0) await rm(tombstone(folder, accountId), { force: true });
    await syncFolder(folder);
    return { keysDestroyed, filesLeft };
  }

  /** Ends a wipe that was interrupted or could not reach the keychain. @returns null when there is none. */
  async finish(accountId: string): Promise<WipeResult | null> {
    return existsSync(tombstone(this.#ports.folder, accountId)) ? this.wipe(accountId) : null;
  }

  /**
   * {@link finish} before the account gets a new cache: files that cannot be removed are unreadable by now, and going on
   * about them would take the new cache along.
   * @throws AppFailure keychain.locked while the keychain keeps the old key: then there must be no new lasting cache yet.
   */
  async settle(accountId: string): Promise<void> {
    const rest = await this.finish(accountId);
    if (rest?.keysDestroyed === true) await rm(tombstone(this.#ports.folder, accountId), { force: true });
    if (rest?.keysDestroyed === false && this.#ports.reachesKeychain()) throw failure('keychain.locked');
  }

  /** {@link finish} for every account; for the start of the program. */
  async finishAll(): Promise<void> {
    const names = await readdir(this.#ports.folder).catch(() => []);
    for (const name of names) if (name.endsWith('.wipe')) await this.finish(name.slice(0, -'.wipe'.length)).catch(() => null);
  }

  async #destroyKeys(accountId: string): Promise<boolean> {
    const { folder, store, reachesKeychain } = this.#ports;
    const slots = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(`${accountId}.`) && name.endsWith('.slots')).map((name) => path.join(folder, name));
    const sealed = await Promise.all([slotFilePath(folder, accountId), ...slots].map((file) => erase(file, true)));
    try {
      await store.delete(databaseKeyPrefix + accountId);
      // A locked keychain says "nothing there" to everything; only one that takes a write has really forgotten.
      await store.set('trial', 'x');
      await store.delete('trial');
      const isGone = (await store.get(databaseKeyPrefix + accountId)) === null;
      return isGone && reachesKeychain() && sealed.every(Boolean);
    } catch {
      return false;
    }
  }

  async #removeFiles(accountId: string, secure: boolean): Promise<string[]> {
    const { folder } = this.#ports;
    const left: string[] = [];
    for (const name of await readdir(folder).catch(() => [])) {
      const file = path.join(folder, name);
      if (!name.startsWith(`${accountId}.`) || file === tombstone(folder, accountId)) continue;
      if (!(await erase(file, secure))) left.push(name);
    }
    return left;
  }
}

/** @returns false when the file is still there. */
async function erase(file: string, secure: boolean): Promise<boolean> {
  if (secure) await overwrite(file).catch(() => undefined);
  try {
    await rm(file, { force: true });
    return true;
  } catch {
    return false;
  }
}

async function overwrite(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    for (let at = 0; at < size; at += chunkBytes) await handle.write(randomBytes(Math.min(chunkBytes, size - at)), 0, undefined, at);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
