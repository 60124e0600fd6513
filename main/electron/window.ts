import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { appOrigin } from './csp.ts';
import { fitToScreens, smallestWindow, type Bounds } from './bounds.ts';

/** Makes the window with law 1's preferences and shows it when it has painted, never a white flash. */
export function createMainWindow(options: { preload: string; title: string; bounds: Bounds; onBounds: (bounds: Bounds) => void }): BrowserWindow {
  const { maximized, ...bounds } = fitToScreens(options.bounds, screen.getAllDisplays().map((display) => display.workArea));
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: options.title,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#121716' : '#eff2f0',
    webPreferences: {
      preload: path.resolve(options.preload),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // Scripts keep their compiled form from the first start on; usually Chromium waits for the third.
      v8CacheOptions: 'bypassHeatCheck',
      enableWebSQL: false,
      safeDialogs: true,
    },
  });
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  // The page sets its own document title; the window keeps the product's name.
  window.on('page-title-updated', (event) => event.preventDefault());
  const remember = (): void => {
    const { width, height, x, y } = window.getNormalBounds();
    options.onBounds({ width, height, x, y, maximized: window.isMaximized() });
  };
  window.on('close', remember);
  return window;
}

/** Loads the renderer. Apart from making the window, so that the services can be ready before the first call. */
export const loadRenderer = (window: BrowserWindow): Promise<void> => window.loadURL(`${appOrigin}/index.html`);
