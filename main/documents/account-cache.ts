import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Persistence } from '../../shared/domain/session.ts';
import { AppFailure, appError, type AppError } from '../../shared/ipc/errors.ts';
import type { Clock } from '../erp/ports.ts';
import type { DataHost, OpenAnswer, OpenParams } from '../host/client.ts';
import { databaseKey, storeSlot } from '../secrets/database-key.ts';
import type { SecretStore } from '../secrets/store.ts';

export type AccountCachePorts = {
  folder: string;
  host: DataHost;
  store: SecretStore;
  persistence: Persistence;
  clock: Clock;
  notice: (error: AppError) => void;
};

/** Name of the throw-away cache of a session without keychain. */
const sessionSuffix = '.session.db';

/** The encrypted cache of one account at a time: which file, which key, and what happens when either is not good. */
export class AccountCache {
  readonly #ports: AccountCachePorts;
  #open: { accountId: string; file: string } | null = null;

  constructor(ports: AccountCachePorts) {
    this.#ports = ports;
  }

  /** The account whose cache is open. */
  get accountId(): string | null {
    return this.#open?.accountId ?? null;
  }

  /** @throws AppFailure keychain.*, database.* with the cache closed. */
  async open(accountId: string): Promise<void> {
    const { folder, persistence, clock, notice } = this.#ports;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Without a keychain the key dies with this process, so the file is a throw-away one beside the lasting cache.
    const isLasting = persistence.kind === 'keychain';
    const file = path.join(folder, `${accountId}${isLasting ? '.db' : sessionSuffix}`);
    if (!isLasting) await removeDatabase(file);
    try {
      await this.#openFile(accountId, file);
    } catch (error) {
      if (!isKeyLost(error)) throw error;
      // The cache can be read again from the server, so a lost key costs time, not data. The old file is kept for
      // whoever finds the key again.
      const keptAs = `${file}.${clock.now()}.unreadable`;
      await rename(file, keptAs);
      for (const suffix of sideFiles) await rename(file + suffix, keptAs + suffix).catch(() => undefined);
      await this.#ports.store.delete(`database.${accountId}`);
      notice(appError('database.locked', { params: { file: path.basename(keptAs) } }));
      await this.#openFile(accountId, file);
    }
    this.#open = { accountId, file };
  }

  async close(): Promise<void> {
    if (this.#open === null) return;
    const { file } = this.#open;
    this.#open = null;
    await this.#ports.host.close();
    if (file.endsWith(sessionSuffix)) await removeDatabase(file);
  }

  /** Path and key for a data host that had to be started again; null while the cache is closed. */
  async reopenParams(): Promise<OpenParams | null> {
    if (this.#open === null) return null;
    const { accountId, file } = this.#open;
    const { key } = await databaseKey({ accountId, slots: [storeSlot(this.#ports.store)], mayCreate: false });
    return { path: file, key };
  }

  /** Says so when a damaged file had to be set aside. */
  tellSalvage({ salvage }: OpenAnswer): void {
    if (salvage !== null) this.#ports.notice(appError('database.damaged', { params: { recovered: String(salvage.recovered), file: path.basename(salvage.keptAs) } }));
  }

  async #openFile(accountId: string, file: string): Promise<void> {
    const { key } = await databaseKey({ accountId, slots: [storeSlot(this.#ports.store)], mayCreate: !existsSync(file) });
    try {
      this.tellSalvage(await this.#ports.host.open({ path: file, key }));
    } finally {
      key.fill(0);
    }
  }
}

const sideFiles = ['-wal', '-shm'];

/** No slot has the key, or the key that is there does not open the file. */
const isKeyLost = (error: unknown): boolean => error instanceof AppFailure && ['keychain.failed', 'database.locked'].includes(error.error.code);

const removeDatabase = async (file: string): Promise<void> => {
  for (const suffix of ['', ...sideFiles]) await rm(file + suffix, { force: true });
};
