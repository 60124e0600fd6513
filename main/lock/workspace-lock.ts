import type { LockPolicy } from '../../shared/domain/lock.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { Clock } from '../erp/ports.ts';
import type { Log } from '../log/log.ts';
import type { Workspace } from '../workspace.ts';
import { LockService } from './lock.ts';

export type WorkspaceLockPorts = {
  /** The workspace of the active profile. */
  workspace: () => Workspace | null;
  policy: () => LockPolicy;
  clock: Clock;
  log: Log;
};

/** The lock on whatever workspace is active. `follow` each one that is built: its session decides whether there is anything to lock. */
export function createWorkspaceLock({ workspace, policy, clock, log }: WorkspaceLockPorts): LockService & { follow(workspace: Workspace): void } {
  const need = (): Workspace => {
    const current = workspace();
    if (current === null) throw failure('session.required');
    return current;
  };
  const lock = new LockService({
    clock, log, policy,
    close: async () => workspace()?.lock(),
    open: (by) => need().openCache(by),
    signIn: () => need().session.signIn(),
    isContactDue: () => workspace()?.grace.state().status === 'over',
    confirm: () => need().confirm(),
  });
  const follow = (followed: Workspace): void => {
    lock.deactivate();
    followed.sessionChanged.on((state) => {
      if (state.status === 'signedOut') return lock.deactivate();
      if (!followed.isUnlocked()) return followed.grace.state().status === 'over' ? lock.shut('grace') : undefined;
      const before = lock.state();
      // Shut at the start for want of a contact, which has come meanwhile.
      if (before.status === 'locked' && before.reason === 'grace') lock.deactivate();
      return lock.activate();
    });
    followed.grace.changed.on(({ status }) => {
      if (status === 'over' && workspace() === followed) void lock.lock('grace');
    });
  };
  return Object.assign(lock, { follow });
}
