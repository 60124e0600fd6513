import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { formatRecoveryKey, parseRecoveryKey, recoveryKeyBytes, type RecoveryStatus } from '../../shared/domain/key-slots.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { databaseKeyBytes } from './database-key.ts';
import { accountOfSlotFile, readSlots, writeSlots, type RecoverySlot, type SlotContent } from './slot-file.ts';

export type KeySlotsOptions = {
  /** Where the databases are; the slots lie beside them as `<account>.slots.json`. */
  folder: string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Work of scrypt for new slots; 2^15 (32 MiB), three passes, unless given. */
  work?: { cost: number; parallel: number };
};

const derive = promisify<Buffer, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** The recovery key is random, so no dictionary helps; the work makes up for a part of it being seen on a photo. */
const defaultWork = { cost: 2 ** 15, parallel: 3 };
const tagBytes = 16;

/** A name for a key by which it is recognised and nothing else learnt: HMAC-SHA-256 under the key, cut to 128 bits. */
export const keyIdOf = (key: Uint8Array): string => createHmac('sha256', key).update('valeo database key id').digest('hex').slice(0, 32);

/** Binds a slot to its account and format: moved to another account's file it does not open. */
const boundTo = (accountId: string): Buffer => Buffer.from(`valeo recovery slot 1 ${accountId}`, 'utf8');

async function wrappingKey(secret: Uint8Array, { cost: N, blockSize: r, parallel: p, salt }: RecoverySlot['kdf']): Promise<Buffer> {
  return derive(Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength), Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 128 * N * r * 2 });
}

