import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { FoundElectron, Prepared } from './electron.ts';
import { sleep } from './exec.ts';
import { createHandoff } from './handoff.ts';
import type { Keyring } from './keyring.ts';
import { root } from './paths.ts';
import { Failure } from './say.ts';
import { needsNoSandbox } from './system.ts';

export type LaunchOptions = {
  /** The Electron to use; in the e2e suite the one its setup found. */
  electron?: Prepared;
  /** Profile file that the app opens with. */
  profile?: string;
  /** Folder for everything the app writes; a fresh one when left out, removed again at the end. */
  userData?: string;
  locale?: 'de' | 'en';
  /** A keyring from `startKeyring`; the one of this process's session when left out. */
  keyring?: Pick<Keyring, 'env'>;
  /** Environment of a display from `startDisplay`; the display of this process when left out. */
  display?: Record<string, string>;
  env?: Record<string, string>;
  args?: string[];
  /** Milliseconds until the first window must be there. */
  timeout?: number;
};

export type LaunchedApp = {
  app: ElectronApplication;
  page: Page;
  userData: string;
  /** Everything the app printed so far, newest last. */
  logs: string[];
  /** The next address that the app opens in the system browser. @throws Failure when none comes in time */
  nextUrl(timeout?: number): Promise<string>;
  /** Ends the app as a person would. Its user data stays when the caller named the folder. */
  close(): Promise<void>;
};

const electronVariable = 'VALEO_ELECTRON';

/** Lets the processes of a suite use the Electron that its setup found and laid out. */
export function shareElectron(prepared: Prepared, env: NodeJS.ProcessEnv = process.env): void {
  env[electronVariable] = JSON.stringify(prepared);
}

/** @throws Failure when no setup ran before */
export function sharedElectron(env: NodeJS.ProcessEnv = process.env): Prepared {
  const text = env[electronVariable];
  if (text === undefined) throw new Failure('No Electron was found yet: run the tests with npm run test:e2e or npx playwright test.');
  return JSON.parse(text) as Prepared;
}

/** Finds and lays out the Electron for this clone's app. */
export async function prepareElectron(found: FoundElectron): Promise<Prepared> {
  return found.prepare(root);
}

/** The command line the app is started with, after the Electron's own arguments. */
export function appArguments(options: Pick<LaunchOptions, 'profile' | 'locale' | 'args'>, userData: string): string[] {
  return [
    `--user-data=${userData}`,
    ...(options.profile === undefined ? [] : [`--profile=${resolve(options.profile)}`]),
    `--lang=${options.locale ?? 'de'}`,
    ...(needsNoSandbox() ? ['--no-sandbox'] : []),
    ...(options.args ?? []),
  ];
}

/** The environment of the app. Node's own switches of this process are not the app's. */
export function appEnvironment(options: Pick<LaunchOptions, 'locale' | 'keyring' | 'display' | 'env'>, base: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const inherited = Object.entries(base).filter((entry): entry is [string, string] => entry[1] !== undefined && !/^(NODE_|npm_|ELECTRON_RUN_AS_NODE$)/.test(entry[0]));
  const language = options.locale === 'en' ? 'en_US.UTF-8' : 'de_DE.UTF-8';
  return {
    ...Object.fromEntries(inherited),
    // Chromium takes its language from here, ahead of --lang, on Linux.
    LANG: language, LANGUAGE: language,
    // Runs the data host where Electron's own Node is too old for the database.
    VALEO_NODE: process.execPath,
    ...options.display, ...options.keyring?.env, ...options.env,
  };
}

/** Attaching takes under a second; after this long it is stuck. */
const stuckAfter = 12_000;

type Attached = { app: ElectronApplication; page: Page };

/** Launches, attaches, and makes sure that the page answers. */
async function attachOnce(options: NonNullable<Parameters<typeof _electron.launch>[0]>, timeout: number): Promise<Attached> {
  const app = await _electron.launch({ ...options, timeout });
  try {
    const page = await app.firstWindow({ timeout });
    const answered = page.waitForLoadState('domcontentloaded', { timeout }).then(() => page.evaluate(() => true));
    answered.catch(() => undefined);
    if (await Promise.race([answered, sleep(timeout).then(() => false)])) return { app, page };
    throw new Error('Timeout: the page does not answer');
  } catch (error) {
    app.process().kill('SIGKILL');
    throw error;
  }
}

/**
 * Launches and attaches. About once in fifty starts of Electron 33, Playwright's handshake with the app or with its page
 * never ends although the connections stand and the app is up (a target that waits for a debugger that never lets it go);
 * a fresh start is the only way out. An app that ends by itself is not started again.
 */
async function attach(options: NonNullable<Parameters<typeof _electron.launch>[0]> & { timeout: number }): Promise<Attached> {
  for (let left = options.timeout; ; left -= stuckAfter) {
    try {
      return await attachOnce(options, Math.min(left, stuckAfter));
    } catch (error) {
      const isStuck = error instanceof Error && error.message.includes('Timeout');
      if (!isStuck || left <= stuckAfter) throw error;
    }
  }
}

/**
 * Starts the built app with Playwright attached and waits for its first window.
 * @throws Failure with what the app printed when no window comes in time
 */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const electron = options.electron ?? sharedElectron();
  const timeout = options.timeout ?? 45_000;
  const folder = await mkdtemp(join(tmpdir(), 'valeo-app-'));
  const userData = resolve(options.userData ?? join(folder, 'user-data'));
  await mkdir(userData, { recursive: true });
  const handoff = await createHandoff(folder);
  const env = appEnvironment({ ...options, env: { ...handoff.env, ...options.env } });
  const logs: string[] = [];
  let app: ElectronApplication | undefined;
  let child: ChildProcess | undefined;
  const close = async (): Promise<void> => {
    // An app that hangs while it ends must not hang the suite.
    const hanging = setTimeout(() => child?.kill('SIGKILL'), 10_000);
    await app?.close().catch(() => undefined);
    clearTimeout(hanging);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const attached = await attach({
      executablePath: electron.executable, args: [...electron.args, ...appArguments(options, userData)],
      env, cwd: root, timeout, chromiumSandbox: !needsNoSandbox(),
    });
    ({ app } = attached);
    child = app.process();
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => logs.push(...chunk.toString('utf8').split('\n').filter((line) => line.trim() !== '')));
    }
    await handoff.attach(app);
    return { app, page: attached.page, userData, logs, nextUrl: (wait) => handoff.nextUrl(wait), close };
  } catch (error) {
    await close();
    const said = [error instanceof Error ? error.message.split('\n')[0] : String(error), ...logs.slice(-8)].join('\n');
    throw new Failure(`The app did not show a window within ${timeout / 1000} s. ${said}`);
  }
}
