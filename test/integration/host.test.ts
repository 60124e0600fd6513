import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataHost, type DataHost, type HostPort, type OpenAnswer } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { migrations } from '../../main/host/db/migrations/index.ts';
import { connectEncrypted } from '../../main/host/db/cipher.ts';
import type { ListQuery } from '../../shared/domain/document-list.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import { scratchDatabase, testKey, type Scratch } from '../fixtures/database.ts';
import { sampleRecords } from '../fixtures/documents.ts';

const entry = path.resolve('main/host/index.ts');
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const newest: ListQuery = { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 50 };

let scratch: Scratch;
let hosts: DataHost[];
let ports: HostPort[];
let reopened: OpenAnswer[];

beforeEach(() => {
  scratch = scratchDatabase();
  hosts = [];
  ports = [];
  reopened = [];
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.dispose()));
  scratch.remove();
});

function newHost(options: { reopens?: boolean } = {}): DataHost {
  const host = createDataHost({
    spawn: () => {
      const port = spawnNodeHost(entry);
      ports.push(port);
      return port;
    },
    log,
    onReopen: async () => (options.reopens === false ? null : { path: scratch.file, key: testKey() }),
    onReopened: (answer) => reopened.push(answer),
  });
  hosts.push(host);
  return host;
}

const open = (host: DataHost, key = testKey()): Promise<OpenAnswer> => host.open({ path: scratch.file, key });
const all = (count: number, seed = 1, first = 0): DocumentRecord[] => [...sampleRecords(count, seed, first)];

/** The first answer that is none of a process that has just been killed. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (let wait = 0; wait < 400; wait++) {
    try {
      return await ask();
    } catch {
      await sleep(50);
    }
  }
  return ask();
}

/** Waits until the client has opened the database again by itself. */
async function untilReopened(): Promise<OpenAnswer> {
  await expect.poll(() => reopened.length, { timeout: 30_000 }).toBeGreaterThan(0);
  const [answer] = reopened;
  if (answer === undefined) throw new Error('not opened again');
  return answer;
}

