import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, cp, link, mkdir, mkdtemp, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { out } from './paths.ts';

/**
 * Lays out an Electron for one app: the stand-in starts only what lies in its `resources/app`, and several clones and suites may use the
 * cached one at once, so each app gets a tree of its own whose files are hard links (or copies, across disks) and whose
 * `resources/app` is a link to the app.
 * @param dist folder of an unpacked Electron
 * @param appDir folder with the app's package.json
 * @returns the tree's executable
 */
export async function layOut(dist: string, appDir: string, base: string = join(out, 'electron')): Promise<string> {
  const key = createHash('sha256').update(`${dist}\0${appDir}`).digest('hex').slice(0, 12);
  const tree = join(base, key);
  const executable = join(tree, 'electron');
  if (await readlink(join(tree, 'resources/app')).catch(() => undefined) === appDir) return executable;
  await mkdir(base, { recursive: true });
  const scratch = await mkdtemp(`${tree}.`);
  await linkFolder(dist, scratch);
  await mkdir(join(scratch, 'resources'), { recursive: true });
  await symlink(appDir, join(scratch, 'resources/app'));
  await rename(scratch, tree).catch(async (error: unknown) => {
    await rm(scratch, { recursive: true, force: true });
    // Another process was faster; its tree is the same.
    if (await readlink(join(tree, 'resources/app')).catch(() => undefined) !== appDir) throw error;
  });
  return executable;
}

async function linkFolder(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) await linkFolder(from, to);
    else if (entry.isSymbolicLink()) await cp(from, to, { verbatimSymlinks: true });
    else await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE));
  }
}
