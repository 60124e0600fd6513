import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listPackage } from '@electron/asar';
import { signInWithBrowser } from '../runtime/browser.ts';
import { packagedFuses, readFuses } from '../runtime/fuses.ts';
import { appArguments, appEnvironment } from '../runtime/launch.ts';
import { packageApp, type PackageNote } from '../runtime/package.ts';
import { call, expect, test } from './fixtures.ts';

/** The package as it is shipped cannot be driven by Playwright: that is what two of these tests check. So it is judged by what it does. */
let made: PackageNote;

type Ended = { code: number | null; output: string };

function startPackaged(args: string[], env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const binary = process.platform === 'darwin' ? join(made.executable, 'Contents/MacOS/VALEO NeuroERP Admin') : made.executable;
  // Outside of the repository there is no Node to fall back to: the package must bring what it needs.
  const { VALEO_NODE: _node, ...environment } = appEnvironment({ env });
  const child = spawn(binary, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
  return { child, ended: new Promise((done) => { child.once('close', (code) => done({ code, output })); }) };
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(180_000);
  made = await packageApp();
});

test('every fuse of the built binary is set as decided', async () => {
  const fuses = await readFuses(made.executable);
  expect(Object.keys(fuses).length).toBeGreaterThanOrEqual(8);
  expect(packagedFuses).toMatchObject(fuses);
  if (made.kind === 'electron-45') expect(fuses).toEqual(packagedFuses);
});

test('the package holds the bundles and the native modules, and nothing else', () => {
  const resources = process.platform === 'darwin' ? join(made.executable, 'Contents/Resources') : join(dirname(made.executable), 'resources');
  const files = listPackage(join(resources, 'app.asar'), { isPack: false }).map((file) => file.replaceAll('\\', '/').replace(/^\//, ''));
  expect(files).toEqual(expect.arrayContaining(['package.json', 'out/main/index.cjs', 'out/host/index.cjs', 'out/preload/index.cjs', 'out/renderer/index.html']));
  expect(files.filter((file) => /\.(map|ts|tsx)$|^(test|main|shared|renderer)\//.test(file))).toEqual([]);
  const modules = files.map((file) => /^node_modules\/([^/]+)$/.exec(file)?.[1]).filter((name) => name !== undefined);
  expect(modules.toSorted()).toEqual(['better-sqlite3', 'keytar']);
  expect(files.filter((file) => file.endsWith('.node'))).toHaveLength(2);
});

for (const argument of ['--remote-debugging-port=9229', '--inspect=0', '--js-flags=--expose-gc']) {
  test(`it refuses to start with ${argument}`, async ({ baseURL: _ }, info) => {
    const { ended } = startPackaged([...appArguments({}, info.outputPath('user-data')), argument]);
    const { code, output } = await ended;
    expect(code).toBe(64);
    expect(output).toContain('is not allowed');
    expect(output).not.toMatch(/DevTools listening|Debugger listening/);
  });
}

test('it does not run as a plain Node', async ({ baseURL: _ }, info) => {
  const { child, ended } = startPackaged([...appArguments({}, info.outputPath('user-data')), '-e', 'console.log(6 * 7 + "-ran-as-node")'], { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require=/nonexistent.js' });
  const timer = setTimeout(() => child.kill('SIGTERM'), 5000);
  const { output } = await ended;
  clearTimeout(timer);
  expect(output).not.toContain('42-ran-as-node');
  expect(output).not.toContain('/nonexistent.js');
});

test('it starts, takes up the session and opens the encrypted cache', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  // Somebody signs in and works; the app is then replaced by the packaged one, as an update does.
  const before = await installation.start();
  const account = backend.users.find(({ name }) => name === 'sales');
  if (account === undefined) throw new Error('the backend has no sales account');
  const signedIn = call(before, 'session.signIn');
  await signInWithBrowser(await before.nextUrl(), account);
  expect(await signedIn).toMatchObject({ ok: true });
  await before.close();
  const log = async (): Promise<string> => readFile(join(installation.userData, 'logs/app.log'), 'utf8');
  const starts = async (): Promise<number> => (await log()).split('"message":"started"').length - 1;
  const startsBefore = await starts();
  const { child, ended } = startPackaged(appArguments({ profile: installation.profile }, installation.userData));
  const sinceStart = async (): Promise<string> => (await log()).split('"started"').at(-1) ?? '';
  try {
    await expect.poll(starts, { timeout: 20_000 }).toBe(startsBefore + 1);
    // The lock has something to guard as soon as the cache is open, and not before.
    await expect.poll(sinceStart, { timeout: 20_000 }).toContain('"state":"unlocked"');
    // It stays up: a host that cannot load its native module ends at once and again.
    await new Promise((resolve) => { setTimeout(resolve, 3000); });
    expect(child.exitCode).toBeNull();
    expect(await sinceStart()).not.toMatch(/data host ended unexpectedly|database damaged|keeps crashing|the renderer is gone/);
  } finally {
    child.kill('SIGTERM');
  }
  expect((await ended).output).not.toMatch(/Cannot find module|is not a valid/);
});
