import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { app, Menu, nativeTheme, type BrowserWindow } from 'electron';
import { parseCommandLine } from '../config/command-line.ts';
import { JsonFile } from '../config/json-file.ts';
import { declareAppScheme, serveApp } from './app-protocol.ts';
import { parseBounds, type Bounds } from './bounds.ts';
import { hostAhead } from './data-host.ts';
import { lockDownContents } from './lockdown.ts';
import type { Running } from './services.ts';
import { createMainWindow, loadRenderer } from './window.ts';

/** Milliseconds after which the services start although the page has not. */
const longestHeadStart = 500;
const firstBounds: Bounds = { width: 1440, height: 900, maximized: false };

/** Only macOS needs a menu for its editing shortcuts; elsewhere it would be an empty bar. Set before the app is ready, or Electron builds its own first. */
function setMenu(): void {
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]) : null);
}

/** The theme of the settings, for the window's first colour; the settings themselves are read with the services. */
function rememberedTheme(userData: string): 'system' | 'light' | 'dark' {
  try {
    const { theme } = JSON.parse(readFileSync(path.join(userData, 'settings.json'), 'utf8')) as { theme?: unknown };
    return theme === 'light' || theme === 'dark' ? theme : 'system';
  } catch {
    return 'system';
  }
}

/**
 * Runs the app in Electron: the window first, and only then the code of the services, so that the page's process starts
 * while this one reads it. What is imported here is therefore small: no schema, no service.
 * @param bundle folder of the built main process.
 */
export function run(bundle: string): void {
  const { userData: givenFolder, profileFile } = parseCommandLine(process.argv);
  if (givenFolder !== null) app.setPath('userData', path.resolve(givenFolder));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  declareAppScheme();
  setMenu();
  const userData = app.getPath('userData');
  const spawnHost = hostAhead(path.join(bundle, '..', 'host', 'index.cjs'));
  let window: BrowserWindow | null = null;
  let running: Running | null = null;

  const openWindow = (): BrowserWindow => {
    const boundsFile = new JsonFile(path.join(userData, 'window.json'), { parse: parseBounds });
    window = createMainWindow({
      preload: path.join(bundle, '..', 'preload', 'index.cjs'),
      title: app.getName(),
      bounds: boundsFile.read(firstBounds).value,
      onBounds: (bounds: Bounds) => void boundsFile.write(bounds).catch((error: unknown) => running?.log.warn('the window position was not saved', { err: error })),
    });
    window.on('close', (event) => { if (running?.services.quitting.mayClose() === false) event.preventDefault(); });
    window.once('closed', () => { window = null; });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      running?.log.error('the renderer is gone', { reason });
      // What was saved is on the server and in the cache; what was only typed is lost with the page.
      if (reason !== 'clean-exit' && window !== null) void loadRenderer(window);
    });
    running?.router.admit(window);
    void loadRenderer(window);
    return window;
  };

  app.on('second-instance', () => {
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });

  void app.whenReady().then(async () => {
    lockDownContents();
    serveApp(path.join(bundle, '..', 'renderer'));
    nativeTheme.themeSource = rememberedTheme(userData);
    const loading = openWindow();
    const arrived = once(loading.webContents, 'did-navigate');
    // No message of the page is handled before this has run: it goes on within the same turn of the event loop.
    const { openServices } = await import('./services.ts');
    running = openServices({ userData, profileFile, spawnHost, window: () => window });
    if (window !== null) running.router.admit(window);
    // The page first: until its process runs, it needs this thread more than the keychain and the data host do.
    await Promise.race([arrived, sleep(longestHeadStart)]);
    await running.services.start();
  });

  app.on('activate', () => { if (window === null && running !== null) openWindow(); });
  app.on('window-all-closed', () => app.quit());

  // Elsewhere a person closes the window; this comes when the program is told to end, which is not argued with.
  app.on('before-quit', () => { if (process.platform !== 'darwin') running?.services.quitting.decide(); });
  let isEnding = false;
  app.on('will-quit', (event) => {
    if (running === null || isEnding) return;
    const { services, closeLog } = running;
    event.preventDefault();
    isEnding = true;
    // The database is closed properly, but a hanging network must not keep the app from ending.
    void Promise.race([services.dispose(), new Promise((resolve) => { setTimeout(resolve, 5_000); })]).finally(() => {
      closeLog();
      app.exit(0);
    });
  });
}
