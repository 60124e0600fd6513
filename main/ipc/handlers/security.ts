import type { z } from 'zod';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Persistence } from '../../../shared/domain/session.ts';
import type { AppPolicy } from '../../../shared/domain/app-policy.ts';
import type { securityCalls } from '../../../shared/ipc/calls/security.ts';
import type { LockService } from '../../lock/lock.ts';
import type { WindowDrain } from '../../lock/window-drain.ts';
import { keychainDoctor } from '../../diagnostics/keychain.ts';
import type { KeychainDoctor } from '../../secrets/doctor.ts';
import type { KeychainMark } from '../../secrets/keychain-mark.ts';
import type { OpenSecrets } from '../../secrets/open.ts';
import type { Workspace } from '../../workspace.ts';

export type SecurityHandlerPorts = {
  /** Null before a profile was chosen; waits until the last session was taken up. */
  workspace: () => Promise<Workspace | null>;
  secrets: () => Promise<OpenSecrets>;
  mark: KeychainMark;
  lock: LockService;
  windowDrain: WindowDrain;
  /** Tries the keychain again, and takes up what it gives. */
  askKeychain: () => Promise<Persistence>;
  policy: () => AppPolicy;
};

type SecurityCalls = typeof securityCalls;
type SecurityHandlers = { [N in keyof SecurityCalls]: (input: z.output<SecurityCalls[N]['input']>) => Promise<z.output<SecurityCalls[N]['output']>> };

/** Calls about the keychain, the recovery key, the lock and the wipe. */
export function securityHandlers({ workspace, secrets, mark, lock, windowDrain, askKeychain, policy }: SecurityHandlerPorts): SecurityHandlers {
  const need = async (): Promise<Workspace> => {
    const current = await workspace();
    if (current === null) throw failure('profile.missing', { params: { file: '' } });
    return current;
  };
  const doctor = async (): Promise<KeychainDoctor> => {
    return keychainDoctor(await need(), await secrets(), mark, '');
  };
  return {
    'security.keychain': async () => (await doctor()).run(),
    'security.repairKeychain': async ({ repair, recoveryKey }) => (await doctor()).repair(repair, recoveryKey),
    'security.recovery': async () => {
      const cache = (await workspace())?.cache;
      return { recovery: (await cache?.recoveryStatus()) ?? { status: 'none' }, needed: cache?.recoveryNeeded?.cause ?? null };
    },
    'security.createRecoveryKey': async () => {
      if (!policy()['recoveryKey.allowed']) throw failure('policy.forbidden', { messageKey: 'errors.policy.recoveryKey' });
      return { recoveryKey: await (await need()).cache.createRecoveryKey() };
    },
    'security.checkRecoveryKey': async ({ recoveryKey }) => ({ fits: await (await need()).cache.fitsRecoveryKey(recoveryKey) }),
    'security.removeRecoveryKey': async () => {
      await (await need()).cache.removeRecoveryKey();
      return null;
    },
    'security.askKeychain': async () => ({ persistence: await askKeychain() }),
    'security.openCache': async (by) => {
      // A locked app is opened through the lock, which may ask for more.
      if (['locking', 'locked', 'unlocking'].includes(lock.state().status)) throw failure('session.required');
      const current = await need();
      // Nothing waits for an opening, and beginning anew would set a good cache aside.
      if (current.isUnlocked()) return null;
      if (by.kind === 'keychain' && current.session.state().persistence.kind === 'memory') await askKeychain();
      if (!current.isUnlocked()) await current.openCache(by);
      return null;
    },
    'security.wipe': async (options) => {
      if (!policy()['wipe.allowed']) throw failure('policy.forbidden', { messageKey: 'errors.policy.wipe' });
      const { keysDestroyed, filesLeft } = await (await need()).wipe(options);
      return { complete: keysDestroyed && filesLeft.length === 0 };
    },
    'lock.state': () => Promise.resolve(lock.state()),
    'lock.lock': async () => {
      await lock.lock('manual');
      return null;
    },
    'lock.unlock': async (by) => {
      await lock.unlock(by);
      return null;
    },
    'lock.drained': () => {
      windowDrain.done();
      return Promise.resolve(null);
    },
    'lock.activity': () => {
      lock.activity();
      return Promise.resolve(null);
    },
  };
}
