import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDataHost, type DataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { scratchDatabase, testKey, type Scratch } from '../fixtures/database.ts';
import { sampleRecords } from '../fixtures/documents.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let scratch: Scratch;
let file: string;
let host: DataHost;

beforeEach(async () => {
  scratch = scratchDatabase();
  file = path.join(scratch.folder, 'cache.db');
  host = createDataHost({ spawn: () => spawnNodeHost(path.resolve('main/host/index.ts')), log });
  await host.open({ path: file, key: testKey() });
  await host.documents.put([...sampleRecords(400)]);
});
afterEach(async () => {
  await host.dispose();
  scratch.remove();
});

/** Checks table by table, as the diagnosis does. @returns what was found: nothing, a problem, or the code of the failure */
async function checkAll(): Promise<string | null> {
  try {
    for (const table of (await host.health.size()).tables) {
      const problem = await host.health.check(table);
      if (problem !== null) return problem;
    }
    return null;
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : 'other';
  }
}

it('says how large the cache is, and that every table of it is whole', async () => {
  const { bytes, logBytes, documents, tables } = await host.health.size();
  expect(bytes + logBytes).toBeGreaterThan(100_000);
  expect(documents).toBe(400);
  expect(tables).toEqual(expect.arrayContaining(['documents', 'document_bodies', 'drafts', 'outbox', 'records']));
  expect(await checkAll()).toBeNull();
});

it('notices a file that the disk has changed', async () => {
  await host.close();
  const bytes = readFileSync(file);
  // One bit in every page of the second half: whichever table lies there.
  for (let at = Math.floor(bytes.length / 2 / 4096) * 4096 + 100; at < bytes.length; at += 4096) bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
  const opened = await host.open({ path: file, key: testKey() });
  // Damage met while opening is rescued at once; the rest is found by the check.
  if (opened.salvage === null) expect(await checkAll()).toBe('database.damaged');
  else expect(opened.salvage.keptAs).not.toBe('');
});

it('takes only names of tables', async () => {
  await expect(host.health.check("x'); DROP TABLE drafts; --")).rejects.toMatchObject({ error: { code: 'input.invalid' } });
});
