import { fork } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createErp } from '../../main/erp/index.ts';
import type { Limits } from '../../main/erp/limits.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import { Outbox } from '../../main/sync/outbox/outbox.ts';
import { scratchDatabase, testKey } from '../fixtures/database.ts';
import { orderContent } from '../fixtures/drafts.ts';
import { timed, type Report } from './report.ts';

/** No limit at all: the backend of this benchmark has its own switched off as well, or its 100 a minute would be all that is measured. */
const free = { turn: () => Promise.resolve(), pauseFor: () => undefined };
const limits: Limits = { all: free, export: free, restore: free };
const log = { info: () => undefined, warn: () => undefined, error: (message: string) => { throw new Error(message); } };

/** Drains a full outbox: the real data host, the real HTTP client, the reference backend on loopback, each in a process of its own. */
export async function run(report: Report): Promise<void> {
  const count = Math.max(100, Math.round(10_000 * report.scale));
  const server = fork(path.resolve('test/bench/backend-process.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ erp: baseUrl, token }] = (await once(server, 'message')) as [{ erp: string; token: string }];
  const scratch = scratchDatabase();
  const host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log });
  try {
    await host.open({ path: scratch.file, key: testKey() });
    report.note(`queueing ${count} new documents`);
    const queueing = await timed(() => queue(host, count));
    report.add({ name: 'draft begun and queued, each on disk when told', value: count / (queueing / 1000), unit: 'per second', limit: null });
    const tokens = { accessToken: () => Promise.resolve(token), refreshNow: () => Promise.resolve(token) };
    const outbox = new Outbox({
      erp: createErp({ baseUrl, fetch: (url, init) => fetch(url, init), tokens, clock: systemClock, log: silentLog, limits }),
      store: host, clock: systemClock, random: Math.random, uuid: randomUUID, isOnline: () => true, journal: { note: () => undefined }, log: silentLog,
      account: () => ({ id: 'bench', subject: 'bench', userName: 'admin', displayName: 'admin', email: null, tenantId: null, roles: ['admin'], scopes: ['admin:all'], scopeSource: 'token' }),
    });
    report.note('draining');
    const draining = await timed(() => drained(outbox, count));
    await outbox.stop();
    report.add({ name: `outbox of ${count} commands drained on loopback, rate limits off`, value: count / (draining / 1000), unit: 'per second', limit: 200 });
    if ((await host.drafts.list()).length > 0 || (await host.documents.count()) !== count) throw new Error('not everything arrived');
  } finally {
    await host.dispose();
    scratch.remove();
    server.disconnect();
  }
}

async function queue(host: DataHost, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const id = randomUUID();
    const content = orderContent(`BENCH-${index}`);
    await host.drafts.create({ id, content, base: null, now: Date.now() });
    await host.outbox.enqueue({ draftId: id, submit: false, ids: [randomUUID(), randomUUID()], keys: [randomUUID(), randomUUID()], number: 'unused', now: Date.now() });
  }
}

async function drained(outbox: Outbox, count: number): Promise<void> {
  let done = 0;
  const all = new Promise<void>((resolve, reject) => {
    outbox.attempted.on((end) => {
      if (end.result !== 'done') reject(new Error(`a command was not done: ${end.result === 'stays' ? end.error?.code ?? '' : 'merged'}`));
      else if (++done === count) resolve();
    });
  });
  await outbox.start();
  await all;
}
