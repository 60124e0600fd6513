import { createRequire } from 'node:module';
import { app, clipboard, dialog, session, shell, type BrowserWindow } from 'electron';
import type { Platform } from '../app.ts';
import { managedSettingsFile } from '../config/managed-settings.ts';
import type { PaperPorts } from '../documents/paper/ports.ts';
import type { HostPort } from '../host/client.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { Keytar } from '../secrets/keychain.ts';
import { createFilePorts } from './files.ts';
import { createNetFetch } from './net-fetch.ts';
import { applyTrust } from './trust.ts';
import { isOpenable } from './openable.ts';

/** The services' window to Electron. */
export function createPlatform(options: { userData: string; spawnHost: () => HostPort; window: () => BrowserWindow | null; paper: PaperPorts }): Platform {
  let partitions = 0;
  const os = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  return {
    ...createFilePorts(options.window),
    ...options.paper,
    version: app.getVersion(),
    electron: process.versions['electron'] ?? '',
    os,
    systemLanguage: app.getPreferredSystemLanguages()[0]?.toLowerCase().startsWith('en') === true ? 'en' : 'de',
    userData: options.userData,
    // Elsewhere only for whoever builds the app: an installed one must not take its rules from its user.
    managedSettings: (app.isPackaged ? undefined : process.env['VALEO_MANAGED_SETTINGS']) ?? managedSettingsFile(os),
    fetchFor(trust) {
      // A partition of its own, in memory: no cookie, no cache on disk, and a trust decision that ends with the profile.
      partitions += 1;
      const partition = session.fromPartition(`erp-${partitions}`, { cache: false });
      applyTrust(partition, trust);
      return createNetFetch(partition);
    },
    resolveProxy: (url) => session.defaultSession.resolveProxy(url),
    spawnHost: options.spawnHost,
    // Loaded late and behind a promise: a missing libsecret must end in session-only mode, not in a crash at start.
    loadKeytar: async () => createRequire(__filename)('keytar') as Keytar,
    async openBrowser(url) {
      if (!isOpenable(url)) throw failure('login.browser');
      await shell.openExternal(url);
    },
    quit({ isForced }) {
      // A page that hangs never lets its window close.
      if (isForced) options.window()?.destroy();
      app.quit();
    },
    // Electron 45 answers with a promise here, earlier ones with nothing.
    copyText: (text) => void clipboard.writeText(text),
    async chooseProfileFile() {
      const window = options.window();
      const choice = { properties: ['openFile' as const], filters: [{ name: 'VALEO', extensions: ['json', 'valeo'] }] };
      const { canceled, filePaths } = window === null ? await dialog.showOpenDialog(choice) : await dialog.showOpenDialog(window, choice);
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
}