async function seal(accountId: string, secret: Uint8Array, key: Uint8Array, { now, work = defaultWork }: KeySlotsOptions): Promise<RecoverySlot> {
  const kdf: RecoverySlot['kdf'] = { name: 'scrypt', blockSize: 8, ...work, salt: randomBytes(16).toString('base64') };
  const wrapping = await wrappingKey(secret, kdf);
  try {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', wrapping, nonce).setAAD(boundTo(accountId));
    const sealed = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    return { createdAt: now(), kdf, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') };
  } finally {
    wrapping.fill(0);
  }
}

/** @returns null for a wrong recovery key. */
async function unseal(accountId: string, secret: Uint8Array, slot: RecoverySlot): Promise<Buffer | null> {
  const wrapping = await wrappingKey(secret, slot.kdf);
  try {
    const sealed = Buffer.from(slot.sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', wrapping, Buffer.from(slot.nonce, 'base64'), { authTagLength: tagBytes }).setAAD(boundTo(accountId));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const opened = decipher.update(sealed.subarray(0, -tagBytes));
    decipher.final();
    return opened;
  } catch {
    return null;
  } finally {
    wrapping.fill(0);
  }
}

/**
 * The slots of the database keys beside the keychain: for each account a small file that holds its key sealed under the
 * recovery key, and the id by which a key from the keychain is recognised as the right one. Nothing in it is secret in
 * plain text.
 */
export class KeySlots {
  readonly #options: KeySlotsOptions;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: KeySlotsOptions) {
    this.#options = options;
  }

  /** Whether the account has a recovery key. Never throws. */
  async status(accountId: string): Promise<RecoveryStatus> {
    const file = await readSlots(this.#options.folder, accountId);
    if (file.status !== 'present') return { status: file.status };
    const { recovery } = file.content;
    return recovery === null ? { status: 'none' } : { status: 'present', createdAt: recovery.createdAt, checkedAt: recovery.checkedAt ?? null };
  }

  /** The id of the key that opens the account's database; null when it was never noted or cannot be read. */
  async keyId(accountId: string): Promise<string | null> {
    const file = await readSlots(this.#options.folder, accountId);
    return file.status === 'present' ? file.content.keyId : null;
  }

  /** Whose database a key opens, by its {@link keyIdOf}; null when nobody's here. */
  async accountOfKey(keyId: string): Promise<string | null> {
    const names = await readdir(this.#options.folder).catch(() => []);
    for (const name of names) {
      const accountId = accountOfSlotFile(name);
      if (accountId !== null && (await this.keyId(accountId)) === keyId) return accountId;
    }
    return null;
  }

  /**
   * Notes which key opens the account's database. A recovery slot of another key is dropped: it opens nothing any more. A
   * damaged file stays, so that its loss is seen until a new recovery key replaces it.
   */
  async remember(accountId: string, key: Uint8Array): Promise<void> {
    const keyId = keyIdOf(key);
    await this.#change(accountId, (content) => (content?.keyId === keyId ? null : { format: 1, account: accountId, keyId, recovery: null, previous: null }), { keepDamaged: true });
  }

  /**
   * Makes a recovery key. One that was there before opens nothing any more as soon as {@link verify} has seen the new one;
   * until then both do, so that a crash before anybody could write it down takes nothing away. It is read back from the
   * disk before it is given out: a key that people keep for years must work.
   * @param key the 32 bytes of the database key. @returns the recovery key as text, kept nowhere else.
   * @throws AppFailure keychain.failed when it could not be read back; the file system's error otherwise.
   */
  async createRecoveryKey(accountId: string, key: Uint8Array): Promise<string> {
    if (key.length !== databaseKeyBytes) throw failure('keychain.failed');
    const secret = randomBytes(recoveryKeyBytes);
    try {
      const recovery = await seal(accountId, secret, key, this.#options);
      const keyId = keyIdOf(key);
      await this.#change(accountId, (content) => {
        const previous = content?.keyId === keyId ? (content.previous ?? content.recovery) : null;
        return { format: 1, account: accountId, keyId, recovery, previous };
      });
      const text = formatRecoveryKey(secret);
      const opened = await this.openWithRecoveryKey(accountId, text);
      const isSame = opened.equals(key);
      opened.fill(0);
      if (!isSame) throw failure('keychain.failed');
      return text;
    } finally {
      secret.fill(0);
    }
  }

  /**
   * The database key from the recovery key as a person typed it. The caller wipes the buffer.
   * @throws AppFailure `input.invalid` for a typing error (param `group`), `keychain.recoveryWrong` for any key that does
   * not fit, always with the same text, `keychain.failed` when there is no usable slot.
   */
  async openWithRecoveryKey(accountId: string, text: string): Promise<Buffer> {
    return (await this.#unseal(accountId, text)).key;
  }

  /**
   * Whether this recovery key would open the account's slot: for people who want to check the paper in the drawer, and
   * after making a new one, which from then on is the only one.
   * @throws the file system's error when an earlier key could not be taken away.
   */
  async verify(accountId: string, text: string): Promise<boolean> {
    const opened = await this.#unseal(accountId, text).catch(() => null);
    if (opened === null) return false;
    opened.key.fill(0);
    const checkedAt = this.#options.now();
    if (!opened.isNewest) return true;
    let takesAway = false;
    const noted = this.#change(accountId, (content) => {
      if (content === null || content.recovery === null) return null;
      takesAway = content.previous !== null;
      return { ...content, recovery: { ...content.recovery, checkedAt }, previous: null };
    });
    // That it was checked is only a note; that an earlier key is gone is a promise.
    await noted.catch((error: unknown) => { if (takesAway) throw error; });
    return true;
  }

  /** Takes the recovery key away. @throws the file system's error; it then still works. */
  async remove(accountId: string): Promise<void> {
    await this.#change(accountId, (content) => (content === null || content.recovery === null ? null : { ...content, recovery: null, previous: null }));
  }

  async #unseal(accountId: string, text: string): Promise<{ key: Buffer; isNewest: boolean }> {
    const parsed = parseRecoveryKey(text);
    if (!parsed.ok) {
      if (parsed.mistake === 'length') throw failure('input.invalid', { messageKey: 'errors.keychain.recoveryLength' });
      throw failure('input.invalid', { messageKey: 'errors.keychain.recoveryTypo', params: { group: String(parsed.group) } });
    }
    try {
      const file = await readSlots(this.#options.folder, accountId);
      if (file.status === 'newer') throw failure('database.newer');
      if (file.status === 'damaged') throw failure('keychain.failed', { messageKey: 'errors.keychain.recoveryDamaged' });
      if (file.status === 'none' || file.content.recovery === null) throw failure('keychain.failed', { messageKey: 'errors.keychain.recoveryMissing' });
      const { recovery, previous, keyId } = file.content;
      for (const slot of previous === null ? [recovery] : [recovery, previous]) {
        const key = await unseal(accountId, parsed.bytes, slot);
        if (key !== null && keyIdOf(key) === keyId) return { key, isNewest: slot === recovery };
        key?.fill(0);
      }
      throw failure('keychain.recoveryWrong');
    } finally {
      parsed.bytes.fill(0);
    }
  }

  /** One change at a time. @param next gives the new content, or null to leave the file as it is. */
  async #change(accountId: string, next: (content: SlotContent | null) => SlotContent | null, { keepDamaged = false } = {}): Promise<void> {
    const { folder } = this.#options;
    const turn = this.#queue.then(async () => {
      const file = await readSlots(folder, accountId);
      if (file.status === 'newer') throw failure('database.newer');
      if (file.status === 'damaged' && keepDamaged) return;
      const content = next(file.status === 'present' ? file.content : null);
      if (content === null) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeSlots(folder, content);
    });
    this.#queue = turn.catch(() => undefined);
    await turn;
  }
}
