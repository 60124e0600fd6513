import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run, tail } from './exec.ts';
import { root } from './paths.ts';
import { Failure, say } from './say.ts';

/** Chromium's sandbox refuses to run as root; everybody else keeps it. */
export function needsNoSandbox(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/** What a command needs from the machine. */
export type Need = 'electron' | 'desktop' | 'display' | 'keyring' | 'browser' | 'monitoring';

/** A missing piece: what it is in a person's words and the Debian packages that bring it, the first existing name wins. */
export type Missing = { what: string; packages: string[] };

/** Debian package of each system library that an Electron is linked with. Newer releases renamed some (`…t64`). */
const libraryPackages: Record<string, string[]> = {
  'libnss3.so': ['libnss3'], 'libnssutil3.so': ['libnss3'], 'libsmime3.so': ['libnss3'], 'libnspr4.so': ['libnspr4'],
  'libgtk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'], 'libgdk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libgdk_pixbuf-2.0.so.0': ['libgdk-pixbuf-2.0-0'], 'libgio-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libglib-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'], 'libgobject-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgmodule-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'], 'libatk-1.0.so.0': ['libatk1.0-0t64', 'libatk1.0-0'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'], 'libatspi.so.0': ['libatspi2.0-0t64', 'libatspi2.0-0'],
  'libcups.so.2': ['libcups2t64', 'libcups2'], 'libasound.so.2': ['libasound2t64', 'libasound2'], 'libdrm.so.2': ['libdrm2'], 'libgbm.so.1': ['libgbm1'],
  'libdbus-1.so.3': ['libdbus-1-3'], 'libexpat.so.1': ['libexpat1'], 'libcairo.so.2': ['libcairo2'], 'libpango-1.0.so.0': ['libpango-1.0-0'],
  'libpangocairo-1.0.so.0': ['libpangocairo-1.0-0'], 'libxkbcommon.so.0': ['libxkbcommon0'], 'libudev.so.1': ['libudev1'],
  'libX11.so.6': ['libx11-6'], 'libX11-xcb.so.1': ['libx11-xcb1'], 'libxcb.so.1': ['libxcb1'], 'libXcomposite.so.1': ['libxcomposite1'],
  'libXdamage.so.1': ['libxdamage1'], 'libXext.so.6': ['libxext6'], 'libXfixes.so.3': ['libxfixes3'], 'libXrandr.so.2': ['libxrandr2'],
  'libXtst.so.6': ['libxtst6'], 'libXss.so.1': ['libxss1'], 'libuuid.so.1': ['libuuid1'], 'libsecret-1.so.0': ['libsecret-1-0'],
  'libgcc_s.so.1': ['libgcc-s1'], 'libstdc++.so.6': ['libstdc++6'],
};

/** Names of the libraries that `ldd` did not find. */
export function missingLibraries(lddOutput: string): string[] {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}

/** The packages for missing libraries, each once. A library we do not know is reported by its name alone. */
export function libraryNeeds(libraries: readonly string[]): Missing[] {
  const needs = new Map<string, Missing>();
  for (const library of libraries) {
    const packages = libraryPackages[library] ?? [];
    const key = packages[0] ?? library;
    if (!needs.has(key)) needs.set(key, { what: library, packages });
  }
  return [...needs.values()];
}

async function onPath(program: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder !== '' && await access(join(folder, program), constants.X_OK).then(() => true, () => false)) return true;
  }
  return false;
}

async function linkedLibraries(binary: string): Promise<Missing[]> {
  const ldd = await run('ldd', [binary], { timeout: 20_000 }).catch(() => undefined);
  return ldd === undefined ? [] : libraryNeeds(missingLibraries(ldd.stdout));
}

/** Programs, and the packages that bring them. */
const programs: Record<'desktop' | 'display' | 'keyring' | 'monitoring', { program: string; missing: Missing }[]> = {
  desktop: [{ program: 'xdg-open', missing: { what: 'xdg-open (opens the browser for the sign-in)', packages: ['xdg-utils'] } }],
  display: [{ program: 'Xvfb', missing: { what: 'Xvfb (stands in for a screen)', packages: ['xvfb'] } }],
  monitoring: [
    { program: 'prometheus', missing: { what: 'prometheus (measures in the tests of the metrics)', packages: ['prometheus'] } },
    { program: 'prometheus-alertmanager', missing: { what: 'prometheus-alertmanager (holds alerts in their tests)', packages: ['prometheus-alertmanager'] } },
  ],
  keyring: [
    { program: 'gnome-keyring-daemon', missing: { what: 'gnome-keyring (the keychain of the tests)', packages: ['gnome-keyring'] } },
    { program: 'dbus-run-session', missing: { what: 'dbus-run-session (the tests\' own session bus)', packages: ['dbus'] } },
    { program: 'dbus-send', missing: { what: 'dbus-send', packages: ['dbus-bin', 'dbus'] } },
  ],
};

