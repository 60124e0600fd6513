import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { keychainCode } from '../secrets/keychain.ts';
import type { SecretStore } from '../secrets/store.ts';

/** Why the keychain does not open an account's database. */
export type KeyLoss = 'missing' | 'wrong' | 'unreadable';

/** Tells a lost key from everything else that can keep a database shut, above all another program that has it open. */
export function lossOf(error: unknown): KeyLoss | null {
  if (!(error instanceof AppFailure)) return null;
  const { code, params } = error.error;
  if (code === 'database.locked') return params['cause'] === 'key' ? 'wrong' : null;
  if (code === 'keychain.failed') return params['cause'] === 'unwritable' ? 'unreadable' : 'missing';
  return code === 'keychain.locked' || code === 'keychain.absent' ? 'unreadable' : null;
}

/** @throws AppFailure keychain.* with the cause `unwritable` when the keychain takes nothing. */
export async function mustBeWritable(store: SecretStore): Promise<void> {
  try {
    await store.set('trial', 'x');
    await store.delete('trial');
  } catch (error) {
    throw failure(keychainCode(error), { params: { cause: 'unwritable' } }, error);
  }
}
