import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { connectionProfileSchema, type ConnectionProfile } from '../../shared/domain/profile.ts';
import type { AppError } from '../../shared/ipc/errors.ts';
import { systemClock, type Clock, type HttpFetch } from '../../main/erp/ports.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import type { Jobs } from '../../main/jobs.ts';
import { silentLog } from '../../main/log/log.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { Workspace } from '../../main/workspace.ts';
import { testJobs } from './test-jobs.ts';
import { startBackend, type Backend, type BackendOptions } from '../backend/index.ts';
import { submitLoginForm } from '../backend/login.ts';

const hostEntry = fileURLToPath(new URL('../../main/host/index.ts', import.meta.url));

/** The services of one PC: real HTTP, real sign-in, real encrypted database; only the keychain is in memory. */
export type Pc = { workspace: Workspace; host: DataHost; jobs: Jobs; notices: AppError[]; as(name: string): Promise<void>; pulled(): Promise<void> };

/** A real server and PCs that work with it; `end` ends them all. */
export type World = { backend: Backend; pc(options?: { clock?: Clock; fetch?: HttpFetch; profile?: Partial<ConnectionProfile> }): Promise<Pc>; end(): Promise<void> };

const fetchOf: HttpFetch = (url, init) => fetch(url, init);

/** Starts a server with few documents and without limits, unless told otherwise. */
export async function startWorld(options: BackendOptions = {}): Promise<World> {
  const backend = await startBackend({ documents: 120, seed: 3, rateLimits: false, ...options });
  const folder = await mkdtemp(path.join(tmpdir(), 'valeo-world-'));
  const running: Pc[] = [];
  return {
    backend,
    async pc({ clock = systemClock, fetch: send = fetchOf, profile = {} } = {}) {
      const notices: AppError[] = [];
      const host = createDataHost({ spawn: () => spawnNodeHost(hostEntry), log: silentLog, onReopen: async () => null });
      let user = '';
      const jobs = testJobs(clock);
      const workspace = new Workspace({
        profile: connectionProfileSchema.parse({ id: 'it', name: 'IT', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId, ...profile }),
        folder: path.join(folder, String(running.length)), store: createMemoryStore(), persistence: { kind: 'keychain' }, host, clock, jobs, log: silentLog, notice: (error) => notices.push(error), fetch: send, graceMs: () => 72 * 3_600_000,
        openBrowser: async (url) => {
          const account = backend.users.find(({ name }) => name === user);
          void submitLoginForm(new URL(url), account ?? null).then((callback) => fetch(callback)).then((answer) => answer.text());
        },
      });
      await workspace.securityCentre.open();
      const made: Pc = {
        workspace, host, jobs, notices,
        async as(name) {
          user = name;
          await workspace.session.signIn();
          await workspace.settled();
        },
        async pulled() {
          await expect.poll(() => workspace.online.pull.state().finishedAt !== null || workspace.online.pull.state().status === 'unsupported', { timeout: 20_000 }).toBe(true);
        },
      };
      running.push(made);
      return made;
    },
    async end() {
      for (const { workspace, host } of running.splice(0)) {
        await workspace.dispose();
        await host.dispose();
      }
      await backend.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
