import { existsSync } from 'node:fs';
import path from 'node:path';
import { protocol } from 'electron';
import { contentTypes, resolveAppFile } from './app-file.ts';
import { appScheme, paperScheme, rendererHeaders } from './csp.ts';

/** `net::ERR_FILE_NOT_FOUND` of Chromium's net_error_list.h. */
const notFound = -6;

/** Must run before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: false, codeCache: true } },
    { scheme: paperScheme, privileges: { standard: true, secure: true, supportFetchAPI: false } },
  ]);
}

/**
 * Serves the built renderer with its security headers. Chromium reads the files by itself: `protocol.handle` would load
 * Node's whole fetch for its `Response`, and bring every byte through this process, just while the window waits for them.
 */
export function serveApp(root: string): void {
  protocol.registerFileProtocol(appScheme, (request, answer) => {
    const file = request.method === 'GET' ? resolveAppFile(root, request.url) : null;
    if (file === null || !existsSync(file)) answer({ error: notFound });
    else answer({ path: file, headers: { ...rendererHeaders, 'Content-Type': contentTypes[path.extname(file)] ?? '' } });
  });
}
