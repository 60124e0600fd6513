import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { contentTypes, resolveAppFile } from './app-file.ts';
import { appScheme, rendererHeaders } from './csp.ts';

/** Must run before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true } }]);
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
