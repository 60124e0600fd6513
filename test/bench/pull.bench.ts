import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { createErp } from '../../main/erp/index.ts';
import { createLimits } from '../../main/erp/limits.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createDataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import { PullEngine } from '../../main/sync/pull.ts';
import type { BackendInfo } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { scratchDatabase, testKey } from '../fixtures/database.ts';
import { watchThread } from './held-up.ts';
import type { BareOrder } from './pull-bare.ts';
import { timed, type Report } from './report.ts';

/**
 * The pull as the app runs it (client, data host, progress in every transaction) against the same pages fetched and the same
 * rows inserted by a loop with nothing around it. This process plays the main process: how long its event loop was held up
 * is what the window would have felt.
 */
export async function run(report: Report): Promise<void> {
  const count = Math.max(2000, Math.round(100_000 * report.scale));
  report.note(`a server with ${count} documents`);
  const { backend, close } = await startApart(count);
  try {
    const token = (await loginHeadless(backend, 'admin')).accessToken;
    const bare = await fetchAndInsert(backend, token);
    const { ms, read, heldUp } = await pull(backend, token);
    report.note(`bare ${Math.round(bare)} ms, pull of ${read} documents ${Math.round(ms)} ms`);
    report.add({ name: `pull ${read} documents, against fetch and insert`, value: ms / bare, unit: 'ratio', limit: 2 });
    report.add({ name: `pull ${read} documents, rate`, value: read / (ms / 1000), unit: 'per second', limit: null });
    report.add({ name: 'main process held up during the pull, longest', value: heldUp, unit: 'ms', limit: 16 });
  } finally {
    await close();
  }
}

/** The server in a thread of its own: its work must not count as the main process's. */
async function startApart(documents: number): Promise<{ backend: BackendInfo; close: () => Promise<unknown> }> {
  const script = `import(${JSON.stringify(path.resolve('test/backend/index.ts'))}).then(async ({ startBackend }) => {
    const { erp, issuer, clientId, users } = await startBackend({ documents: ${documents}, rateLimits: false });
    require('node:worker_threads').parentPort.postMessage({ erp, issuer, clientId, users });
  })`;
  const worker = new Worker(script, { eval: true });
  const backend = await new Promise<BackendInfo>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { backend, close: () => worker.terminate() };
}

/** Milliseconds that the loop with nothing around it takes, once it is warm. */
async function fetchAndInsert({ erp }: BackendInfo, token: string): Promise<number> {
  const worker = new Worker(new URL('./pull-bare.ts', import.meta.url), { workerData: { erp, token } satisfies BareOrder });
  const ms = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  return ms;
}

async function pull(backend: BackendInfo, token: string): Promise<{ ms: number; read: number; heldUp: number }> {
  const scratch = scratchDatabase();
  const host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log: silentLog });
  await host.open({ path: scratch.file, key: testKey() });
  // The server's limit of 70 background requests a minute would measure the limit: 70,000 documents a minute.
  const free = { turn: () => Promise.resolve(), pauseFor: () => undefined };
  const erp = createErp({
    baseUrl: backend.erp, fetch: (url, init) => fetch(url, init), clock: systemClock, log: silentLog,
    tokens: { accessToken: () => Promise.resolve(token), refreshNow: () => Promise.resolve(token) }, limits: { ...createLimits({ clock: systemClock }), all: free },
  });
  const engine = new PullEngine({
    canList: () => true, mayRead: () => true, now: () => Date.now(), log: silentLog, store: host.pull, count: () => host.documents.count(), fetchTotal: () => Promise.resolve(null),
    fetchPage: (type, { updatedSince, cursor, limit, signal }) => erp.documents.page(type, { limit, signal, ...(cursor === null ? {} : { cursor }), ...(updatedSince === null ? {} : { updatedSince }) }),
  });
  const thread = watchThread();
  const ms = await timed(() => engine.pull());
  const heldUp = thread.longest();
  if (engine.state().status !== 'idle') throw new Error(`the pull ended as ${engine.state().status}`);
  const read = await host.documents.count();
  await host.dispose();
  scratch.remove();
  return { ms, read, heldUp };
}
