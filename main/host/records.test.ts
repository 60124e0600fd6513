import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { scratchDatabase, testKey, type Scratch } from '../../test/fixtures/database.ts';
import { Records } from '../security/records.ts';
import { EvidenceBook } from '../security/evidence-book.ts';
import type { Evidence } from '../../shared/security/evidence.ts';
import { createDataHost, type DataHost } from './client.ts';
import { spawnNodeHost } from './spawn-node.ts';
import { markDamaged } from './db/files.ts';
import { Store } from './store.ts';

const log = { info: () => undefined, warn: () => undefined, error: (message: string) => { throw new Error(message); } };
let scratch: Scratch;
let host: DataHost;
let now = 1_790_000_000_000;

beforeEach(async () => {
  scratch = scratchDatabase();
  host = createDataHost({ spawn: () => spawnNodeHost(new URL('./index.ts', import.meta.url).pathname), log });
  await host.open({ path: scratch.file, key: testKey() });
});
afterEach(async () => {
  await host.dispose();
  scratch.remove();
});

const noteSchema = z.object({ name: z.string(), count: z.number() });
const notes = (): Records<z.infer<typeof noteSchema>> => new Records({ host, kind: 'note', schema: noteSchema, idOf: ({ name }) => name, now: () => now });

it('keeps values by kind, newest change first, and changes them one after the other', async () => {
  await notes().put({ name: 'a', count: 1 }, { name: 'b', count: 2 });
  now += 1000;
  await notes().put({ name: 'a', count: 3 });
  expect(await notes().list()).toEqual([{ name: 'a', count: 3 }, { name: 'b', count: 2 }]);
  expect(await notes().list({ since: now })).toEqual([{ name: 'a', count: 3 }]);
  const book = notes();
  await Promise.all(Array.from({ length: 20 }, () => book.change('b', (value) => ({ ...value, count: value.count + 1 }))));
  expect(await book.get('b')).toEqual({ name: 'b', count: 22 });
  expect(await book.change('none', (value) => value)).toBeNull();
  await book.remove('a', 'none');
  expect((await book.list()).map(({ name }) => name)).toEqual(['b']);
});

it('leaves out what no longer fits its schema, and keeps it', async () => {
  await host.records.put([{ kind: 'note', id: 'old', body: { title: 'of an older version' }, changedAt: 1 }]);
  await notes().put({ name: 'a', count: 1 });
  expect(await notes().list()).toHaveLength(1);
  expect(await notes().get('old')).toBeNull();
  expect(await host.records.get('note', 'old')).toMatchObject({ body: { title: 'of an older version' } });
});

it('keeps one piece of evidence for each point and origin, and tells after it is stored', async () => {
  const book = new EvidenceBook({ host, now: () => now });
  const told: number[] = [];
  book.changed.on((evidence) => told.push(evidence.length));
  const hsts: Evidence = { point: 'tls.hsts', origin: 'posture', outcome: 'unmet', source: 'measured', at: now, expiresAt: now + 1, messageKey: 'x.y', params: {}, by: null, link: null };
  await book.write(hsts, { ...hsts, point: 'tls.headers' });
  await book.write({ ...hsts, outcome: 'met' });
  expect((await book.list()).map(({ point, outcome }) => `${point} ${outcome}`).toSorted()).toEqual(['tls.headers unmet', 'tls.hsts met']);
  await book.withdraw([hsts]);
  expect(await book.list()).toHaveLength(1);
  expect(told).toEqual([2, 1, 0]);
});

it('survives damage of the file, as far as its pages can be read', async () => {
  await notes().put({ name: 'a', count: 1 });
  await host.dispose();
  markDamaged(scratch.file);
  const store = new Store();
  const opened = await store.handlers.open({ path: scratch.file, key: testKey() });
  expect(opened.salvage?.recovered).toBeGreaterThan(0);
  expect(store.handlers['records.get']({ kind: 'note', id: 'a' })).toMatchObject({ body: { name: 'a', count: 1 } });
  store.close();
});
