import { createHash, randomBytes } from 'node:crypto';
import type { ProbeReason } from '../../shared/domain/keychain.ts';
import { AppFailure, failure, type ErrorCode } from '../../shared/ipc/errors.ts';
import type { SecretStore } from './store.ts';

/** The part of keytar that is used; injected, so that tests run the real one or a complete fake. */
export type Keytar = {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
};

export type KeychainOptions = {
  keytar: Keytar;
  /** Under which the entries appear in the system's keychain tool. */
  service: string;
  /** How long one access may take, a password prompt of the system included; 60 s unless given. */
  timeoutMs?: number;
};

/** Windows refuses credentials above 2,560 bytes (CRED_MAX_CREDENTIAL_BLOB_SIZE); some room for the head. */
export const chunkBytes = 2_400;
const inlineMark = 'v1:';
const chunkedHead = /^v1#(?<generation>[0-9a-f]{8}):(?<count>\d{1,3}):(?<digest>[0-9a-f]{32})$/;

const digestOf = (value: string): string => createHash('sha256').update(value, 'utf8').digest('hex').slice(0, 32);

/** Splits by bytes, never inside a character. */
export function splitBytes(value: string, size: number): string[] {
  const chunks: string[] = [];
  let chunk = '';
  let bytes = 0;
  for (const char of value) {
    const length = Buffer.byteLength(char, 'utf8');
    if (bytes + length > size) {
      chunks.push(chunk);
      chunk = '';
      bytes = 0;
    }
    chunk += char;
    bytes += length;
  }
  chunks.push(chunk);
  return chunks;
}

const lockedTexts = /locked|dismiss|cancel+ed|interaction is not allowed|-25308|prompt/i;
const absentTexts = /d-?bus|org\.freedesktop\.secrets|autolaunch|cannot open shared object|no such (interface|file)|connection (is )?(refused|closed)|remote peer|underlying connection|not provided by any|module not found|cannot find module|keychain could not be found/i;

/** Tells apart the three ways in which a keychain can be of no use, by what keytar and its systems say. */
export function keychainCode(error: unknown): Extract<ErrorCode, `keychain.${string}`> {
  if (error instanceof AppFailure && error.error.code.startsWith('keychain.')) return error.error.code as Extract<ErrorCode, `keychain.${string}`>;
  const text = error instanceof Error ? error.message : String(error);
  if (lockedTexts.test(text)) return 'keychain.locked';
  return absentTexts.test(text) ? 'keychain.absent' : 'keychain.failed';
}

const dismissedTexts = /dismiss|cancel+ed|-128\b/i;
/** What macOS and sandboxes say to a program that may not see the entry. */
const deniedTexts = /-25293|passphrase you entered is not correct|(access|permission) (is )?denied|not (authori[sz]ed|permitted)/i;
/** Windows answers RPC_X_BAD_STUB_DATA to a credential above its limit. */
const tooLargeTexts = /too (large|long|big)|stub received bad data|\b1783\b|exceeds/i;

/** The finer cause behind {@link keychainCode}, for the doctor. */
export function keychainReason(error: unknown): ProbeReason {
  if (error instanceof AppFailure) {
    if (error.error.params['cause'] === 'timeout') return 'timeout';
    if (error.cause !== undefined) return keychainReason(error.cause);
  }
  const text = error instanceof AppFailure ? '' : error instanceof Error ? error.message : String(error);
  if (dismissedTexts.test(text)) return 'dismissed';
  if (deniedTexts.test(text)) return 'denied';
  if (tooLargeTexts.test(text)) return 'tooLarge';
  const code = keychainCode(error);
  return code === 'keychain.locked' ? 'locked' : code === 'keychain.absent' ? 'absent' : 'failed';
}

/**
 * A secret store in the keychain of the operating system. One access runs at a time: keytar blocks a thread of the
 * pool while a prompt is open, so a hanging prompt may take one thread and never all of them.
 */
export function createKeychainStore({ keytar, service, timeoutMs = 60_000 }: KeychainOptions): SecretStore {
  let queue: Promise<unknown> = Promise.resolve();
  let hanging = false;

  async function access<T>(action: () => Promise<T>): Promise<T> {
    if (hanging) throw failure('keychain.locked', { params: { cause: 'timeout' } });
    let timer: NodeJS.Timeout | undefined;
    const running = action();
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        hanging = true;
        running.finally(() => { hanging = false; }).catch(() => undefined);
        reject(failure('keychain.locked', { params: { cause: 'timeout' } }));
      }, timeoutMs);
    });
    try {
      return await Promise.race([running, timeout]);
    } catch (error) {
      throw error instanceof AppFailure ? error : failure(keychainCode(error), {}, error);
    } finally {
      clearTimeout(timer);
    }
  }

  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = queue.then(action, action);
    // Ends in nothing on purpose: a queue that ended in the last answer would keep that secret in memory.
    queue = turn.then(() => undefined, () => undefined);
    return turn;
  }

  const read = (account: string) => access(() => keytar.getPassword(service, account));
  const write = (account: string, value: string) => access(() => keytar.setPassword(service, account, value));
  const remove = (account: string) => access(() => keytar.deletePassword(service, account));

  const chunkNames = (name: string, head: string | null): string[] => {
    const parts = chunkedHead.exec(head ?? '')?.groups;
    if (parts === undefined) return [];
    return Array.from({ length: Number(parts['count']) }, (_, index) => `${name}#${parts['generation']}.${index}`);
  };

  async function load(name: string): Promise<string | null> {
    const head = await read(name);
    if (head === null) return null;
    if (head.startsWith(inlineMark)) return head.slice(inlineMark.length);
    const digest = chunkedHead.exec(head)?.groups?.['digest'];
    if (digest === undefined) throw failure('keychain.failed', { params: { entry: name, cause: 'foreign' } });
    const chunks: (string | null)[] = [];
    for (const chunkName of chunkNames(name, head)) chunks.push(await read(chunkName));
    const value = chunks.join('');
    // A damaged entry is an error, not an absent one: whoever took it for absent would replace a key that still has a lock.
    if (chunks.includes(null) || digestOf(value) !== digest) throw failure('keychain.failed', { params: { entry: name, cause: 'damaged' } });
    return value;
  }

  async function save(name: string, value: string): Promise<void> {
    const oldChunks = chunkNames(name, await read(name));
    if (Buffer.byteLength(value, 'utf8') <= chunkBytes) {
      await write(name, inlineMark + value);
    } else {
      // The chunks first, under a name of their own, then the head: a crash in between leaves the old value whole.
      const chunks = splitBytes(value, chunkBytes);
      const head = `v1#${randomBytes(4).toString('hex')}:${chunks.length}:${digestOf(value)}`;
      const names = chunkNames(name, head);
      for (const [index, chunk] of chunks.entries()) await write(names[index] ?? '', chunk);
      await write(name, head);
    }
    // A dismissed prompt makes some keychains answer a write with success: only what can be read back is stored.
    if ((await load(name)) !== value) throw failure('keychain.failed', { params: { entry: name } });
    for (const old of oldChunks) await remove(old);
  }

  return {
    get: (name) => inTurn(() => load(name)),
    set: (name, value) => inTurn(() => save(name, value)),
    delete: (name) => inTurn(async () => {
      const chunks = chunkNames(name, await read(name));
      await remove(name);
      for (const chunk of chunks) await remove(chunk);
    }),
  };
}
