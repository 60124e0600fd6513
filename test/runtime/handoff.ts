import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ElectronApplication } from 'playwright';
import { sleep } from './exec.ts';
import { Failure } from './say.ts';

/** Catches the addresses that the app opens in the system browser. */
export type Handoff = {
  env: Record<string, string>;
  attach(app: ElectronApplication): Promise<void>;
  /** @param timeout milliseconds @throws Failure when none comes in time */
  nextUrl(timeout?: number): Promise<string>;
};

/**
 * On Linux, Electron opens an address by running `xdg-open`; one of ours comes first on the app's PATH and notes the address, so Electron's
 * own code runs to the end. On Windows and macOS there is no such program to stand in for, so `shell.openExternal` is replaced there.
 */
export async function createHandoff(folder: string): Promise<Handoff> {
  const bin = join(folder, 'bin');
  const urls = join(folder, 'urls');
  await mkdir(bin, { recursive: true });
  await mkdir(urls, { recursive: true });
  const quoted = urls.replaceAll("'", String.raw`'\''`);
  const script = `#!/bin/sh\n# Written under another name first: whoever waits for the address never sees half of it.\nprintf '%s' "$1" >'${quoted}'/$$.part && mv '${quoted}'/$$.part '${quoted}'/$(date +%s%N)-$$.url\n`;
  const shim = join(bin, 'xdg-open');
  await writeFile(shim, script);
  await chmod(shim, 0o755);
  let application: ElectronApplication | undefined;
  const takeFromFile = async (): Promise<string | undefined> => {
    const name = (await readdir(urls)).filter((file) => file.endsWith('.url')).toSorted()[0];
    if (name === undefined) return undefined;
    const url = await readFile(join(urls, name), 'utf8');
    await rm(join(urls, name));
    return url;
  };
  const takeFromApp = (): Promise<string | undefined> | undefined => application?.evaluate(() => (globalThis as { openedUrls?: string[] }).openedUrls?.shift());
  return {
    env: { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    async attach(app) {
      application = app;
      if (process.platform === 'linux') return;
      await app.evaluate(({ shell }) => {
        const opened: string[] = [];
        (globalThis as { openedUrls?: string[] }).openedUrls = opened;
        shell.openExternal = (url) => {
          opened.push(url);
          return Promise.resolve();
        };
      });
    },
    async nextUrl(timeout = 15_000) {
      const until = Date.now() + timeout;
      while (Date.now() < until) {
        const url = await (process.platform === 'linux' ? takeFromFile() : takeFromApp());
        if (url !== undefined) return url;
        await sleep(50);
      }
      throw new Failure(`The app did not open the browser within ${timeout / 1000} s.`);
    },
  };
}
