import path from 'node:path';
import { appHost, appScheme } from './csp.ts';

/** The kinds of file that the renderer consists of. */
export const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * The file under `root` that a request names, or null for anything outside of it, another host, or a kind of file that
 * the renderer has no business to load.
 */
export function resolveAppFile(root: string, address: string): string | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== `${appScheme}:` || url.host !== appHost) return null;
  let relative: string;
  try {
    relative = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (relative.includes('\0') || relative.includes('\\')) return null;
  const file = path.join(root, relative === '/' ? 'index.html' : relative);
  if (file !== root && !file.startsWith(root + path.sep)) return null;
  return path.extname(file) in contentTypes ? file : null;
}
