import { buildApp } from './build.ts';
import { startDisplay } from './display.ts';
import { findElectron } from './electron.ts';
import { startKeyring } from './keyring.ts';
import { prepareElectron, shareElectron } from './launch.ts';

/**
 * Prepares a run of the e2e suite: Electron, build, a screen and a keychain of its own. Everything reaches the tests by environment, so
 * `npx playwright test` alone works as well as `npm run test:e2e`.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const found = await findElectron({ needs: ['display', 'keyring', 'browser', 'monitoring'] });
  await buildApp();
  shareElectron(await prepareElectron(found));
  const display = await startDisplay({ always: true });
  const keyring = process.platform === 'linux' ? await startKeyring('unlocked') : undefined;
  Object.assign(process.env, display.env, keyring?.env);
  return async () => {
    await keyring?.close();
    await display.close();
  };
}