/** Browsers that Playwright can drive for the sign-in, by preference. */
export const browserNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable'];

/** Finds out what is missing on a Linux machine. Other systems bring everything along. @param electron its executable, once it is there */
export async function findMissing(needs: readonly Need[], electron?: string): Promise<Missing[]> {
  if (process.platform !== 'linux') return [];
  const missing: Missing[] = [];
  for (const need of needs) {
    if (need === 'electron') {
      if (electron !== undefined) missing.push(...await linkedLibraries(electron));
      missing.push(...await linkedLibraries(join(root, `node_modules/keytar/prebuilds/linux-${process.arch}/keytar.node`)));
      if (!(await hasFonts())) missing.push({ what: 'a font', packages: ['fonts-liberation'] });
    } else if (need === 'browser') {
      const found = await Promise.all(browserNames.map(onPath));
      if (!found.some(Boolean)) missing.push({ what: 'a browser for the sign-in', packages: ['chromium'] });
    } else {
      for (const { program, missing: piece } of programs[need]) if (!(await onPath(program))) missing.push(piece);
    }
  }
  return [...new Map(missing.map((piece) => [piece.what, piece])).values()];
}

/** Without any font, Chromium paints boxes instead of letters. */
async function hasFonts(): Promise<boolean> {
  const found = await run('find', ['/usr/share/fonts', '/usr/local/share/fonts', '-name', '*.[to]tf', '-print', '-quit'], { timeout: 10_000 }).catch(() => undefined);
  return found !== undefined && found.stdout.trim() !== '';
}

export async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && await onPath('apt-get');
}

/** The command a person runs where we may not, or undefined when nothing we know of would help. */
export function installCommand(packages: readonly string[]): string | undefined {
  return packages.length === 0 ? undefined : `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** The last two keep packages from starting their services: we run their programs ourselves, with folders of our own. */
const quiet = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', SYSTEMD_OFFLINE: '1', NEEDRESTART_MODE: 'a', APT_LISTCHANGES_FRONTEND: 'none' };
const aptOptions = ['-y', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3'];

/** Picks for each piece the package name that this release knows. */
async function chooseNames(missing: readonly Missing[]): Promise<string[]> {
  const names: string[] = [];
  for (const { packages } of missing) {
    let chosen = packages[0];
    for (const name of packages.length > 1 ? packages : []) {
      const policy = await run('apt-cache', ['policy', name], { timeout: 30_000, env: { ...process.env, LC_ALL: 'C' } });
      if (/Candidate: (?!\(none\))/.test(policy.stdout)) {
        chosen = name;
        break;
      }
    }
    if (chosen !== undefined && !names.includes(chosen)) names.push(chosen);
  }
  return names;
}

async function install(missing: readonly Missing[]): Promise<void> {
  const env = { ...process.env, ...quiet };
  const update = await run('apt-get', ['update', ...aptOptions], { env, timeout: 5 * 60_000 });
  const names = await chooseNames(missing);
  say(`Installing ${names.join(', ')} (apt-get) …`);
  const result = await run('apt-get', ['install', '--no-install-recommends', ...aptOptions, ...names], { env, timeout: 15 * 60_000 });
  if (result.code === 0) return;
  const reason = tail(result.timedOut ? 'it took longer than 15 minutes' : result.stderr || result.stdout || update.stderr, 3);
  throw new Failure(`The system packages could not be installed (${reason}). Run this yourself and start again:\n  ${installCommand(names) ?? ''}`);
}

/**
 * Makes sure that the machine has what is needed. As root on Debian the missing packages are installed; everywhere else the exact
 * command is named.
 * @throws Failure naming what is missing and the command that installs it
 */
export async function ensureSystem(needs: readonly Need[], electron?: string): Promise<void> {
  const missing = await findMissing(needs, electron);
  if (missing.length === 0) return;
  const names = missing.map(({ what }) => what).join(', ');
  const installable = missing.filter(({ packages }) => packages.length > 0);
  const debian = await isDebian();
  if (debian && installable.length === missing.length && process.getuid?.() === 0) {
    say(`Missing on this machine: ${names}.`);
    await install(missing);
    const still = await findMissing(needs, electron);
    if (still.length > 0) throw new Failure(`Still missing after the installation: ${still.map(({ what }) => what).join(', ')}. Please install it by hand and start again.`);
    return;
  }
  const command = debian ? installCommand(await chooseNames(installable)) : undefined;
  throw new Failure(command === undefined
    ? `Missing on this machine: ${names}. Please install it with the system's package manager and start again.`
    : `Missing on this machine: ${names}. Install it with this command and start again:\n  ${command}`);
}
