import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDisplay } from './display.ts';
import type { Prepared } from './electron.ts';
import { run } from './exec.ts';
import { needsNoSandbox } from './system.ts';

export type ProbeResult = { ok: true; version: string } | { ok: false; reason: string };

const script = `const { app, BrowserWindow } = require('electron');
app.disableHardwareAcceleration();
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false });
  await window.loadURL('data:text/html,ready');
  process.stdout.write('PROBE ' + process.versions.electron + '\\n', () => app.exit(0));
});
`;

/** Turns the output of an Electron that did not come up into half a sentence. */
export function probeReason(outcome: { code: number | null; signal: string | null; stderr: string; timedOut: boolean }, timeout: number): string {
  if (outcome.timedOut) return `it did not come up within ${timeout / 1000} s`;
  const library = /error while loading shared libraries: (\S+?):/.exec(outcome.stderr)?.[1];
  if (library !== undefined) return `the system library ${library} is missing`;
  if (/SUID sandbox helper|No usable sandbox/.test(outcome.stderr)) return 'this system does not allow its sandbox (unprivileged user namespaces are switched off)';
  if (/Missing X server|cannot open display|ozone_platform_x11/.test(outcome.stderr)) return 'it found no display';
  const end = outcome.signal === null ? `code ${outcome.code ?? '?'}` : outcome.signal;
  const line = outcome.stderr.trim().split('\n').filter((text) => text !== '').at(-1);
  return `it ended with ${end}${line === undefined ? '' : ` (${line.slice(0, 200)})`}`;
}

/**
 * Starts a tiny app that opens a hidden page, so that a broken download, a missing library or a forbidden sandbox shows here and not as a
 * window that never appears.
 * @param timeout milliseconds
 */
export async function probe(appDir: string, prepared: Prepared, timeout: number): Promise<ProbeResult> {
  await writeFile(join(appDir, 'package.json'), JSON.stringify({ name: 'probe', main: 'probe.cjs' }));
  await writeFile(join(appDir, 'probe.cjs'), script);
  const display = await startDisplay();
  try {
    const args = [...prepared.args, `--user-data-dir=${join(appDir, `data-${process.pid}`)}`, ...(needsNoSandbox() ? ['--no-sandbox'] : [])];
    const outcome = await run(prepared.executable, args, { timeout, env: { ...process.env, ...display.env } })
      .catch((error: unknown) => ({ code: null, signal: null, stdout: '', stderr: String(error), timedOut: false }));
    const version = /PROBE (\S+)/.exec(outcome.stdout)?.[1];
    return version === undefined ? { ok: false, reason: probeReason(outcome, timeout) } : { ok: true, version };
  } finally {
    await display.close();
  }
}
