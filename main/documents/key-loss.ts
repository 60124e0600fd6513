import { AppFailure } from '../../shared/ipc/errors.ts';

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
