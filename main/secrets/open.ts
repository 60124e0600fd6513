import { randomBytes } from 'node:crypto';
import { AppFailure } from '../../shared/ipc/errors.ts';
import type { Persistence } from '../../shared/domain/session.ts';
import type { Log } from '../log/log.ts';
import { createKeychainStore, keychainCode, type Keytar } from './keychain.ts';
import { createMemoryStore } from './memory.ts';
import type { SecretStore } from './store.ts';

export type OpenSecretsOptions = {
  /** Loads keytar; may reject where its library is missing. */
  loadKeytar: () => Promise<Keytar>;
  /** Name of our entries in the keychain; one per user-data folder, so that two installations do not share a session. */
  service: string;
  log: Log;
  /** See {@link createKeychainStore}. */
  timeoutMs?: number;
};

export type OpenSecrets = {
  /** Follows the keychain: after a successful `reprobe` it is the keychain, until then memory. */
  readonly store: SecretStore;
  /** Where secrets go now, and why not to the keychain. */
  readonly persistence: Persistence;
  /** Tries the keychain again and moves what was kept in memory into it. */
  reprobe(): Promise<Persistence>;
};

const probeName = 'probe';

/** Prefix of the entries that hold database keys: the only ones that must never be replaced by another value. */
export const databaseKeyPrefix = 'database.';

/**
 * Writes, reads and deletes an entry: the only way to know that a keychain works. Reading alone proves nothing, because
 * a locked keychain answers "no such entry".
 */
async function probe(store: SecretStore): Promise<Persistence> {
  const value = randomBytes(16).toString('hex');
  try {
    await store.set(probeName, value);
    const back = await store.get(probeName);
    await store.delete(probeName);
    return back === value ? { kind: 'keychain' } : { kind: 'memory', cause: 'failed' };
  } catch (error) {
    const code = keychainCode(error);
    return { kind: 'memory', cause: code === 'keychain.locked' ? 'locked' : code === 'keychain.absent' ? 'absent' : 'failed' };
  }
}

/**
 * Opens the place for secrets: the keychain when it works, else memory for this run. There is no file fallback: a
 * secret is never written where the operating system does not protect it.
 */
export async function openSecrets({ loadKeytar, service, log, timeoutMs }: OpenSecretsOptions): Promise<OpenSecrets> {
  const memory = createMemoryStore();
  let keychain: SecretStore | null = null;
  let persistence: Persistence = { kind: 'memory', cause: 'absent' };

  async function check(): Promise<void> {
    if (keychain === null) {
      try {
        keychain = createKeychainStore({ keytar: await loadKeytar(), service, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
      } catch (error) {
        log.warn('no keychain library', { error });
        persistence = { kind: 'memory', cause: 'absent' };
        return;
      }
    }
    const found = await probe(keychain);
    if (found.kind === 'keychain' && persistence.kind === 'memory') await move(keychain);
    persistence = found;
    log.info('keychain probed', { persistence });
  }

  async function move(target: SecretStore): Promise<void> {
    for (const [name, value] of memory.entries()) {
      // The key in the keychain opens a database that exists; the one in memory only the database of this run.
      if (name.startsWith(databaseKeyPrefix) && (await target.get(name)) !== null) continue;
      await target.set(name, value);
    }
    memory.clear();
  }

  const current = (): SecretStore => (persistence.kind === 'keychain' && keychain !== null ? keychain : memory);

  await check();
  return {
    store: {
      get: (name) => current().get(name),
      set: (name, value) => current().set(name, value),
      async delete(name) {
        // Both: what was put aside in memory must not come back with the next move.
        await memory.delete(name);
        await current().delete(name);
      },
    },
    get persistence() {
      return persistence;
    },
    async reprobe() {
      await check();
      return persistence;
    },
  };
}

/** Whether an error says that the keychain is the trouble. */
export const isKeychainFailure = (error: unknown): error is AppFailure => error instanceof AppFailure && error.error.code.startsWith('keychain.');
