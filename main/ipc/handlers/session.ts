import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import type { ConnectionState } from '../../../shared/domain/connection.ts';
import type { AppPolicy } from '../../../shared/domain/app-policy.ts';
import type { Persistence, SessionState } from '../../../shared/domain/session.ts';
import type { DeviceCode } from '../../../shared/ipc/calls/session.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { ThrowAwayCaches } from '../../documents/throw-away.ts';
import type { Workspace } from '../../workspace.ts';

export type SessionHandlerPorts = {
  /** Null before a profile was chosen; waits until the last session was taken up. */
  workspace: () => Promise<Workspace | null>;
  persistence: () => Promise<Persistence>;
  copyText: (text: string) => void;
  policy: () => AppPolicy;
  /** Shows what to type on another device; null when there is nothing to type any more. */
  showDeviceCode: (code: DeviceCode | null) => void;
  now: () => number;
  throwAway: Pick<ThrowAwayCaches, 'onlyHere'>;
};

type SessionCalls =
  | 'session.state' | 'session.grace' | 'session.signIn' | 'session.signInWithDeviceCode' | 'session.cancelSignIn' | 'session.copyLoginAddress'
  | 'session.onlyHere' | 'session.list' | 'session.end' | 'session.endOthers'
  | 'session.signOut' | 'session.signOutEverywhere' | 'connection.state' | 'connection.retry';

/** Calls about who is signed in and whether the servers answer. */
export function sessionHandlers(ports: SessionHandlerPorts): Pick<CallHandlers, SessionCalls> {
  const need = async (): Promise<Workspace> => {
    const workspace = await ports.workspace();
    if (workspace === null) throw failure('profile.missing', { params: { file: '' } });
    return workspace;
  };
  /** @throws AppFailure policy.forbidden where nothing may be kept in memory alone. */
  const mayBegin = (workspace: Workspace): void => {
    if (workspace.session.state().persistence.kind === 'memory' && !ports.policy()['session.withoutKeychain']) throw failure('policy.forbidden', { messageKey: 'errors.policy.withoutKeychain' });
  };
  const signedOut = async (): Promise<SessionState> => ({ status: 'signedOut', persistence: await ports.persistence() });
  const unknown = (): ConnectionState => {
    const peer = { reachable: null, since: null, error: null };
    return { status: 'unknown', since: ports.now(), lastContactAt: null, erp: peer, identityProvider: peer, live: false, missingCapabilities: [] };
  };
  return {
    'session.state': async () => (await ports.workspace())?.session.state() ?? signedOut(),
    'session.grace': async () => (await ports.workspace())?.grace.state() ?? { status: 'fine' },
    'session.signIn': async () => {
      const workspace = await need();
      mayBegin(workspace);
      const state = await workspace.session.signIn();
      await workspace.settled();
      return state;
    },
    'session.signInWithDeviceCode': async () => {
      const workspace = await need();
      mayBegin(workspace);
      try {
        const state = await workspace.session.signInWithDeviceCode(ports.showDeviceCode);
        await workspace.settled();
        return state;
      } finally {
        ports.showDeviceCode(null);
      }
    },
    'session.cancelSignIn': async () => {
      (await need()).session.cancelSignIn();
      return null;
    },
    'session.copyLoginAddress': async () => {
      const address = (await need()).session.loginAddress();
      if (address !== null) ports.copyText(address);
      return null;
    },
    'session.onlyHere': async () => {
      const workspace = await ports.workspace();
      await workspace?.cache.count();
      return ports.throwAway.onlyHere(workspace?.signedInAs() ?? null);
    },
    'session.signOut': async () => {
      const workspace = await need();
      const state = await workspace.session.signOut();
      await workspace.settled();
      return state;
    },
    'session.signOutEverywhere': async () => {
      const workspace = await need();
      const ended = await workspace.session.signOutEverywhere();
      await workspace.settled();
      return ended;
    },
    'session.list': async () => {
      const { signIns, capabilities } = await need();
      return (await capabilities()).has('sessions') ? signIns.list() : null;
    },
    'session.end': async ({ id }) => {
      await (await need()).signIns.end(id);
      return null;
    },
    'session.endOthers': async () => ({ ended: await (await need()).signIns.endOthers() }),
    'connection.state': async () => (await ports.workspace())?.monitor.state() ?? unknown(),
    'connection.retry': async () => (await need()).monitor.retry(),
  };
}
