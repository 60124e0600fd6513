import { KeychainDoctor } from '../secrets/doctor.ts';
import { KeySlots } from '../secrets/key-slots.ts';
import type { KeychainMark } from '../secrets/keychain-mark.ts';
import type { OpenSecrets } from '../secrets/open.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { Workspace } from '../workspace.ts';

/** The doctor of the keychain, with the cache of whoever is or was signed in; without a profile it looks at the keychain alone. */
export function keychainDoctor(current: Workspace | null, secrets: OpenSecrets, mark: KeychainMark, folder: string): KeychainDoctor {
  if (current === null) {
    return new KeychainDoctor({
      secrets, mark, slots: new KeySlots({ folder, now: Date.now }), persistenceChanged: () => undefined,
      cache: { accountId: () => null, hasDatabase: () => false, withKey: () => null, openWithRecoveryKey: () => Promise.reject(failure('profile.missing', { params: { file: '' } })) },
    });
  }
  const { cache, session } = current;
  return new KeychainDoctor({
    secrets, slots: cache.slots, mark, persistenceChanged: (persistence) => session.setPersistence(persistence),
    cache: {
      accountId: () => cache.accountId ?? cache.recoveryNeeded?.accountId ?? current.signedInAs(),
      hasDatabase: (accountId) => cache.hasDatabase(accountId), withKey: (run) => cache.withKey(run),
      openWithRecoveryKey: (text) => current.openCache({ kind: 'recoveryKey', text }),
    },
  });
}
