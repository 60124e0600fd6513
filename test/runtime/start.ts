import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { startBackend } from '../backend/index.ts';
import type { Account } from './browser.ts';
import { buildApp } from './build.ts';
import { hasDisplay, startDisplay } from './display.ts';
import { findElectron, type Prepared } from './electron.ts';
import { tail } from './exec.ts';
import { startKeyring } from './keyring.ts';
import { appEnvironment, launchApp, prepareElectron } from './launch.ts';
import { mainJob } from './main-job.ts';
import { out, root } from './paths.ts';
import { Failure, runCommand, say } from './say.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';
import { needsNoSandbox } from './system.ts';
import { runWalk } from './walk.ts';

/** The same each time, so that a person's demo keeps its server address, and with it session and cache. */
const demoPort = 47_815;

type Server = { profile: string; accounts: readonly Account[]; close(): Promise<void> };

/** Ends what was started, last first, whatever happens in between. */
class Stack {
  readonly #ends: (() => Promise<void>)[] = [];
  add<T extends { close(): Promise<void> }>(resource: T): T {
    this.#ends.push(() => resource.close());
    return resource;
  }
  async close(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end().catch((error: unknown) => say(`While ending: ${String(error)}`));
  }
}

/** Runs the reference backend in this process and writes the profile file that leads to it. */
async function embeddedServer(folder: string, port: number): Promise<Server> {
  say('Starting the embedded ERP and identity provider …');
  const options = { data: join(folder, 'backend') };
  const backend = await startBackend({ ...options, port }).catch((error: unknown) => {
    // Somebody else has our usual port: any other works, only that the app then takes it for another server.
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return startBackend({ ...options, port: 0 });
    throw error;
  });
  const profile = join(folder, 'profile.json');
  await writeFile(profile, JSON.stringify({
    id: 'demo', name: 'Demo', environment: 'demo', provider: 'generic',
    erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId,
    demoAccounts: backend.users.map(({ name, password, roles }) => ({ name, password, roles })),
  }, null, 2));
  return { profile, accounts: backend.users, close: () => backend.close() };
}

/** The server of a profile file. The file itself is checked by the app; only the accounts for the walk are read here. */
async function givenServer(file: string): Promise<Server> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Failure(`The profile file ${file} cannot be read.`);
  });
  try {
    const { demoAccounts = [] } = JSON.parse(text) as { demoAccounts?: Account[] };
    return { profile: resolve(file), accounts: demoAccounts, close: () => Promise.resolve() };
  } catch {
    throw new Failure(`The profile file ${file} is not valid JSON.`);
  }
}

function listAccounts(accounts: readonly Account[]): void {
  if (accounts.length === 0) return;
  say('Sign in as one of these accounts (name / password):');
  for (const { name, password } of accounts) say(`  ${name.padEnd(12)} ${password}`);
}

function untilAskedToEnd(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });
}

function debugging(options: StartOptions): string[] {
  return options.cdpPort === undefined ? [] : [`--remote-debugging-port=${options.cdpPort}`];
}

/** On a desktop: the app in the person's own session, with their keychain, until they close it. */
async function runForPerson(electron: Prepared, server: Server, options: StartOptions, userData: string): Promise<number> {
  const log = join(out, 'start/app.log');
  const args = [...electron.args, `--user-data=${userData}`, `--profile=${server.profile}`, ...debugging(options), ...(needsNoSandbox() ? ['--no-sandbox'] : [])];
  const { LANG, LANGUAGE } = process.env;
  const child = spawn(electron.executable, args, {
    cwd: root, stdio: ['ignore', 'pipe', 'pipe'],
    env: appEnvironment({ env: { LANG: LANG ?? '', LANGUAGE: LANGUAGE ?? LANG ?? '' } }),
  });
  const file = createWriteStream(log);
  let last = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      file.write(chunk);
      last = (last + chunk.toString('utf8')).slice(-4000);
    });
  }
  say(`The app is running; what it prints goes to ${relative(root, log)}. Close its window or press Ctrl+C to end.`);
  listAccounts(server.accounts);
  void untilAskedToEnd().then(() => child.kill('SIGTERM'));
  const code = await new Promise<number>((done, fail) => {
    child.once('error', (error) => fail(new Failure(`The app could not be started: ${error.message}`)));
    child.once('close', (exit, signal) => done(signal === null ? (exit ?? 1) : 0));
  });
  file.end();
  if (code !== 0) throw new Failure(`The app ended with code ${code}. Its last lines:\n${tail(last)}`);
  return 0;
}

/** Without a desktop: walks the main job once on a screen and a keychain of our own. */
async function runWalking(electron: Prepared, server: Server, options: StartOptions, userData: string, stack: Stack): Promise<number> {
  const display = stack.add(await startDisplay({ always: options.headless }));
  const keyring = process.platform === 'linux' ? stack.add(await startKeyring('unlocked')) : undefined;
  const asked = untilAskedToEnd();
  const app = stack.add(await launchApp({
    electron, userData, profile: server.profile, display: display.env, args: debugging(options), ...(keyring === undefined ? {} : { keyring }),
  }));
  say(server.accounts.length === 0 ? 'The profile names no demo accounts, so only the start is looked at:' : 'Walking through the main job:');
  const steps = server.accounts.length === 0 ? mainJob.slice(0, 1) : mainJob;
  const succeeded = await runWalk({ app, accounts: server.accounts, folder: join(out, 'walk'), notes: new Map() }, steps);
  if (options.once || !succeeded) {
    say(succeeded ? 'Everything worked.' : 'The walk stopped at the step marked ✗.');
    return succeeded ? 0 : 1;
  }
  say('Everything worked. The app stays up; press Ctrl+C to end.');
  await Promise.race([asked, new Promise<void>((done) => app.app.once('close', () => done()))]);
  return 0;
}

async function main(): Promise<number> {
  const options = parseStartOptions(process.argv.slice(2));
  const walking = options.headless || options.once || !hasDisplay();
  const stack = new Stack();
  try {
    const found = await findElectron({
      needs: walking ? ['display', 'keyring', 'browser'] : ['desktop'],
      ...(options.electron === undefined ? {} : { explicitPath: options.electron }),
    });
    await buildApp();
    const electron = await prepareElectron(found);
    // A walk starts from nothing each time; a person finds what they left.
    const folder = join(out, walking ? 'walk/state' : 'start');
    if (walking) await rm(join(out, 'walk'), { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const server = stack.add(options.profile === undefined ? await embeddedServer(folder, walking ? 0 : demoPort) : await givenServer(options.profile));
    const userData = resolve(options.userData ?? join(folder, 'user-data'));
    return walking ? await runWalking(electron, server, options, userData, stack) : await runForPerson(electron, server, options, userData);
  } finally {
    await stack.close();
  }
}

await runCommand(main);
