import { fileURLToPath } from 'node:url';
import { connectionProfileSchema } from '../../shared/domain/profile.ts';
import type { Persistence } from '../../shared/domain/session.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import { systemClock, type Clock, type HttpFetch } from '../../main/erp/ports.ts';
import type { ThrowAwayCaches } from '../../main/documents/throw-away.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import type { MemoryStore } from '../../main/secrets/memory.ts';
import { Workspace } from '../../main/workspace.ts';
import { testJobs } from './test-jobs.ts';
import type { startBackend } from '../backend/index.ts';
import { submitLoginForm } from '../backend/login.ts';

export type Desk = { workspace: Workspace; host: DataHost; notices: AppError[] };

export async function end({ workspace, host }: Desk): Promise<void> {
  await workspace.dispose();
  await host.dispose();
}

export type DeskOptions = {
  folder: string;
  backend: Awaited<ReturnType<typeof startBackend>>;
  store: MemoryStore;
  clock?: Clock;
  /** The network; the real one unless given. */
  fetch?: HttpFetch;
  persistence?: Persistence;
  /** Who signs in at the browser; asked each time where it changes. */
  user?: string | (() => string);
  /** Of the connection; another one is another profile of the same app. */
  profileId?: string;
  /** What an app shares among its connections, one after the other; its own unless given. */
  shared?: { host: DataHost; throwAway: ThrowAwayCaches };
};

/** The services of one PC on a keychain that the test holds in its hand. */
export function openDesk({ folder, backend, store, clock = systemClock, fetch: network = (url, init) => fetch(url, init), user = 'sales', persistence = { kind: 'keychain' }, profileId = 'it', shared }: DeskOptions): Desk {
  const notices: AppError[] = [];
  const host: DataHost = shared?.host ?? createDataHost({ spawn: () => spawnNodeHost(fileURLToPath(new URL('../../main/host/index.ts', import.meta.url))), log: silentLog, onReopen: () => workspace.cache.reopenParams() });
  const workspace: Workspace = new Workspace({
    profile: connectionProfileSchema.parse({ id: profileId, name: 'IT', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId }),
    folder, store, persistence, host, clock, jobs: testJobs(clock), log: silentLog, notice: (error) => notices.push(error), graceMs: () => 72 * 3_600_000, fetch: network,
    ...(shared === undefined ? {} : { throwAway: shared.throwAway }),
    openBrowser: async (url) => {
      const account = backend.users.find(({ name }) => name === (typeof user === 'string' ? user : user())) ?? null;
      void submitLoginForm(new URL(url), account).then((callback) => fetch(callback)).then((answer) => answer.text());
    },
  });
  return { workspace, host, notices };
}
