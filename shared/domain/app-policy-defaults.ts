import type { AppPolicy } from './app-policy.ts';

/** What holds where nobody has decided anything. In a file without schemas, because the window reads it before its first frame. */
export const defaultAppPolicy: AppPolicy = {
  'lock.idleMinutes': 15, 'lock.onSuspend': true, 'lock.onScreenLock': true, 'lock.needsSignIn': false,
  'offline.graceHours': 72, 'recoveryKey.allowed': true, 'session.withoutKeychain': true, 'wipe.allowed': true,
};
