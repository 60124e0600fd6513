import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { scratchDatabase, testKey, type Scratch } from '../fixtures/database.ts';
import { sampleRecords } from '../fixtures/documents.ts';

/** A disk of 6 MB that can be mounted only by root; elsewhere the unit test with a page limit stands for it. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let scratch: Scratch;
let disk: string;
let host: DataHost;

beforeEach(() => {
  scratch = scratchDatabase();
  disk = path.join(scratch.folder, 'disk');
  mkdirSync(disk);
  host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log });
});
afterEach(async () => {
  await host.dispose();
  scratch.remove();
});

it.runIf(mayMount)('a full disk is told as such, loses nothing, and writing goes on when there is room again', async (context) => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    context.skip('this container may not mount');
  }
  try {
    const ballast = path.join(disk, 'ballast');
    await host.open({ path: path.join(disk, 'cache.db'), key: testKey() });
    await host.documents.put([...sampleRecords(100)]);
    writeFileSync(ballast, Buffer.alloc(3_000_000));
    await expect(host.documents.put([...sampleRecords(5000, 1, 100)])).rejects.toMatchObject({ error: { code: 'database.diskFull' } });
    expect(await host.documents.count()).toBe(100);
    expect((await host.documents.list({ sort: { by: 'number', direction: 'asc' }, offset: 0, limit: 10 })).total).toBe(100);
    rmSync(ballast);
    await host.documents.put([...sampleRecords(200, 1, 100)]);
    expect(await host.documents.count()).toBe(300);
    await host.close();
    expect(await host.open({ path: path.join(disk, 'cache.db'), key: testKey() })).toEqual({ created: false, migratedFrom: null, salvage: null });
    expect(await host.documents.count()).toBe(300);
  } finally {
    await host.dispose();
    execFileSync('umount', [disk]);
  }
});
