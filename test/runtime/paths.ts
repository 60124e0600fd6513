import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this clone. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything that is built or written by a run goes here; the folder can be deleted at any time. */
export const out = join(root, 'out');

/** Shared by all clones of one user, because what lies here is large and never changes. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base !== undefined && base.startsWith('/') ? base : join(homedir(), '.cache'), 'valeo-neuroerp-admin');
}
