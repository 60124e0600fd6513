import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from 'playwright';
import { startBackend } from '../backend/index.ts';
import { buildApp } from '../runtime/build.ts';
import { startDisplay } from '../runtime/display.ts';
import { findElectron } from '../runtime/electron.ts';
import { signIn, untilPulled } from '../runtime/hands.ts';
import { startKeyring } from '../runtime/keyring.ts';
import { launchApp, prepareElectron } from '../runtime/launch.ts';
import { needsNoSandbox } from '../runtime/system.ts';
import { median, type Report } from './report.ts';

/** An Electron that opens one page with one word and does nothing else. */
const emptyMain = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900, show: false, webPreferences: { sandbox: true } });
  window.once('ready-to-show', () => window.show());
  void window.loadURL('data:text/html,<p id=ready elementtiming=ready>ready</p>');
});
app.on('window-all-closed', () => app.quit());
`;

const rounds = 7;

/**
 * When the page painted the first element that it times, in this process's milliseconds: from the browser's own record.
 * Playwright looks for an element in steps of up to half a second and counts what is there without being painted.
 */
async function paintedAt(page: Page): Promise<number> {
  const at = await page.evaluate(() => new Promise<number>((resolve, reject) => {
    setTimeout(() => reject(new Error('nothing that is timed was painted')), 20_000);
    new PerformanceObserver((list) => {
      const [first] = list.getEntries() as (PerformanceEntry & { renderTime: number })[];
      if (first !== undefined) resolve(performance.timeOrigin + first.renderTime);
    }).observe({ type: 'element', buffered: true });
  }));
  return at - performance.timeOrigin;
}

/** Start to the first list painted from the cache, against an empty window of the same runtime (DESIGN section 7). */
export async function run(report: Report): Promise<void> {
  const found = await findElectron({ needs: ['display', 'keyring', 'browser'] });
  await buildApp();
  const electron = await prepareElectron(found);
  const folder = await mkdtemp(join(tmpdir(), 'valeo-bench-start-'));
  const display = await startDisplay({ always: true });
  const keyring = process.platform === 'linux' ? await startKeyring('unlocked') : undefined;
  const backend = await startBackend({ documents: 2000, rateLimits: false });
  try {
    const common = { electron, display: display.env, ...(keyring === undefined ? {} : { keyring }) };
    const profile = join(folder, 'profile.json');
    await writeFile(profile, JSON.stringify({ id: 'bench', name: 'Bench', environment: 'test', erpUrl: backend.erp, issuer: backend.issuer, clientId: backend.clientId }));
    const userData = join(folder, 'user-data');
    const first = await launchApp({ ...common, profile, userData });
    const sales = backend.users.find(({ name }) => name === 'sales');
    if (sales === undefined) throw new Error('no account sales');
    await signIn(first, sales);
    await untilPulled(first);
    await first.close();

    const emptyFolder = join(folder, 'empty');
    await mkdir(emptyFolder);
    await writeFile(join(emptyFolder, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.cjs' }));
    await writeFile(join(emptyFolder, 'main.cjs'), emptyMain);
    const empty = await found.prepare(emptyFolder);

    const ours: number[] = [];
    const bare: number[] = [];
    // Taken in turns, so that whatever else the machine does falls on both.
    for (let round = 0; round < rounds; round += 1) {
      let started = performance.now();
      const window = await _electron.launch({
        executablePath: empty.executable, args: [...empty.args, `--user-data-dir=${join(folder, 'empty-data')}`, ...(needsNoSandbox() ? ['--no-sandbox'] : [])],
        env: { ...(process.env as Record<string, string>), ...display.env }, cwd: emptyFolder, chromiumSandbox: !needsNoSandbox(),
      });
      bare.push(await paintedAt(await window.firstWindow()) - started);
      await window.close();

      started = performance.now();
      const app = await launchApp({ ...common, profile, userData });
      ours.push(await paintedAt(app.page) - started);
      await app.close();
    }
    report.note(`empty window ${Math.round(median(bare))} ms, first list from the cache ${Math.round(median(ours))} ms, Electron ${found.version}`);
    report.add({ name: 'start to the first list from the cache, against an empty window', value: median(ours) / median(bare), unit: 'ratio', limit: 1.3 });
  } finally {
    await backend.close();
    await keyring?.close();
    await display.close();
    await rm(folder, { recursive: true, force: true });
  }
}
