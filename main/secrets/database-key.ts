import { randomBytes } from 'node:crypto';
import { failure } from '../../shared/ipc/errors.ts';
import { databaseKeyPrefix } from './open.ts';
import type { SecretStore } from './store.ts';

/**
 * One place that can give an account's database key. The database is encrypted with one random key; every slot keeps
 * that same key in its own protection (the keychain; later one wrapped by a recovery key), so that losing one slot does
 * not lock anybody out.
 */
export type KeySlot = {
  name: string;
  /** @returns null when this slot holds no key for the account. @throws AppFailure when it cannot be asked. */
  read(accountId: string): Promise<Buffer | null>;
  /** @throws AppFailure when it is not certain that the key is stored. */
  write(accountId: string, key: Buffer): Promise<void>;
};

export const databaseKeyBytes = 32;

/** The slot that the secret store gives: the keychain, or memory for this run. */
export function storeSlot(store: SecretStore): KeySlot {
  const name = (accountId: string) => `${databaseKeyPrefix}${accountId}`;
  return {
    name: 'store',
    async read(accountId) {
      const text = await store.get(name(accountId));
      if (text === null) return null;
      const key = Buffer.from(text, 'base64');
      if (key.length !== databaseKeyBytes) throw failure('keychain.failed', { params: { entry: name(accountId), cause: 'foreign' } });
      return key;
    },
    write: (accountId, key) => store.set(name(accountId), key.toString('base64')),
  };
}

export type DatabaseKeyOptions = {
  accountId: string;
  /** Asked in this order; the first is the one that a new key must reach. */
  slots: readonly KeySlot[];
  /** False when the account's database file exists: a new key could not open it and would hide that the old one is lost. */
  mayCreate: boolean;
};

/**
 * The 32-byte key of an account's database, made on first use. Slots that lack it get it again.
 * @throws AppFailure keychain.* when no slot can be asked; keychain.failed when the database exists and no slot has its key.
 */
export async function databaseKey({ accountId, slots, mayCreate }: DatabaseKeyOptions): Promise<{ key: Buffer; slot: string; created: boolean }> {
  const empty: KeySlot[] = [];
  let unreadable: unknown = null;
  for (const slot of slots) {
    let key: Buffer | null;
    try {
      key = await slot.read(accountId);
    } catch (error) {
      unreadable ??= error;
      continue;
    }
    if (key === null) {
      empty.push(slot);
      continue;
    }
    // Healing is a bonus: the key is there, so a slot that cannot be written locks nobody out.
    for (const lacking of empty) await lacking.write(accountId, key).catch(() => undefined);
    return { key, slot: slot.name, created: false };
  }
  // A slot that could not be asked may hold the key: never make another one beside it.
  if (unreadable !== null) throw unreadable;
  const first = slots[0];
  if (!mayCreate || first === undefined) throw failure('keychain.failed', { params: { entry: `${databaseKeyPrefix}${accountId}` } });
  const key = randomBytes(databaseKeyBytes);
  for (const slot of slots) await slot.write(accountId, key);
  return { key, slot: first.name, created: true };
}
