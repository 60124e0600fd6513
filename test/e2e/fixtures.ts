import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { startBackend, type BackendOptions } from '../backend/index.ts';
import { lock, signIn } from '../runtime/hands.ts';
import { launchApp, type LaunchedApp, type LaunchOptions } from '../runtime/launch.ts';

export { expect };

export type Backend = Awaited<ReturnType<typeof startBackend>>;

/** One installation on one PC: its profile, its user data, and the app that runs on it. */
export type Installation = {
  folder: string;
  userData: string;
  profile: string;
  /** @param options.isFresh without any profile, as after the installation */
  start(options?: Partial<LaunchOptions> & { isFresh?: boolean }): Promise<LaunchedApp>;
};

type Fixtures = {
  /** Starts a reference backend that ends with the test. */
  serve: (options?: BackendOptions) => Promise<Backend>;
  /** Makes an installation whose apps end with the test. */
  install: (backend: Pick<Backend, 'erp' | 'issuer' | 'clientId'>, change?: Record<string, unknown>) => Promise<Installation>;
};

export const test = base.extend<Fixtures>({
  serve: async ({ baseURL: _ }, use) => {
    const running: Backend[] = [];
    await use(async (options) => {
      const backend = await startBackend({ documents: 300, seed: 7, rateLimits: false, ...options });
      running.push(backend);
      return backend;
    });
    for (const backend of running) await backend.close();
  },
  install: async ({ baseURL: _ }, use, info) => {
    const apps: LaunchedApp[] = [];
    const folders: string[] = [];
    await use(async (backend, change) => {
      const folder = await mkdtemp(join(tmpdir(), 'valeo-e2e-'));
      folders.push(folder);
      const userData = join(folder, 'user-data');
      const profile = join(folder, 'profile.json');
      const content = { id: 'e2e', name: 'Prüfstand', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId, ...change };
      await writeFile(profile, JSON.stringify(content));
      return {
        folder, userData, profile,
        async start({ isFresh = false, ...options } = {}) {
          const app = await launchApp({ ...(isFresh ? {} : { profile }), userData, ...options });
          apps.push(app);
          return app;
        },
      };
    });
    if (info.status !== info.expectedStatus) for (const app of apps) await tellState(app);
    for (const app of apps) await app.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
});

/** What a person would have seen, and what the app last wrote: whoever reads the output of a failed run elsewhere has nothing else. */
async function tellState({ page, userData }: LaunchedApp): Promise<void> {
  const seen = await page.locator('body').innerText({ timeout: 2_000 }).catch(() => 'closed');
  const log = (await readFile(join(userData, 'logs', 'app.log'), 'utf8').catch(() => '')).trimEnd().split('\n');
  process.stdout.write(`── the window ──\n${seen.slice(0, 3_000)}\n── the last lines of its log ──\n${log.slice(-25).join('\n')}\n`);
}

/** Signs in as one of the backend's accounts, through the system browser. */
export async function signInAs(app: LaunchedApp, backend: Pick<Backend, 'users'>, name: string): Promise<void> {
  const account = backend.users.find((user) => user.name === name);
  if (account === undefined) throw new Error(`no account ${name}`);
  await signIn(app, account);
}

/** Makes one call as the renderer would, for what no screen shows yet. */
export async function call(app: LaunchedApp, name: string, input?: unknown): Promise<{ ok: boolean; value?: unknown; error?: { code: string } }> {
  return app.page.evaluate(([n, i]) => (globalThis as unknown as { valeo: { call(name: unknown, input: unknown): Promise<never> } }).valeo.call(n, i), [name, input] as const);
}

/** Locks as a person does, and waits until the main process has locked too. */
export async function lockNow(app: LaunchedApp): Promise<void> {
  await lock(app.page);
  await expect.poll(async () => (await call(app, 'lock.state')).value).toMatchObject({ status: 'locked' });
}
