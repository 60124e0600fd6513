import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppError } from '../../shared/ipc/errors.ts';
import { AccountCache } from '../../main/documents/account-cache.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import { KeychainDoctor } from '../../main/secrets/doctor.ts';
import { KeychainMark, type Surroundings } from '../../main/secrets/keychain-mark.ts';
import type { Keytar } from '../../main/secrets/keychain.ts';
import { KeySlots } from '../../main/secrets/key-slots.ts';
import { openSecrets, type OpenSecrets } from '../../main/secrets/open.ts';

const hostEntry = fileURLToPath(new URL('../../main/host/index.ts', import.meta.url));

export const anna = 'a'.repeat(32);
export const ben = 'b'.repeat(32);

export type Pc = { secrets: OpenSecrets; host: DataHost; slots: KeySlots; cache: AccountCache; mark: KeychainMark; doctor: KeychainDoctor; notices: AppError[]; folder: string; close(): Promise<void> };

export type PcOptions = { folder: string; keytar: Keytar; service: string; surroundings?: Partial<Surroundings>; timeoutMs?: number };

let shared: { host: DataHost; cache: AccountCache | null } | null = null;

/** One data host for a whole file: starting one takes longer than most of what is tried here. */
function sharedHost(): { host: DataHost; cache: AccountCache | null } {
  shared ??= { host: createDataHost({ spawn: () => spawnNodeHost(hostEntry), log: silentLog, onReopen: async () => (await shared?.cache?.reopenParams()) ?? null }), cache: null };
  return shared;
}

export async function endHost(): Promise<void> {
  await shared?.host.dispose();
  shared = null;
}

/**
 * One start of everything between the keychain and the encrypted database, as the app builds it: real host, real files.
 * One is open at a time.
 */
export async function startPc({ folder, keytar, service, surroundings = {}, timeoutMs = 5_000 }: PcOptions): Promise<Pc> {
  await mkdir(folder, { recursive: true });
  const secrets = await openSecrets({ loadKeytar: () => Promise.resolve(keytar), service, log: silentLog, timeoutMs });
  const notices: AppError[] = [];
  // The least work that a slot may ask for: these tests are not about guessing keys.
  const slots = new KeySlots({ folder, now: Date.now, work: { cost: 2 ** 14, parallel: 1 } });
  const mark = new KeychainMark(folder, () => Promise.resolve({ machine: 'this computer', home: service, backend: 'one', signature: 'us', ...surroundings }));
  const process = sharedHost();
  const { host } = process;
  const cache = new AccountCache({
    folder, host, store: secrets.store, persistence: () => secrets.persistence, clock: systemClock, notice: (error) => notices.push(error), slots, keyStored: () => mark.renew(secrets.store),
  });
  process.cache = cache;
  const doctor = new KeychainDoctor({
    secrets, slots, mark, persistenceChanged: () => undefined,
    cache: {
      accountId: () => cache.accountId ?? cache.recoveryNeeded?.accountId ?? anna,
      hasDatabase: (accountId) => cache.hasDatabase(accountId), withKey: (run) => cache.withKey(run),
      openWithRecoveryKey: (text) => cache.openWithRecoveryKey(cache.recoveryNeeded?.accountId ?? anna, text),
    },
  });
  return { secrets, host, slots, cache, mark, doctor, notices, folder, close: () => cache.close() };
}

/** Looks for a key in every form in which one could be written down, in every file below a folder. @returns the files that have it. */
export async function filesWith(folder: string, ...secrets: readonly Buffer[]): Promise<string[]> {
  const found: string[] = [];
  const needles = secrets.flatMap((secret) => [secret, ...(['hex', 'base64', 'base64url'] as const).map((form) => Buffer.from(secret.toString(form)))]);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(path.join(entry.parentPath, entry.name));
    if (needles.some((needle) => bytes.includes(needle))) found.push(entry.name);
  }
  return found;
}
