import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createHash, randomUUID } from 'node:crypto';
import { orderContent, withNote } from '../fixtures/drafts.ts';
import { call, expect, signInAs, test } from './fixtures.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import { seenOf } from '../../shared/domain/seen.ts';

const keytar = createRequire(import.meta.url)('keytar') as { findCredentials(service: string): Promise<{ account: string; password: string }[]> };

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Every way in which a secret could lie in a file: as text, as UTF-16 as Chromium writes it, and a key as raw bytes. */
const shapes = (secret: string): Buffer[] => [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le')];

test('no token, password, key or document text is readable in what the app leaves behind', async ({ serve, install }) => {
  const backend = await serve();
  const installation = await install(backend);
  const app = await installation.start();
  await signInAs(app, backend, 'admin');
  await expect.poll(async () => ((await call(app, 'sync.state')).value as { finishedAt: number | null }).finishedAt, { timeout: 30_000 }).not.toBeNull();

  // Real work, with texts that occur nowhere else.
  const canaries = { note: 'Kanarienvogel-Notiz-7261', reason: 'Kanarienvogel-Grund-9917', search: 'Kanarienvogel-Suche-3355' };
  const id = randomUUID();
  expect(await call(app, 'drafts.create', { id, content: withNote(orderContent('SO-CANARY'), canaries.note), base: null })).toMatchObject({ ok: true });
  expect(await call(app, 'drafts.send', { id, submit: false })).toMatchObject({ ok: true, value: { status: 'stored' } });
  const key = { type: 'sales_order', number: 'SO-CANARY' };
  const seen = seenOf((await call(app, 'documents.cached', key)).value as DocumentRecord);
  expect(await call(app, 'workflow.transition', { ...key, action: 'submit', seen })).toMatchObject({ ok: true });
  expect(await call(app, 'workflow.transition', { ...key, action: 'reject', reason: canaries.reason, seen })).toMatchObject({ ok: true });
  await call(app, 'documents.trail', { type: 'sales_order', number: 'SO-CANARY' });
  await call(app, 'documents.list', { text: canaries.search, sort: { by: 'changed', direction: 'desc' }, offset: 0, limit: 50 });
  backend.control.fail({ path: /SO-CANARY/, fault: { kind: 'answer', status: 500, body: { detail: `SELECT * FROM x WHERE note='${canaries.note}' -- Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2ln` } } });
  await call(app, 'documents.refresh', { type: 'sales_order', number: 'SO-CANARY' });

  // What the keychain holds is what must stand nowhere else.
  const folderHash = createHash('sha256').update(installation.userData).digest('hex').slice(0, 8);
  const entries = await keytar.findCredentials(`VALEO NeuroERP Admin ${folderHash}`);
  const databaseKey = entries.find((entry) => entry.account.startsWith('database.'))?.password.replace(/^v1:/, '');
  expect(databaseKey, 'the database key is in the keychain').toBeDefined();
  const sessionSecrets = entries.flatMap((entry) => /"refreshToken":"([^"]{20,})"/.exec(entry.password)?.slice(1) ?? []);
  expect(sessionSecrets.length, 'the refresh token is in the keychain').toBeGreaterThan(0);
  const secrets = ['admin-demo', databaseKey ?? '', ...sessionSecrets];

  // The renderer's heap: it may know documents, never secrets.
  const client = await app.page.context().newCDPSession(app.page);
  const chunks: string[] = [];
  client.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await client.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  const heap = chunks.join('');
  expect(heap).toContain('SO-CANARY');
  for (const secret of secrets) expect(heap.includes(secret), `a secret in the renderer's heap: ${secret.slice(0, 4)}…`).toBe(false);
  expect(heap).not.toMatch(/eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./);

  const printed = app.logs.join('\n');
  await app.close();
  const files = await filesBelow(installation.userData);
  expect(files.some((file) => file.endsWith('app.log')), 'there is a log').toBe(true);
  expect(files.some((file) => file.endsWith('.db')), 'there is a cache').toBe(true);
  const rawKey = Buffer.from(databaseKey ?? '', 'base64');
  const texts = [...Object.values(canaries), 'SO-CANARY'];
  for (const file of files) {
    // Chromium's processes clear away behind the app: what is gone by now holds nothing.
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return Buffer.alloc(0); throw error; });
    const name = file.slice(installation.userData.length);
    for (const secret of secrets) for (const shape of shapes(secret)) expect(bytes.includes(shape), `a secret (${secret.slice(0, 4)}…) in ${name}`).toBe(false);
    expect(bytes.includes(rawKey), `the database key in ${name}`).toBe(false);
    expect(bytes.toString('latin1')).not.toMatch(/eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./);
    // Chromium keeps small plain databases of its own; ours is not even recognisable as one.
    if (name.startsWith('/cache/')) expect(bytes.includes('SQLite format 3'), name).toBe(false);
    // The log names documents by number, so that support can follow a case; never their content.
    const allowed = name.includes('app.log') ? ['SO-CANARY'] : [];
    for (const text of texts.filter((one) => !allowed.includes(one))) for (const shape of shapes(text)) expect(bytes.includes(shape), `${text} in ${name}`).toBe(false);
  }
  for (const secret of secrets) expect(printed.includes(secret)).toBe(false);
});
