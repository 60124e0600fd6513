import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, sleep, tail } from './exec.ts';
import { cacheFolder } from './paths.ts';
import { Failure } from './say.ts';

/** `unlocked`: as on a desk where somebody is logged in. `locked`: nobody typed the keyring's password. `none`: a desktop without one. */
export type KeyringMode = 'unlocked' | 'locked' | 'none';

export type Keyring = {
  /** To be merged into the environment of whatever shall see this keyring. */
  env: Record<string, string>;
  lock(): Promise<void>;
  close(): Promise<void>;
};

/** A bus that starts nothing by itself: what is there is what the mode says, whatever the machine has installed. */
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Both scripts end when our end of the pipe closes, so a killed test run leaves no bus and no keyring behind. */
const withKeyring = 'echo "BUS $DBUS_SESSION_BUS_ADDRESS"; printf %s "$KEYRING_PASSWORD" | gnome-keyring-daemon --unlock --foreground --components=secrets >/dev/null & cat >/dev/null; kill $!; wait $!';
const withoutKeyring = 'echo "BUS $DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null';

async function call(env: Record<string, string>, destination: string, path: string, method: string, ...args: string[]): Promise<string> {
  const reply = await run('dbus-send', ['--session', '--print-reply', `--dest=${destination}`, path, method, ...args], { env: { ...process.env, ...env }, timeout: 10_000 });
  return reply.code === 0 ? reply.stdout : '';
}

async function waitUntilReady(env: Record<string, string>, errors: () => string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const collection = await call(env, 'org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.ReadAlias', 'string:default');
    if (collection.includes('/collection/')) return;
    await sleep(100);
  }
  throw new Failure(`gnome-keyring did not come up within 10 s. ${tail(errors(), 2)}`);
}

/**
 * Starts a real gnome-keyring under a `dbus-run-session` of its own, with a home of its own, so that the person's keyring is neither read
 * nor written.
 * @throws Failure when dbus or gnome-keyring is missing or does not start
 */
export async function startKeyring(mode: KeyringMode = 'unlocked'): Promise<Keyring> {
  const folder = await mkdtemp(join(tmpdir(), 'valeo-keyring-'));
  const privateFolders = { HOME: join(folder, 'home'), XDG_DATA_HOME: join(folder, 'data'), XDG_CONFIG_HOME: join(folder, 'config'), XDG_RUNTIME_DIR: join(folder, 'run') };
  for (const path of Object.values(privateFolders)) await mkdir(path, { mode: 0o700 });
  // The home moves, the cache with the fetched Electron does not.
  const base = { ...privateFolders, XDG_CACHE_HOME: join(cacheFolder(), '..') };
  const config = join(folder, 'bus.conf');
  await writeFile(config, busConfig);
  const holder = spawn('dbus-run-session', [`--config-file=${config}`, '--', 'sh', '-c', mode === 'none' ? withoutKeyring : withKeyring], {
    stdio: ['pipe', 'pipe', 'pipe'], detached: true,
    env: { ...process.env, ...base, KEYRING_PASSWORD: randomUUID() },
  });
  let errors = '';
  holder.stdin.on('error', () => undefined);
  holder.stderr.on('data', (chunk: Buffer) => { errors = (errors + chunk.toString()).slice(-4000); });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const address = await new Promise<string>((resolve, reject) => {
      const fail = (): void => reject(new Failure(`The tests' own session bus did not start. ${tail(errors, 2)}`));
      const timer = setTimeout(fail, 10_000);
      holder.once('error', (error) => reject(new Failure(`dbus-run-session could not be started: ${error.message}`)));
      holder.once('exit', fail);
      let text = '';
      holder.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const match = /^BUS (\S+)\n/.exec(text);
        if (match?.[1] === undefined) return;
        clearTimeout(timer);
        resolve(match[1]);
      });
    });
    const env = { ...base, DBUS_SESSION_BUS_ADDRESS: address };
    const lock = async (): Promise<void> => {
      const reply = await call(env, 'org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', 'array:objpath:/org/freedesktop/secrets/collection/login');
      if (!reply.includes('/collection/login')) throw new Failure('The keyring could not be locked.');
    };
    if (mode !== 'none') await waitUntilReady(env, () => errors);
    if (mode === 'locked') await lock();
    return { env, lock, close };
  } catch (error) {
    await close();
    throw error;
  }
}
