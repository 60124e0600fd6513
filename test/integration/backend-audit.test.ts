import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical, parseCanonical } from '../backend/audit/entry.ts';
import { startBackend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { callerFor, facts, startTestServer, type Caller, type TestServer } from './backend-client.ts';

const base = '/security/audit-log';
type Entry = { seq: number; ts: string; actor: string; action: string; resource: string; outcome: string; canonical: string; hash: string; correlationId: string };

let server: TestServer;
let admin: Caller;
beforeAll(async () => {
  server = await startTestServer({ documents: 200, audit: 700 });
  admin = await server.as('admin');
});
afterAll(() => server.backend.close());

const sha = (...parts: (string | Buffer)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** RFC 6962 section 2.1, as it is written there. */
function root(leaves: readonly Buffer[]): Buffer {
  if (leaves.length <= 1) return leaves[0] ?? sha('');
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha('\x01', root(leaves.slice(0, k)), root(leaves.slice(k)));
}

async function readAll(as: Caller = admin): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<Caller>> = await as('GET', `${base}?limit=300&cursor=${cursor}`);
    expect(page.status).toBe(200);
    entries.push(...(page.body['entries'] as Entry[]));
    cursor = page.body['nextCursor'] as string | null;
  }
  return entries;
}

async function binary(path: string): Promise<Buffer> {
  const { accessToken } = await loginHeadless(server.backend, 'admin');
  const response = await fetch(server.backend.erp + path, { headers: { authorization: `Bearer ${accessToken}` } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

function opened(note: string, vkey: string): { size: number; root: Buffer } {
  const [name = '', , ...rest] = vkey.trim().split('+');
  const material = rest.join('+');
  const at = note.lastIndexOf('\n\n');
  const text = note.slice(0, at + 1);
  const line = note.slice(at + 2).trim().split(' ');
  expect(line.slice(0, 2)).toEqual(['—', name]);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(material, 'base64').subarray(1)]);
  const signature = Buffer.from(line[2] ?? '', 'base64').subarray(4);
  expect(verify(null, Buffer.from(text), createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature)).toBe(true);
  const [, size, hash] = text.split('\n');
  return { size: Number(size), root: Buffer.from(hash ?? '', 'base64') };
}

describe('the audit log of the reference backend', () => {
  it('signs a tree over exactly the bytes it serves', async () => {
    const checkpoint = opened((await admin('GET', `${base}/checkpoint`)).text, (await admin('GET', `${base}/key`)).text);
    const entries = (await readAll()).slice(0, checkpoint.size);
    expect(entries.length).toBeGreaterThanOrEqual(700);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    const leaves = entries.map((entry) => sha('\0', entry.canonical));
    expect(leaves.map((leaf) => leaf.toString('hex'))).toEqual(entries.map(({ hash }) => hash));
    expect(root(leaves).equals(checkpoint.root)).toBe(true);
    for (const entry of entries.slice(0, 20)) expect(canonical(entry.seq, parseCanonical(entry.canonical))).toBe(entry.canonical);
  });

  it('serves tiles of 256 hashes, whole and partial, and none beyond its size', async () => {
    const leaves = (await readAll()).map((entry) => sha('\0', entry.canonical));
    expect((await binary(`${base}/tile/0/001`)).equals(Buffer.concat(leaves.slice(256, 512)))).toBe(true);
    expect((await binary(`${base}/tile/0/002.p/44`)).equals(Buffer.concat(leaves.slice(512, 556)))).toBe(true);
    expect((await binary(`${base}/tile/1/000.p/2`)).equals(Buffer.concat([root(leaves.slice(0, 256)), root(leaves.slice(256, 512))]))).toBe(true);
    for (const path of ['0/009', `0/00${Math.floor(leaves.length / 256)}`, '1/000', '0/1', '64/000', '0/000.p/256', '0/000.p/0', '0/x000', '0/../key']) expect((await admin('GET', `${base}/tile/${path}`)).status, path).toBe(404);
  });

  it('filters by who, what, when and resource', async () => {
    const all = await readAll();
    const some = all.find(({ action }) => action === 'print') as Entry;
    const filtered = (await admin('GET', `${base}?limit=5000&actor=${some.actor}&action=print&resource=${encodeURIComponent(some.resource)}`)).body;
    expect(filtered['entries']).toEqual(all.filter(({ actor, action, resource }) => actor === some.actor && action === 'print' && resource === some.resource));
    const until = (await admin('GET', `${base}?limit=5000&to=${encodeURIComponent(some.ts)}`)).body['entries'] as Entry[];
    expect(until).toEqual(all.filter(({ ts }) => ts <= some.ts));
    expect((await admin('GET', `${base}?limit=0`)).status).toBe(422);
  });

  it('records transitions, refused attempts, refused reads and logins, each once', async () => {
    const before = (await readAll()).length;
    const sales = await server.as('manager');
    await sales('POST', '/api/workflow/sales/SO-A-1/transition?action=submit', facts());
    await sales('POST', '/api/workflow/sales/SO-A-1/transition?action=post', facts());
    await sales('GET', base);
    const added = (await readAll()).slice(before);
    expect(added.filter(({ actor }) => actor === 'manager').map(({ action, resource, outcome }) => [action, resource, outcome])).toEqual([
      ['login', 'session', 'accepted'], ['submit', 'sales/SO-A-1', expect.any(String)], ['post', 'sales/SO-A-1', 'refused'], ['get', base, 'refused'],
    ]);
    const wrong = { ...server.backend, users: server.backend.users.map((user) => ({ ...user, password: 'falsch' })) };
    await loginHeadless(wrong, 'sales').catch(() => undefined);
    expect((await readAll()).at(-1)).toMatchObject({ action: 'login', actor: 'sales', outcome: 'refused' });
  });

  it('is closed to everybody else, and to tokens that are none', async () => {
    for (const path of ['', '/checkpoint', '/key', '/tile/0/000', '/proof/inclusion?seq=1&size=2']) {
      expect((await (await server.as('sales'))('GET', base + path)).status, path).toBe(403);
      expect((await server.anonymous('GET', base + path)).status, path).toBe(401);
    }
  });

  it('keeps key, origin and log over a restart', async () => {
    const data = mkdtempSync(join(tmpdir(), 'valeo-audit-'));
    try {
      const keys: string[] = [];
      const checkpoints: { size: number; root: Buffer }[] = [];
      for (let start = 0; start < 2; start += 1) {
        const backend = await startBackend({ documents: 20, data });
        const { accessToken } = await loginHeadless(backend, 'admin');
        const call = callerFor(backend, accessToken);
        keys.push((await call('GET', `${base}/key`)).text);
        checkpoints.push(opened((await call('GET', `${base}/checkpoint`)).text, keys[0] ?? ''));
        await backend.close();
      }
      expect(keys[1]).toBe(keys[0]);
      expect(checkpoints[1]?.size).toBe((checkpoints[0]?.size ?? 0) + 1);
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});

describe('tampering', () => {
  const head = async (call: Caller): Promise<string> => (await call('GET', `${base}/checkpoint`)).text;

  it('rewrites and signs anew, or keeps the tree', async () => {
    const other = await startTestServer({ documents: 40 });
    try {
      const call = await other.as('admin');
      const honest = await readAll(call);
      const vkey = (await call('GET', `${base}/key`)).text;
      other.backend.control.tamperAudit({ kind: 'edit', index: 3, keepTree: true });
      const clumsy = await readAll(call);
      expect(clumsy[3]?.canonical).not.toBe(honest[3]?.canonical);
      expect(clumsy[3]?.hash).toBe(honest[3]?.hash);
      expect(opened(await head(call), vkey).root.equals(root(honest.map((entry) => sha('\0', entry.canonical))))).toBe(true);
      other.backend.control.tamperAudit({ kind: 'delete', index: 5, renumber: true });
      const rewritten = await readAll(call);
      expect(rewritten).toHaveLength(honest.length - 1);
      expect(opened(await head(call), vkey)).toEqual({ size: rewritten.length, root: root(rewritten.map((entry) => sha('\0', entry.canonical))) });
      other.backend.control.tamperAudit({ kind: 'splitView', actor: 'admin', index: 2 });
      expect((await readAll(call))[2]?.canonical).not.toBe(rewritten[2]?.canonical);
      other.backend.control.tamperAudit({ kind: 'replay', size: 4 });
      expect(opened(await head(call), vkey).size).toBe(4);
      other.backend.control.tamperAudit({ kind: 'keySwap' });
      expect((await call('GET', `${base}/key`)).text).not.toBe(vkey);
    } finally {
      await other.backend.close();
    }
  });
});
