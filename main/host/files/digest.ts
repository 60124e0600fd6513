import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Files of ours are documents; something larger under their name is none. */
const largest = 256 * 1024 * 1024;

/** SHA-256 of a file in hex; null when it is gone, cannot be read, or is no file. */
export async function digestFile(path: string): Promise<string | null> {
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const state = await handle.stat();
    if (!state.isFile() || state.size > largest) return null;
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  } finally {
    await handle.close().catch(() => undefined);
  }
}
