import path from 'node:path';
import type { AppPolicyState } from '../../shared/domain/app-policy.ts';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Clock, HttpFetch } from '../erp/ports.ts';
import type { DataHost } from '../host/client.ts';
import type { FilePorts } from '../files/ports.ts';
import { saveAs } from '../files/save-as.ts';
import type { Log } from '../log/log.ts';
import type { KeychainMark } from '../secrets/keychain-mark.ts';
import type { OpenSecrets } from '../secrets/open.ts';
import type { Workspace } from '../workspace.ts';
import { bundleText, lastLogLines } from './bundle.ts';
import { Diagnostics } from './diagnostics.ts';
import { keychainDoctor } from './keychain.ts';
import type { DiagnosedWork } from './ports.ts';

export type DiagnosticsOptions = {
  about: { version: string; electron: string; platform: string };
  profile: () => ConnectionProfile | null;
  workspace: () => Workspace | null;
  secrets: () => Promise<OpenSecrets>;
  mark: KeychainMark;
  settings: () => Settings;
  policy: () => AppPolicyState;
  fetchFor: (profile: ConnectionProfile | null) => HttpFetch;
  resolveProxy: (url: string) => Promise<string>;
  folder: string;
  host: DataHost;
  files: FilePorts;
  clock: Clock;
  log: Log;
};

/** The diagnosis and its bundle, on whatever there is: without a profile, signed out, offline. */
export function createDiagnostics(options: DiagnosticsOptions) {
  const { about, profile, workspace, secrets, mark, settings, policy, folder, files, clock } = options;
  const diagnostics = new Diagnostics({ ...options, work: () => workOf(workspace()), examineKeychain: async () => keychainDoctor(workspace(), await secrets(), mark, path.join(folder, 'cache')).run() });
  /** What the person has seen, so that nothing else is saved. */
  let shown: string | null = null;

  async function bundle(): Promise<string> {
    const here = workspace();
    const session = here?.session.state() ?? null;
    shown = bundleText({
      ...about, settings: settings(), policy: policy(), profile: profile(), report: diagnostics.report(), connection: here?.monitor.state() ?? null, sync: here?.online.pull.state() ?? null,
      session: session === null ? null : { status: session.status, roles: session.status === 'signedIn' ? session.account.roles : [], persistence: session.persistence },
      log: await lastLogLines(folder), now: clock.now(),
    });
    return shown;
  }

  return {
    diagnostics, bundle,
    /** Saves the bundle as it was shown last. @returns null when the person cancelled. @throws AppFailure file.* */
    save: (suggestedName: string): Promise<{ path: string } | null> => saveAs(files, { suggestedName, extension: '.txt', kind: 'Text' }, async () => shown ?? bundle()),
  };
}

export type DiagnosticsDesk = ReturnType<typeof createDiagnostics>;

function workOf(here: Workspace | null): DiagnosedWork {
  if (here === null) return { isUnlocked: false, live: null, pulledAt: null, canPull: true, ping: null };
  const state = here.session.state();
  const isSignedIn = state.status === 'signedIn' && !state.needsSignIn && here.isUnlocked();
  const connection = here.monitor.state();
  const pull = here.online.pull.state();
  return {
    isUnlocked: here.isUnlocked(), pulledAt: pull.finishedAt, canPull: pull.status !== 'unsupported',
    live: !isSignedIn || connection.missingCapabilities.includes('events') ? null : connection.live,
    ping: isSignedIn ? (signal) => here.erp.ping({ signal }) : null,
  };
}