describe('the data host as a process', () => {
  it('keeps everything over a restart', async () => {
    const host = newHost();
    expect(await open(host)).toEqual({ created: true, migratedFrom: null, salvage: null });
    const records = all(500);
    expect((await host.documents.put(records)).changed).toHaveLength(500);
    expect((await host.documents.put(records)).changed).toEqual([]);
    await host.facts.put('last', { a: 1 }, 5);
    await host.close();
    await expect(host.documents.count()).rejects.toMatchObject({ error: { code: 'database.unavailable' } });
    await host.dispose();
    const again = newHost();
    expect(await open(again)).toEqual({ created: false, migratedFrom: null, salvage: null });
    expect(await again.documents.count()).toBe(500);
    expect(await again.documents.get(records[123]?.document ?? ({} as never))).toEqual(records[123]);
    const page = await again.documents.list(newest);
    expect(page).toMatchObject({ total: 500, asOf: null, offset: 0 });
    expect(page.rows).toHaveLength(50);
    expect(await again.facts.get('last')).toEqual({ value: { a: 1 }, fetchedAt: 5 });
  });

  it('survives kill -9 while writing: what was answered is there, what was not is gone as a whole', async () => {
    const host = newHost();
    await open(host);
    let stored = 0;
    // Three crashes within a minute are the limit of one client.
    for (let round = 0; round < 3; round++) {
      const size = 1500;
      const writing = host.documents.put(all(size, 1, stored)).then(() => true, () => false);
      await sleep(20 + round * 80);
      process.kill(ports.at(-1)?.pid ?? 0, 'SIGKILL');
      const isAnswered = await writing;
      const count = await eventually(() => host.documents.count());
      // Killed between the commit and its answer, the write is there although nobody was told.
      expect(isAnswered ? [stored + size] : [stored, stored + size]).toContain(count);
      stored = count;
      expect((await host.documents.list(newest)).total).toBe(stored);
      await host.documents.put(all(100, 1, stored));
      stored += 100;
    }
    expect(await host.documents.count()).toBe(stored);
    await host.close();
    const connection = connectEncrypted(scratch.file, testKey());
    expect(connection.value('PRAGMA integrity_check')).toBe('ok');
    connection.close();
  });

  it('answers lists while a large write goes on', async () => {
    const host = newHost();
    await open(host);
    await host.documents.put(all(2000));
    let isWriting = true;
    const writing = host.documents.put(all(20_000, 2, 10_000)).then(() => { isWriting = false; });
    let answered = 0;
    while (isWriting) {
      const page = await host.documents.list(newest);
      expect([2000, 22_000]).toContain(page.total);
      answered++;
    }
    await writing;
    expect(answered).toBeGreaterThan(20);
    expect((await host.documents.list(newest)).total).toBe(22_000);
  });

  it('stores nothing of a write that was cancelled', async () => {
    const host = newHost();
    await open(host);
    const controller = new AbortController();
    const writing = host.documents.put(all(5000), { signal: controller.signal });
    await host.documents.count();
    controller.abort();
    await expect(writing).rejects.toMatchObject({ error: { code: 'call.cancelled' } });
    expect(await host.documents.count()).toBe(0);
    await host.documents.put(all(10));
    expect(await host.documents.count()).toBe(10);
  });

  it('refuses a second process and lets it in when the first is gone, even by kill -9', async () => {
    const first = newHost({ reopens: false });
    await open(first);
    const second = newHost();
    await expect(open(second)).rejects.toMatchObject({ error: { code: 'database.locked', params: { cause: 'inUse' } } });
    process.kill(ports[0]?.pid ?? 0, 'SIGKILL');
    expect(await eventually(() => open(second))).toMatchObject({ created: false });
  });

  it('refuses a wrong key and a later version without touching the file', async () => {
    const host = newHost();
    await open(host);
    await host.documents.put(all(20));
    await host.close();
    const before = readFileSync(scratch.file);
    await expect(open(host, testKey(9))).rejects.toMatchObject({ error: { code: 'database.locked', params: { cause: 'key' } } });
    expect(readFileSync(scratch.file).equals(before)).toBe(true);
    const raw = connectEncrypted(scratch.file, testKey());
    raw.script(`PRAGMA user_version = ${migrations.length + 1}`);
    raw.close();
    await expect(open(host)).rejects.toMatchObject({ error: { code: 'database.newer' } });
  });

  /** Flips a bit in a leaf page of one table, in the middle of it. */
  function damage(table: string): void {
    const raw = connectEncrypted(scratch.file, testKey());
    const pages = raw.values<number>(`SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno`, table);
    raw.close();
    const bytes = readFileSync(scratch.file);
    const at = ((pages[Math.floor(pages.length / 2)] ?? 0) - 1) * 4096 + 77;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(scratch.file, bytes);
  }

  async function fillAndDamage(host: DataHost, table: string): Promise<void> {
    await open(host);
    await host.documents.put(all(3000));
    await host.facts.put('account.last', 'sales', 7);
    await host.close();
    damage(table);
  }

  async function expectFreshWithSaved(host: DataHost, answer: OpenAnswer): Promise<void> {
    expect(answer).toMatchObject({ created: true, salvage: { recovered: 1 } });
    expect(existsSync(answer.salvage?.keptAs ?? '')).toBe(true);
    expect(await host.facts.get('account.last')).toEqual({ value: 'sales', fetchedAt: 7 });
    expect(await host.documents.count()).toBe(0);
    await host.documents.put(all(10));
    expect((await host.documents.list(newest)).total).toBe(10);
  }

  it('finds damage of the list when opening, saves what it can, starts fresh and says so', async () => {
    const host = newHost();
    await fillAndDamage(host, 'documents');
    await expectFreshWithSaved(host, await open(host));
  });

  it('finds damage deeper down while running and does the same by itself', async () => {
    const host = newHost();
    await fillAndDamage(host, 'document_bodies');
    expect((await open(host)).salvage).toBeNull();
    let seen: unknown = null;
    for (const { document } of all(3000)) {
      seen = await host.documents.get(document).then(() => null, (error: unknown) => error);
      if (seen !== null) break;
    }
    expect(seen).toMatchObject({ error: { code: 'database.damaged' } });
    await expectFreshWithSaved(host, await untilReopened());
  });

  it('leaves nothing readable on disk: not in the database, its log, nor beside them', async () => {
    const host = newHost();
    await open(host);
    await host.documents.put(all(300));
    await host.lookups.put('customers', [{ id: 'K1', label: 'Canary Landhandel', hint: null, cost: null, price: null }], 1);
    const key = Buffer.from(testKey());
    for (const state of ['open', 'closed']) {
      const names = readdirSync(scratch.folder);
      if (state === 'open') expect(names.some((name) => name.endsWith('-wal'))).toBe(true);
      for (const name of names) {
        const bytes = readFileSync(path.join(scratch.folder, name));
        for (const canary of ['Winterweizen', 'winterweizen', 'Canary', 'Raiffeisen', 'CREATE TABLE', key, key.toString('hex')]) {
          expect(bytes.includes(canary), `${String(canary)} in ${name}, ${state}`).toBe(false);
        }
      }
      if (state === 'open') await host.close();
    }
  });

  it.runIf(process.platform === 'linux')('never shows the key in arguments or environment', async () => {
    const host = newHost();
    await open(host);
    const pid = ports[0]?.pid ?? 0;
    const hex = Buffer.from(testKey()).toString('hex');
    for (const file of ['cmdline', 'environ']) expect(readFileSync(`/proc/${pid}/${file}`).includes(hex)).toBe(false);
  });

  it('is gone after dispose', async () => {
    const host = newHost({ reopens: false });
    await open(host);
    const pid = ports[0]?.pid ?? 0;
    await host.dispose();
    await sleep(100);
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
