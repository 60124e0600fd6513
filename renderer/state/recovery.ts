import { create } from 'zustand';
import type { CallOutput } from '../../shared/ipc/contract.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import { call } from '../bridge/call.ts';

/** Why the keychain does not open the cache; null while nothing waits for a recovery key. */
export type RecoveryCause = CallOutput<'security.recovery'>['needed'];

/** Whether the cache waits for its recovery key; undefined until main has answered the first time. */
export const useRecovery = create<{ needed: RecoveryCause | undefined }>(() => ({ needed: undefined }));

/** The cause that a notice tells, or null when the notice is about something else. */
export function causeOf({ code, params }: Pick<AppError, 'code' | 'params'>): RecoveryCause {
  if (code !== 'keychain.recoveryNeeded') return null;
  const cause = params['cause'];
  return cause === 'missing' || cause === 'wrong' ? cause : 'unreadable';
}

/** Asks main anew. A call that fails leaves what is known, and does not hold the start up. */
export async function readRecovery(): Promise<void> {
  const answer = await call('security.recovery').catch(() => null);
  useRecovery.setState(({ needed = null }) => ({ needed: answer === null ? needed : answer.needed }));
}
