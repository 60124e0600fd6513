import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { appHost, appScheme, rendererHeaders } from './csp.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Must run before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true } }]);
}

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

/** Serves the built renderer with its security headers. */
export function serveApp(root: string): void {
  protocol.handle(appScheme, async (request) => {
    const file = request.method === 'GET' ? resolveAppFile(root, request.url) : null;
    if (file === null) return new Response('not found', { status: 404, headers: rendererHeaders });
    try {
      const body = await readFile(file);
      return new Response(new Uint8Array(body), { headers: { ...rendererHeaders, 'Content-Type': contentTypes[path.extname(file)] ?? '' } });
    } catch {
      return new Response('not found', { status: 404, headers: rendererHeaders });
    }
  });
}
