import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file that only its owner may read, so that after a crash at any moment the old or the new content is there.
 * @throws the file system's error; the old content then still stands.
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  // An old one could be readable by others: the mode counts only for a file that is made.
  await rm(beside, { force: true });
  const handle = await open(beside, 'wx', 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
  await syncFolder(path.dirname(file));
}

/** Makes renames and removals in a folder lasting. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The files themselves are flushed; only the moment of the rename is up to the system then.
  }
}
