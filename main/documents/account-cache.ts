import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { RecoveryStatus } from '../../shared/domain/key-slots.ts';
import type { Persistence } from '../../shared/domain/session.ts';
import { appError, failure, type AppError } from '../../shared/ipc/errors.ts';
import type { Clock } from '../erp/ports.ts';
import type { DataHost, OpenAnswer, OpenParams } from '../host/client.ts';
import { databaseKey, storeSlot } from '../secrets/database-key.ts';
import { KeySlots } from '../secrets/key-slots.ts';
import { databaseKeyPrefix } from '../secrets/open.ts';
import { slotFilePath } from '../secrets/slot-file.ts';
import type { SecretStore } from '../secrets/store.ts';
import { Wiper, type WipeOptions, type WipeResult } from '../secrets/wipe.ts';
import { lossOf, mustBeWritable, type KeyLoss } from './key-loss.ts';
import { sideFiles, ThrowAwayCaches } from './throw-away.ts';

export type AccountCachePorts = {
  folder: string;
  host: DataHost;
  store: SecretStore;
  /** Where secrets go now; a keychain that comes back is used from the next opening on. */
  persistence: () => Persistence;
  clock: Clock;
  notice: (error: AppError) => void;
  /** Where the recovery keys are; beside the databases unless given. */
  slots?: KeySlots;
  /** Told after the keychain has got a database key. */
  keyStored?: () => Promise<void>;
  /** The caches of a run without keychain; those of the whole app, so that they outlive a change of profile. Its own unless given. */
  throwAway?: ThrowAwayCaches;
};

/** A database that waits for its recovery key, or for the decision to begin with an empty one. */
export type RecoveryNeeded = { accountId: string; cause: KeyLoss };

type Open = { accountId: string; file: string; isLasting: boolean; key: Buffer };

/**
 * The encrypted cache of one account at a time: which file, which key, and what happens when either is not good. While
 * the cache is open its key is held in one buffer, so that a data host that crashed can open it again and a broken
 * keychain entry can be mended; closing wipes it.
 */
