import { existsSync } from 'node:fs';
import path from 'node:path';
import { app, utilityProcess } from 'electron';
import type { HostPort } from '../host/client.ts';
import { spawnNodeHost } from '../host/spawn-node.ts';

/** better-sqlite3 13 needs this N-API version and crashes below it. */
const neededNapi = 10;

/** The Node that runs the host where Electron's own is too old: beside a packaged app, or named by the start script. */
function standInNode(resources: string, environment: NodeJS.ProcessEnv): string {
  const packaged = path.join(resources, process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(packaged)) return packaged;
  const named = environment['VALEO_NODE'];
  if (named !== undefined && path.isAbsolute(named)) return named;
  throw new Error('this Electron is too old for the database and no Node is at hand: start the app with npm start');
}

function spawnUtility(entry: string): HostPort {
  const child = utilityProcess.fork(entry, [], { serviceName: 'Data host', stdio: 'inherit', env: {} });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => { child.on('message', listener); },
    onExit: (listener) => { child.once('exit', (code) => listener(code)); },
    kill: () => { child.kill(); },
  };
}

const isForkable = (): boolean => Number(process.versions['napi'] ?? 0) >= neededNapi;

/** Starts the data host: as a utility process, or, on an Electron whose N-API is too old, as a process of Node 24. */
function spawnDataHost(entry: string): HostPort {
  if (isForkable()) return spawnUtility(entry);
  // A plain Node cannot read inside the archive of a packaged app; the host's bundle lies unpacked beside it too.
  return spawnNodeHost(entry.replace(`app.asar${path.sep}`, `app.asar.unpacked${path.sep}`), standInNode(process.resourcesPath, process.env));
}

/**
 * Starts the first data host as early as the runtime lets it, so that it loads while this process is still busy with the
 * window. @returns what hands that one out, and starts another one each time after that
 */
export function hostAhead(entry: string): () => HostPort {
  let ahead: HostPort | null = null;
  const begin = (): void => { ahead ??= spawnDataHost(entry); };
  // Electron forks utility processes only once it is ready.
  if (isForkable()) void app.whenReady().then(begin);
  else begin();
  return () => {
    const port = ahead ?? spawnDataHost(entry);
    ahead = null;
    return port;
  };
}
