import { app, session, type Session } from 'electron';
import { appOrigin } from './csp.ts';

/** Denies everything a page could ask the browser for; this app needs none of it. */
function denyPermissions(target: Session): void {
  target.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  target.setPermissionCheckHandler(() => false);
  target.setDevicePermissionHandler(() => false);
}

/**
 * Law 1 for every web contents that will ever exist: no navigation away, no second window, no webview, no permission.
 * Must run before the first window.
 */
export function lockDownContents(): void {
  denyPermissions(session.defaultSession);
  app.on('session-created', denyPermissions);
  app.on('web-contents-created', (_created, contents) => {
    contents.on('will-navigate', (event) => {
      if (!event.url.startsWith(`${appOrigin}/`)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

