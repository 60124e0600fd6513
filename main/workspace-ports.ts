import type { ConnectionProfile } from '../shared/domain/profile.ts';
import type { Persistence } from '../shared/domain/session.ts';
import type { AppError } from '../shared/ipc/errors.ts';
import type { ThrowAwayCaches } from './documents/throw-away.ts';
import type { Clock, HttpFetch } from './erp/ports.ts';
import type { DataHost } from './host/client.ts';
import type { Jobs } from './jobs.ts';
import type { Log } from './log/log.ts';
import type { SecretStore } from './secrets/store.ts';

/** What a workspace is built on. */
export type WorkspacePorts = {
  profile: ConnectionProfile;
  /** Folder of this installation's user data. */
  folder: string;
  store: SecretStore;
  persistence: Persistence;
  fetch: HttpFetch;
  openBrowser: (url: string) => Promise<void>;
  host: DataHost;
  jobs: Jobs;
  clock: Clock;
  log: Log;
  notice: (error: AppError) => void;
  /** How long the cache opens after the last contact with a server, in milliseconds. */
  graceMs: () => number;
  /** Told after the keychain has got a database key. */
  keyStored?: () => Promise<void>;
  /** Caches of a run without keychain that outlive this workspace; its own unless given. */
  throwAway?: ThrowAwayCaches;
  /** Resolves when the servers may be asked without being asked for; at once unless given. */
  calm?: Promise<void>;
};

/** How the cache of whoever is signed in is opened after it was not, or was locked. */
export type CacheOpening = { kind: 'keychain' } | { kind: 'recoveryKey'; text: string } | { kind: 'fresh' };
