import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { scratchDatabase, testKey, type Scratch } from '../fixtures/database.ts';
import { sampleRecords } from '../fixtures/documents.ts';
import { emptyLine } from '../../shared/domain/draft-document.ts';
import { noteOf, orderContent, withNote } from '../fixtures/drafts.ts';

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

/** Runs on a disk of 6 MB; skips the test where the container may not mount one. */
async function onSmallDisk(skip: (why: string) => void, run: (ballast: string) => Promise<void>): Promise<void> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    skip('this container may not mount');
    return;
  }
  try {
    await run(path.join(disk, 'ballast'));
  } finally {
    await host.dispose();
    execFileSync('umount', [disk]);
  }
}

it.runIf(mayMount)('a full disk is told as such, loses nothing, and writing goes on when there is room again', async (context) => {
  await onSmallDisk((why) => context.skip(why), async (ballast) => {
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
  });
});

it.runIf(mayMount)('a full disk while somebody types fails the autosave, keeps every earlier version, and the next one succeeds', async (context) => {
  await onSmallDisk((why) => context.skip(why), async (ballast) => {
    await host.open({ path: path.join(disk, 'cache.db'), key: testKey() });
    const id = randomUUID();
    const content = orderContent('SO-1');
    await host.drafts.create({ id, content, base: null, now: 0 });
    await host.drafts.save({ id, version: 1, content: withNote(content, 'before'), now: 70_000 });
    writeFileSync(ballast, Buffer.alloc(5_000_000));
    const large = { ...content, lines: Array.from({ length: 1000 }, (_, line) => ({ ...emptyLine(line), article: `article ${line} ${'x'.repeat(150)}` })), nextLineId: 1000 };
    let version = 2;
    let failed: unknown = null;
    for (let save = 0; save < 60 && failed === null; save++) {
      await host.drafts.save({ id, version, content: withNote(large, `full ${save}`), now: 140_000 + save * 61_000 }).then((saved) => { ({ version } = saved); }, (error: unknown) => { failed = error; });
    }
    expect(failed).toMatchObject({ error: { code: 'database.diskFull' } });
    const kept = await host.drafts.get(id);
    expect(kept?.version).toBe(version);
    const versions = await host.drafts.versions(id);
    expect(versions.map((each) => each.version)).toEqual(Array.from({ length: version }, (_, index) => version - index));
    expect((await host.drafts.version(id, 2))?.fields['notes']).toBe('before');
    rmSync(ballast);
    expect((await host.drafts.save({ id, version, content: withNote(content, 'after'), now: 9e6 })).version).toBe(version + 1);
    expect(noteOf(await host.drafts.get(id))).toBe('after');
  });
});
