import path from 'node:path';
import { nativeTheme, type BrowserWindow } from 'electron';
import { AppFailure, appError, type AppError } from '../../shared/ipc/errors.ts';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import { createApp, type App } from '../app.ts';
import { readProfileFile } from '../config/profiles.ts';
import type { HostPort } from '../host/client.ts';
import { createIpcRouter, type IpcRouter } from '../ipc/router.ts';
import { createLog } from '../log/create.ts';
import type { Log } from '../log/log.ts';
import { appOrigin } from './csp.ts';
import { createPaperPorts } from './paper.ts';
import { createPlatform } from './platform.ts';
import { followPower } from './power.ts';

/** Everything behind the window, as the shell in run.ts needs it. */
export type Running = { services: App; router: IpcRouter; log: Log; closeLog: () => void };

/** A profile named on the command line, or the reason why it cannot be used. */
function givenProfile(file: string | null): { profile: ConnectionProfile | null; notices: AppError[] } {
  if (file === null) return { profile: null, notices: [] };
  try {
    return { profile: readProfileFile(file), notices: [] };
  } catch (error) {
    return { profile: null, notices: [error instanceof AppFailure ? error.error : appError('profile.invalid', { params: { file: path.basename(file), fields: '' } })] };
  }
}

/** Builds the services in Electron and opens the door to the page; a chunk of its own, which is read when the window is on its way. */
export function openServices(options: { userData: string; profileFile: string | null; spawnHost: () => HostPort; window: () => BrowserWindow | null }): Running {
  const { userData, spawnHost, window } = options;
  const { log, close: closeLog } = createLog({ file: { path: path.join(userData, 'logs', 'app.log') } });
  const { profile, notices } = givenProfile(options.profileFile);
  const opened: { router?: IpcRouter } = {};
  const services = createApp({
    platform: createPlatform({ userData, spawnHost, window, paper: createPaperPorts() }),
    givenProfile: profile,
    earlyNotices: notices,
    log,
    openDoor: (handlers, door) => (opened.router = createIpcRouter(handlers, { ...door, origin: appOrigin })),
  });
  if (opened.router === undefined) throw new Error('no door was opened');
  followPower(services);
  nativeTheme.themeSource = services.settings.read().theme;
  services.settings.changed.on(({ theme }) => { nativeTheme.themeSource = theme; });
  return { services, router: opened.router, log, closeLog };
}
