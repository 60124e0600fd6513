import { randomBytes } from 'node:crypto';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { slowMs, type KeychainObservation } from '../../shared/domain/keychain.ts';
import type { Persistence } from '../../shared/domain/session.ts';
import type { Log } from '../log/log.ts';
import { chunkBytes, createKeychainStore, keychainCode, keychainReason, type Keytar } from './keychain.ts';
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
  /** An entry of the last start. Where it can be read, the keychain is used at once and tried out behind that. */
  provenBy?: string;
  /** Told when the keychain gave that entry but cannot be written: what is new stays in memory from then on. */
  lost?: (persistence: Persistence) => void;
};

export type OpenSecrets = {
  /** Follows the keychain: after a successful `reprobe` it is the keychain, until then memory. */
  readonly store: SecretStore;
  /** Where secrets go now, and why not to the keychain. */
  readonly persistence: Persistence;
  /** Tries the keychain again and moves what was kept in memory into it. */
  reprobe(): Promise<Persistence>;
  /** Tries the keychain out and measures it, without moving anything. */
  examine(): Promise<Examination>;
};

/** What the doctor needs of the keychain itself, whatever {@link OpenSecrets.store} follows now; null without a library. */
export type Examination = Pick<KeychainObservation, 'probe' | 'keepsLongEntries'> & { keychain: SecretStore | null };

const probeName = 'probe';

/** Prefix of the entries that hold database keys: the only ones that must never be replaced by another value. */
export const databaseKeyPrefix = 'database.';

/**
 * Writes, reads and deletes an entry: the only way to know that a keychain works. Reading alone proves nothing, because
 * a locked keychain answers "no such entry".
 */
async function tryOutNow(store: SecretStore, value: string): Promise<number> {
  const started = performance.now();
  await store.set(probeName, value);
  const back = await store.get(probeName);
  await store.delete(probeName);
  if (back !== value) throw failure('keychain.failed');
  return Math.round(performance.now() - started);
}

let lastTrial: Promise<unknown> = Promise.resolve();

/** One trial at a time: two of them under one name would find each other's value. @returns milliseconds that it took */
function tryOut(store: SecretStore, value: string): Promise<number> {
  const trial = lastTrial.then(() => tryOutNow(store, value));
  lastTrial = trial.catch(() => undefined);
  return trial;
}

async function probe(store: SecretStore): Promise<Persistence> {
  try {
    await tryOut(store, randomBytes(16).toString('hex'));
    return { kind: 'keychain' };
  } catch (error) {
    const code = keychainCode(error);
    return { kind: 'memory', cause: code === 'keychain.locked' ? 'locked' : code === 'keychain.absent' ? 'absent' : 'failed' };
  }
}

/**
 * Opens the place for secrets: the keychain when it works, else memory for this run. There is no file fallback: a
 * secret is never written where the operating system does not protect it.
 */
export async function openSecrets({ loadKeytar, service, log, timeoutMs, provenBy, lost }: OpenSecretsOptions): Promise<OpenSecrets> {
  const memory = createMemoryStore();
  let keychain: SecretStore | null = null;
  let persistence: Persistence = { kind: 'memory', cause: 'absent' };

  async function load(): Promise<SecretStore | null> {
    try {
      keychain ??= createKeychainStore({ keytar: await loadKeytar(), service, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    } catch (error) {
      log.warn('no keychain library', { error });
    }
    return keychain;
  }

  async function check(): Promise<void> {
    const target = await load();
    if (target === null) {
      persistence = { kind: 'memory', cause: 'absent' };
      return;
    }
    const found = await probe(target);
    if (found.kind === 'keychain' && persistence.kind === 'memory') await move(target);
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

  /** A locked keychain says "no such entry", never a value: whoever reads one of ours has it open. Whether it can be written is another question. */
  async function isProven(): Promise<boolean> {
    if (provenBy === undefined) return false;
    return (await (await load())?.get(provenBy).catch(() => null) ?? null) !== null;
  }

  let isReadable = false;
  const readsThrough = (): boolean => isReadable && persistence.kind === 'memory';
  if (await isProven()) {
    persistence = { kind: 'keychain' };
    isReadable = true;
    void check().then(() => { if (persistence.kind === 'memory') lost?.(persistence); });
  } else {
    await check();
  }
  return {
    store: {
      // What can be read but not written goes on being read: the key of the open database is there and nowhere else.
      get: async (name) => (await current().get(name)) ?? (readsThrough() ? (await keychain?.get(name) ?? null) : null),
      set: (name, value) => current().set(name, value),
      async delete(name) {
        // Both: what was put aside in memory must not come back with the next move.
        await memory.delete(name);
        await current().delete(name);
        if (readsThrough()) await keychain?.delete(name);
      },
    },
    get persistence() {
      return persistence;
    },
    async reprobe() {
      await check();
      return persistence;
    },
    async examine() {
      const target = await load();
      if (target === null) return { probe: { works: false, reason: 'absent' }, keepsLongEntries: null, keychain: null };
      let ms: number;
      try {
        ms = await tryOut(target, randomBytes(16).toString('hex'));
      } catch (error) {
        return { probe: { works: false, reason: keychainReason(error) }, keepsLongEntries: null, keychain: target };
      }
      // Nobody waits twice for a keychain that takes seconds.
      if (ms > slowMs) return { probe: { works: true, ms }, keepsLongEntries: null, keychain: target };
      // The longest that is ever written in one piece.
      const keepsLongEntries = await tryOut(target, randomBytes(chunkBytes).toString('hex').slice(0, chunkBytes)).then(() => true, () => false);
      return { probe: { works: true, ms }, keepsLongEntries, keychain: target };
    },
  };
}

/** Whether an error says that the keychain is the trouble. */
export const isKeychainFailure = (error: unknown): error is AppFailure => error instanceof AppFailure && error.error.code.startsWith('keychain.');
