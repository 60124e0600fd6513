import { join } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import { setNewestFuse } from './fuses.ts';

/** Where electron-builder has put the executable: Electron's binary, or the .app folder on macOS. */
export function packedBinary({ appOutDir, electronPlatformName, packager }: AfterPackContext): string {
  const product = packager.appInfo.productFilename;
  if (electronPlatformName === 'darwin') return join(appOutDir, `${product}.app`);
  if (electronPlatformName === 'win32') return join(appOutDir, `${product}.exe`);
  return join(appOutDir, (packager as { executableName?: string }).executableName ?? product);
}

/** electron-builder's hook: runs before its own fuses are set and the package is signed. */
export default async function afterPack(context: AfterPackContext): Promise<void> {
  await setNewestFuse(packedBinary(context));
}
