import { chmod, copyFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, Platform, type Configuration } from 'electron-builder';
import afterPack, { packedBinary } from './after-pack.ts';
import { buildApp } from './build.ts';
import { findElectron, type FoundElectron } from './electron.ts';
import { out, root } from './paths.ts';
import { duration, Failure, runCommand, say } from './say.ts';

/** What a package was made with; also written to a file beside the builds. */
export type PackageNote = { kind: FoundElectron['kind']; electron: string; executable: string };

export const noteFile = join(out, 'package.json');

/**
 * The stand-in's own Node is too old for the database, so a Node of its own lies beside its app, and that one reads no archive: the data host and
 * its native module are real files. Packages with Electron 45 need none of this.
 */
function standInExtras(node: string): Configuration {
  return {
    extraResources: [{ from: node, to: process.platform === 'win32' ? 'node.exe' : 'node' }],
    asarUnpack: ['**/*.node', 'out/files/**', 'out/reports/**', 'out/host/**', '**/node_modules/better-sqlite3/**'],
  };
}

/** @param found the Electron to package with */
export function packageConfig(found: Pick<FoundElectron, 'kind' | 'dist' | 'version'>, options: { node: string; updateUrl?: string | undefined }): Configuration {
  return {
    extends: join(root, 'electron-builder.yml'),
    electronDist: found.dist, electronVersion: found.version,
    ...(found.kind === 'electron-45' ? {} : standInExtras(options.node)),
    ...(options.updateUrl === undefined || options.updateUrl === '' ? {} : { publish: { provider: 'generic' as const, url: options.updateUrl } }),
  };
}

const platforms = { linux: Platform.LINUX, win32: Platform.WINDOWS, darwin: Platform.MAC };

/**
 * Packages the app. As a folder (the default) it can be started in place and is what the test looks at; with `installers` everything this
 * platform ships is built, which only the product's own Electron is good for.
 * @throws Failure when installers are asked for without Electron 45
 */
export async function packageApp(options: { installers?: boolean } = {}): Promise<PackageNote> {
  const started = performance.now();
  const platform = platforms[process.platform as keyof typeof platforms] as Platform | undefined;
  if (platform === undefined) throw new Failure(`There are no packages for ${process.platform}.`);
  const found = await findElectron();
  if (options.installers === true && found.kind !== 'electron-45') throw new Failure(`Installers are built with Electron 45 only, and here is ${found.version}: ${found.why}.`);
  await buildApp();
  // On a path of its own, because the one in node_modules can be a link.
  const node = join(out, 'node-for-package');
  await copyFile(process.execPath, node);
  await chmod(node, 0o755);
  let executable: string | undefined;
  const config: Configuration = {
    ...packageConfig(found, { node, updateUrl: process.env['VALEO_UPDATE_URL'] }),
    afterPack: async (context) => {
      await afterPack(context);
      executable = packedBinary(context);
    },
  };
  try {
    await build({ projectDir: root, publish: 'never', targets: options.installers === true ? platform.createTarget() : platform.createTarget('dir'), config });
  } finally {
    await rm(node, { force: true });
  }
  if (executable === undefined) throw new Failure('electron-builder ended without an app.');
  const note: PackageNote = { kind: found.kind, electron: found.version, executable };
  await writeFile(noteFile, JSON.stringify(note, null, 2));
  say(`Packaged in ${duration(performance.now() - started)}: ${relative(root, note.executable)}`);
  return note;
}

if (import.meta.main) {
  await runCommand(async () => {
    const unknown = process.argv.slice(2).filter((argument) => argument !== '--installers');
    if (unknown.length > 0) throw new Failure(`Unknown option ${unknown.join(' ')}.\nUsage: npm run package [-- --installers]`);
    await packageApp({ installers: process.argv.includes('--installers') });
    return 0;
  });
}
