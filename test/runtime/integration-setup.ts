import { startKeyring } from './keyring.ts';
import { ensureSystem } from './system.ts';

/** Gives the integration tests a real, unlocked keychain that is not the person's. Windows and macOS have theirs always. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.platform !== 'linux') return undefined;
  await ensureSystem(['electron', 'keyring', 'monitoring']);
  const keyring = await startKeyring('unlocked');
  Object.assign(process.env, keyring.env);
  return () => keyring.close();
}
