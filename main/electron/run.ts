import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { app, Menu, nativeTheme, type BrowserWindow } from 'electron';
import { z } from 'zod';
import { AppFailure, appError, type AppError } from '../../shared/ipc/errors.ts';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import { createApp, type App } from '../app.ts';
import { parseCommandLine } from '../config/command-line.ts';
import { JsonFile } from '../config/json-file.ts';
import { readProfileFile } from '../config/profiles.ts';
import { createIpcRouter, type IpcRouter } from '../ipc/router.ts';
import { createLog } from '../log/create.ts';
import { declareAppScheme, serveApp } from './app-protocol.ts';
import { followPower } from './power.ts';
import { appOrigin } from './csp.ts';
import { lockDownContents } from './lockdown.ts';
import { createPaperPorts } from './paper.ts';
import { createPlatform } from './platform.ts';
import type { Bounds } from './bounds.ts';
import { createMainWindow, loadRenderer } from './window.ts';

const boundsSchema = z.object({ width: z.number(), height: z.number(), x: z.number().optional(), y: z.number().optional(), maximized: z.boolean() });
/** Milliseconds after which the services start although the page has not. */
const longestHeadStart = 500;
const firstBounds = { width: 1440, height: 900, maximized: false };

/** A profile named on the command line, or the reason why it cannot be used. */
function givenProfile(file: string | null): { profile: ConnectionProfile | null; notices: AppError[] } {
  if (file === null) return { profile: null, notices: [] };
  try {
    return { profile: readProfileFile(file), notices: [] };
  } catch (error) {
    return { profile: null, notices: [error instanceof AppFailure ? error.error : appError('profile.invalid', { params: { file: path.basename(file), fields: '' } })] };
  }
}

/** Only macOS needs a menu for its editing shortcuts; elsewhere it would be an empty bar. */
function setMenu(): void {
  Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]) : null);
}

/**
 * Runs the app in Electron: window first, services beside it, so that the frame paints while the keychain and the
 * database open. @param bundle folder of the built main process.
 */
export function run(bundle: string): void {
  const commandLine = parseCommandLine(process.argv);
  if (commandLine.userData !== null) app.setPath('userData', path.resolve(commandLine.userData));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  declareAppScheme();
  const userData = app.getPath('userData');
  const { log, close: closeLog } = createLog({ file: { path: path.join(userData, 'logs', 'app.log') } });
  let window: BrowserWindow | null = null;
  let services: App | null = null;
  let router: IpcRouter | null = null;

  const openWindow = (): BrowserWindow => {
    const boundsFile = new JsonFile(path.join(userData, 'window.json'), boundsSchema);
    const { x, y, ...size } = boundsFile.read(firstBounds).value;
    window = createMainWindow({
      preload: path.join(bundle, '..', 'preload', 'index.cjs'),
      title: app.getName(),
      bounds: { ...size, ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) },
      onBounds: (bounds: Bounds) => void boundsFile.write(bounds).catch((error: unknown) => log.warn('the window position was not saved', { err: error })),
    });
    window.once('closed', () => { window = null; });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      log.error('the renderer is gone', { reason });
      // What was saved is on the server and in the cache; what was only typed is lost with the page.
      if (reason !== 'clean-exit' && window !== null) void loadRenderer(window);
    });
    router?.admit(window);
    void loadRenderer(window);
    return window;
  };

  app.on('second-instance', () => {
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });

  void app.whenReady().then(async () => {
    setMenu();
    lockDownContents();
    serveApp(path.join(bundle, '..', 'renderer'));
    const { profile, notices } = givenProfile(commandLine.profileFile);
    services = createApp({
      platform: createPlatform({ userData, hostEntry: path.join(bundle, '..', 'host', 'index.cjs'), window: () => window, paper: createPaperPorts() }),
      givenProfile: profile,
      earlyNotices: notices,
      log,
      openDoor: (handlers, options) => {
        router = createIpcRouter(handlers, { ...options, origin: appOrigin });
        return router;
      },
    });
    followPower(services);
    nativeTheme.themeSource = services.settings.read().theme;
    services.settings.changed.on(({ theme }) => { nativeTheme.themeSource = theme; });
    const loading = openWindow();
    // The page first: until its process runs, it needs this thread more than the keychain and the data host do.
    await Promise.race([once(loading.webContents, 'did-navigate'), sleep(longestHeadStart)]);
    await services.start();
  });

  app.on('activate', () => { if (window === null && services !== null) openWindow(); });
  app.on('window-all-closed', () => app.quit());

  let isEnding = false;
  app.on('will-quit', (event) => {
    if (services === null || isEnding) return;
    event.preventDefault();
    isEnding = true;
    // The database is closed properly, but a hanging network must not keep the app from ending.
    void Promise.race([services.dispose(), new Promise((resolve) => { setTimeout(resolve, 5_000); })]).finally(() => {
      closeLog();
      app.exit(0);
    });
  });
}
