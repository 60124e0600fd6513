import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { untilPulled } from '../runtime/hands.ts';
import { call, expect, lockNow, signInAs, test } from './fixtures.ts';

const keytar = createRequire(import.meta.url)('keytar') as { findCredentials(service: string): Promise<{ account: string; password: string }[]> };

/** A signed token, in any of its spellings. */
const jwt = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/;

test('after locking, no token and no key is left in the heap of the main process, and the work goes on after unlocking', async ({ serve, install }) => {
  const backend = await serve({ documents: 100 });
  const installation = await install(backend);
  const app = await installation.start();
  await signInAs(app, backend, 'admin');
  await untilPulled(app);
  const service = `VALEO NeuroERP Admin ${createHash('sha256').update(installation.userData).digest('hex').slice(0, 8)}`;
  const entries = await keytar.findCredentials(service);
  const refreshToken = entries.flatMap(({ password }) => /"refreshToken":"([^"]{20,})"/.exec(password)?.slice(1) ?? [])[0] ?? '';
  const databaseKey = entries.find(({ account }) => account.startsWith('database.'))?.password.replace(/^v1:/, '') ?? '';
  expect(refreshToken.length).toBeGreaterThan(20);
  expect(databaseKey.length).toBeGreaterThan(40);

  const heapOf = async (name: string): Promise<string> => {
    const file = join(installation.folder, `${name}.heapsnapshot`);
    // Taking a snapshot collects garbage first, so what it shows is what is still held.
    await app.app.evaluate((_electron, path) => {
      (process as unknown as { getBuiltinModule(name: string): { writeHeapSnapshot(path: string): void } }).getBuiltinModule('v8').writeHeapSnapshot(path);
    }, file);
    return readFile(file, 'latin1');
  };
  // The control: while unlocked the token is there, so this test could fail.
  expect(jwt.test(await heapOf('unlocked')), 'an access token is held while unlocked').toBe(true);

  await lockNow(app);
  expect(await call(app, 'lock.state')).toMatchObject({ value: { status: 'locked', reason: 'manual' } });
  expect(await call(app, 'documents.list', { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 5 })).toMatchObject({ ok: false, error: { code: 'session.required' } });
  const heap = await heapOf('locked');
  expect(jwt.exec(heap)?.[0].slice(0, 12), 'an access token').toBeUndefined();
  expect(heap.includes(refreshToken), 'the refresh token').toBe(false);
  expect(heap.includes(databaseKey), 'the database key').toBe(false);

  expect(await call(app, 'lock.unlock', { kind: 'keychain' })).toMatchObject({ ok: true });
  expect(await call(app, 'documents.list', { sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 5 })).toMatchObject({ ok: true });
  expect(await call(app, 'workflow.pendingCount')).toMatchObject({ ok: true });
});
