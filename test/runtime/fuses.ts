import { flipFuses, FuseState, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** All nine fuses as every package has them. electron-builder.yml sets the first eight, the after-pack hook the ninth. */
export const packagedFuses: Readonly<Record<keyof typeof FuseV1Options, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
};

/**
 * Reads the fuses back from a binary. @param binary Electron's executable, or the .app folder on macOS
 * @returns name → on or off; a fuse that this Electron does not have yet is missing
 */
export async function readFuses(binary: string): Promise<Record<string, boolean>> {
  const wire = await getCurrentFuseWire(binary);
  const fuses: Record<string, boolean> = {};
  for (const name of Object.keys(packagedFuses) as (keyof typeof FuseV1Options)[]) {
    const state = wire[FuseV1Options[name]];
    if (state === FuseState.ENABLE || state === FuseState.DISABLE) fuses[name] = state === FuseState.ENABLE;
  }
  return fuses;
}

/** Sets the fuse that electron-builder has no name for; Electrons before 39 do not have it. */
export async function setNewestFuse(binary: string): Promise<void> {
  if (!('WasmTrapHandlers' in await readFuses(binary))) return;
  await flipFuses(binary, { version: FuseVersion.V1, [FuseV1Options.WasmTrapHandlers]: packagedFuses.WasmTrapHandlers });
}