export class AccountCache {
  readonly slots: KeySlots;
  readonly wiper: Wiper;
  readonly #ports: AccountCachePorts;
  readonly #throwAway: ThrowAwayCaches;
  #open: Open | null = null;
  /** The account whose cache was opened last. */
  #last: string | null = null;
  #needed: RecoveryNeeded | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ports: AccountCachePorts) {
    this.#ports = ports;
    this.#throwAway = ports.throwAway ?? new ThrowAwayCaches(ports);
    this.slots = ports.slots ?? new KeySlots({ folder: ports.folder, now: ports.clock.now });
    this.wiper = new Wiper({ folder: ports.folder, store: ports.store, reachesKeychain: () => this.#isLasting() });
  }

  /** The account whose cache is open. */
  get accountId(): string | null {
    return this.#open?.accountId ?? null;
  }

  /** Set from an {@link open} that ended in `keychain.recoveryNeeded` until a cache is open. */
  get recoveryNeeded(): RecoveryNeeded | null {
    return this.#needed;
  }

  hasDatabase(accountId: string): boolean {
    return existsSync(this.#lastingFile(accountId));
  }

  /**
   * Opens or makes the account's cache.
   * @throws AppFailure keychain.*, database.* with the cache closed; `keychain.recoveryNeeded` when the keychain does not
   * give the key and there is a recovery key: then nothing was touched, and {@link openWithRecoveryKey} or
   * {@link startFresh} goes on.
   */
  open(accountId: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#needed = null;
      await this.#shut();
      // What was to be wiped is never opened again.
      await this.wiper.settle(accountId);
      const file = this.#lastingFile(accountId);
      // What this run has begun without a keychain it goes on with, though one may be back: its drafts are in there.
      if (!this.#isLasting() || this.#throwAway.has(accountId)) {
        if (existsSync(file) && !this.#throwAway.has(accountId)) await this.#askForRecovery(accountId, 'unreadable');
        return this.#openThrowAway(accountId);
      }
      try {
        await this.#openLasting(accountId, await this.#keyFromKeychain(accountId));
      } catch (error) {
        const loss = lossOf(error);
        if (loss === null || !existsSync(file)) throw error;
        await this.#askForRecovery(accountId, loss, error);
        // A keychain that cannot be asked now may give the key later.
        if (loss === 'unreadable') throw error;
        await this.#openAnew(accountId);
      }
    });
  }

  /**
   * Opens the account's lasting cache with its recovery key and gives the keychain the key back where it can.
   * @throws AppFailure as {@link KeySlots.openWithRecoveryKey}; also `keychain.recoveryWrong` when the key of the slot
   * does not open the database, and database.*. The cache is closed then, and nothing was changed.
   */
  openWithRecoveryKey(accountId: string, text: string): Promise<void> {
    return this.#inTurn(async () => {
      const key = await this.slots.openWithRecoveryKey(accountId, text);
      await this.#shut();
      await this.#openLasting(accountId, Buffer.from(key)).catch((error: unknown) => {
        key.fill(0);
        this.#needed = { accountId, cause: 'wrong' };
        throw lossOf(error) === 'wrong' ? failure('keychain.recoveryWrong', {}, error) : error;
      });
      // Healing is a bonus: the data is open, and the recovery key opens it next time too.
      if (this.#isLasting()) await this.#storeKey(accountId, key).catch(() => undefined);
      key.fill(0);
    });
  }

  /** The other way on after `keychain.recoveryNeeded`: an empty cache. What was there is kept aside, with its recovery key. */
  startFresh(accountId: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#shut();
      await this.wiper.settle(accountId);
      if (!this.#isLasting()) return this.#openThrowAway(accountId);
      return this.hasDatabase(accountId) ? this.#openAnew(accountId) : this.#openLasting(accountId, await this.#keyFromKeychain(accountId));
    });
  }

  /** Closes the cache for good and wipes its key from memory, also when the data host does not answer well: without a keychain its content is gone. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#needed = null;
      await this.#shut();
      if (this.#last !== null) await this.#throwAway.drop(this.#last);
    });
  }

  /**
   * Closes it to be opened again in this run. Without a keychain the key stays in memory: nothing else has it, and with it
   * would go every draft and every command that was not sent.
   */
  pause(): Promise<void> {
    return this.#inTurn(() => {
      this.#needed = null;
      return this.#shut();
    });
  }

  /** Closes the account's cache if it is open, destroys its keys, then its files. @throws as {@link Wiper.wipe}. */
  wipe(accountId: string, options?: WipeOptions): Promise<WipeResult> {
    return this.#inTurn(async () => {
      if (this.#open?.accountId === accountId) await this.#shut().catch(() => undefined);
      await this.#throwAway.drop(accountId);
      if (this.#needed?.accountId === accountId) this.#needed = null;
      return this.wiper.wipe(accountId, options);
    });
  }

  /** Counts what is in the open cache where it is a throw-away one. */
  async count(): Promise<void> {
    if (this.#open?.isLasting === false) await this.#throwAway.count(this.#open.accountId);
  }

  /** Path and key for a data host that had to be started again; null while the cache is closed. */
  reopenParams(): Promise<OpenParams | null> {
    return Promise.resolve(this.#open === null ? null : { path: this.#open.file, key: Buffer.from(this.#open.key) });
  }

  /** Runs with the key of the open lasting cache; null while there is none. The buffer is wiped when `run` is done. */
  withKey<T>(run: (key: Buffer) => Promise<T>): Promise<T> | null {
    if (this.#open === null || !this.#open.isLasting) return null;
    const key = Buffer.from(this.#open.key);
    return run(key).finally(() => { key.fill(0); });
  }

  /** Makes a recovery key for the open cache; see {@link KeySlots.createRecoveryKey}. @throws AppFailure database.unavailable while no lasting cache is open. */
  async createRecoveryKey(): Promise<string> {
    const accountId = this.accountId;
    const made = accountId === null ? null : this.withKey((key) => this.slots.createRecoveryKey(accountId, key));
    if (made === null) throw failure('database.unavailable');
    return made;
  }

  /** Whether this recovery key would open the cache that is open now; a new one counts alone once it was seen here. */
  async fitsRecoveryKey(text: string): Promise<boolean> {
    return this.accountId !== null && this.slots.verify(this.accountId, text);
  }

  async removeRecoveryKey(): Promise<void> {
    if (this.accountId !== null) await this.slots.remove(this.accountId);
  }

  /** Of the account whose cache is open or waits for recovery. */
  async recoveryStatus(): Promise<RecoveryStatus> {
    const accountId = this.accountId ?? this.#needed?.accountId ?? null;
    return accountId === null ? { status: 'none' } : this.slots.status(accountId);
  }

  /** Says so when a damaged file had to be set aside. */
  tellSalvage({ salvage }: OpenAnswer): void {
    if (salvage !== null) this.#ports.notice(appError('database.damaged', { params: { recovered: String(salvage.recovered), file: path.basename(salvage.keptAs) } }));
  }

  /** @throws AppFailure keychain.recoveryNeeded when the account has a recovery key, else nothing. */
  async #askForRecovery(accountId: string, cause: KeyLoss, error?: unknown): Promise<void> {
    const { status } = await this.slots.status(accountId);
    if (status !== 'present' && status !== 'newer') return;
    this.#needed = { accountId, cause };
    throw failure('keychain.recoveryNeeded', { params: { cause } }, error);
  }

  async #keyFromKeychain(accountId: string): Promise<Buffer> {
    const { store } = this.#ports;
    const mayCreate = !this.hasDatabase(accountId);
    try {
      const { key, created } = await databaseKey({ accountId, slots: [storeSlot(store)], mayCreate });
      if (created) await this.#ports.keyStored?.().catch(() => undefined);
      return key;
    } catch (error) {
      // A keychain that was locked meanwhile answers "no such entry": only one that can be written has really lost it.
      if (lossOf(error) === 'missing') await mustBeWritable(store);
      throw error;
    }
  }

  async #storeKey(accountId: string, key: Buffer): Promise<void> {
    await storeSlot(this.#ports.store).write(accountId, key);
    await this.#ports.keyStored?.();
  }

  /** The cache can be read again from the server, so a lost key costs time, not data. The old file is kept for whoever finds the key again. */
  async #openAnew(accountId: string): Promise<void> {
    const file = this.#lastingFile(accountId);
    const keptAs = `${file}.${this.#ports.clock.now()}.unreadable`;
    // First, and under its own name: a crash after this leaves the old recovery key beside its own database.
    await rename(slotFilePath(this.#ports.folder, accountId), `${keptAs}.slots`).catch(() => undefined);
    await rename(file, keptAs);
    for (const suffix of sideFiles) await rename(file + suffix, keptAs + suffix).catch(() => undefined);
    await this.#ports.store.delete(databaseKeyPrefix + accountId);
    this.#ports.notice(appError('database.locked', { params: { file: path.basename(keptAs) } }));
    await this.#openLasting(accountId, await this.#keyFromKeychain(accountId));
  }

  async #openLasting(accountId: string, key: Buffer): Promise<void> {
    await this.#openFile({ accountId, file: this.#lastingFile(accountId), isLasting: true, key });
    // What it cannot note it cannot recognise later; the work goes on all the same.
    await this.slots.remember(accountId, key).catch(() => undefined);
  }

  #openThrowAway = async (accountId: string): Promise<void> => this.#openFile({ accountId, isLasting: false, ...(await this.#throwAway.take(accountId)) });

  async #openFile(open: Open): Promise<void> {
    const { folder, host } = this.#ports;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      this.tellSalvage(await host.open({ path: open.file, key: open.key }));
    } catch (error) {
      open.key.fill(0);
      throw error;
    }
    this.#open = open;
    this.#last = open.accountId;
    this.#needed = null;
  }

  async #shut(): Promise<void> {
    if (this.#open === null) return;
    const { key, accountId, isLasting } = this.#open;
    this.#open = null;
    key.fill(0);
    // Nobody can look into it while it is closed, and whoever ends the program should know what is in there.
    if (!isLasting) await this.#throwAway.count(accountId);
    await this.#ports.host.close();
  }

  #isLasting(): boolean {
    return this.#ports.persistence().kind === 'keychain';
  }

  #lastingFile(accountId: string): string {
    return path.join(this.#ports.folder, `${accountId}.db`);
  }

  /** One after the other: a lock must not meet an opening halfway. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(action);
    this.#queue = turn.then(() => undefined, () => undefined);
    return turn;
  }
}
