import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nothingOnlyHere } from '../../shared/domain/only-here.ts';
import { ThrowAwayCaches } from '../../main/documents/throw-away.ts';
import { systemClock, type HttpFetch } from '../../main/erp/ports.ts';
import { createDataHost } from '../../main/host/client.ts';
import { spawnNodeHost } from '../../main/host/spawn-node.ts';
import { silentLog } from '../../main/log/log.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { orderContent } from '../fixtures/drafts.ts';
import { openDesk, type Desk } from './keychain-desk.ts';

let folder = '';
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-no-keychain-')); });
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** An app without a keychain, as main/app.ts builds it: one connection at a time, each in a workspace of its own. */
async function app() {
  const backend: Backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
  closing.push(() => backend.close());
  const store = createMemoryStore();
  const person = { name: 'sales' };
  const network = { isUp: true };
  const cable: HttpFetch = (url, init) => (network.isUp ? fetch(url, init) : Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })));
  let desk: Desk | null = null;
  const host = createDataHost({ spawn: () => spawnNodeHost(fileURLToPath(new URL('../../main/host/index.ts', import.meta.url))), log: silentLog, onReopen: async () => (await desk?.workspace.cache.reopenParams()) ?? null });
  const throwAway = new ThrowAwayCaches({ folder: path.join(folder, 'cache'), host, clock: systemClock });
  closing.push(() => host.dispose(), async () => desk?.workspace.dispose());
  const use = async (profileId: string): Promise<Desk> => {
    await desk?.workspace.dispose();
    desk = openDesk({ folder, backend, store, fetch: cable, persistence: { kind: 'memory', cause: 'absent' }, user: () => person.name, profileId, shared: { host, throwAway } });
    await desk.workspace.restore();
    return desk;
  };
  const signIn = async (name: string, { workspace } = desk ?? { workspace: null }): Promise<void> => {
    person.name = name;
    await workspace?.session.signIn();
    await workspace?.settled();
  };
  const files = async (): Promise<string[]> => (await readdir(path.join(folder, 'cache'))).filter((name) => name.endsWith('.session.db'));
  return { host, throwAway, network, use, signIn, files };
}

const writes = async ({ workspace }: Desk, number: string): Promise<string> => (await workspace.offline.drafts.create(randomUUID(), orderContent(number), null)).id;

describe('without a keychain', () => {
  it('a draft is there again after switching to another connection and back', async () => {
    const { host, throwAway, use, signIn } = await app();
    const first = await use('one');
    await signIn('sales');
    const id = await writes(first, 'SO-KEPT');
    const { id: accountId } = first.workspace.account();

    const second = await use('two');
    expect(second.workspace.session.state().status, 'another connection, another session').toBe('signedOut');
    expect(throwAway.onlyHere(null)).toEqual({ mine: nothingOnlyHere, others: { ...nothingOnlyHere, drafts: 1 } });
    await signIn('sales');
    expect(await host.drafts.list(), 'nothing of one connection is in the other').toEqual([]);
    await second.workspace.session.signOut();
    await second.workspace.settled();

    const again = await use('one');
    expect(again.workspace.account().id, 'still signed in there').toBe(accountId);
    expect((await host.drafts.get(id))?.content.number).toBe('SO-KEPT');
  });

  it('a connection that is imported or saved anew keeps what was written', async () => {
    const { host, use, signIn } = await app();
    const id = await writes(await use('one').then(async (desk) => { await signIn('sales'); return desk; }), 'SO-ANEW');
    await use('one');
    expect((await host.drafts.get(id))?.content.number).toBe('SO-ANEW');
  });

  it('another person at the same connection neither sees nor loses it, and signing out destroys only the own', async () => {
    const { host, throwAway, use, signIn, files } = await app();
    const desk = await use('one');
    await signIn('sales');
    const id = await writes(desk, 'SO-MINE');
    await signIn('admin');
    expect(await host.drafts.get(id)).toBeNull();
    await writes(desk, 'SO-THEIRS');
    expect(await files()).toHaveLength(2);
    await desk.workspace.session.signOut();
    await desk.workspace.settled();
    expect(await files()).toHaveLength(1);
    expect(throwAway.onlyHere(null).others).toEqual({ ...nothingOnlyHere, drafts: 1 });
    await signIn('sales');
    expect((await host.drafts.get(id))?.content.number).toBe('SO-MINE');
    await desk.workspace.session.signOut();
    await desk.workspace.settled();
    expect([await files(), throwAway.isInUse]).toEqual([[], false]);
  });

  it('is known what would be lost: while it is open, and behind the lock', async () => {
    const { host, throwAway, network, use, signIn } = await app();
    const desk = await use('one');
    await signIn('sales');
    const { workspace } = desk;
    const { id: accountId } = workspace.account();
    await writes(desk, 'SO-DRAFT');
    await workspace.cache.count();
    expect(throwAway.onlyHere(accountId).mine).toEqual({ drafts: 1, documents: 0, decisions: 0 });
    await expect.poll(() => workspace.online.pull.state().finishedAt, { timeout: 20_000 }).not.toBeNull();
    const [row] = (await host.documents.list({ sort: { by: 'number', direction: 'asc' }, offset: 0, limit: 1 })).rows;
    if (row === undefined) throw new Error('nothing was pulled');
    network.isUp = false;
    for (let look = 0; look < 2; look += 1) await workspace.monitor.retry();
    await workspace.offline.decisions.add({ type: row.type, number: row.number }, 'approve', null);
    await workspace.offline.drafts.send(await writes(desk, 'SO-WAITS'), true);
    await workspace.lock();
    expect(throwAway.onlyHere(accountId).mine, 'an order and its submit are one document').toEqual({ drafts: 1, documents: 1, decisions: 1 });
  });

  it('leaves no file behind at the end of the app', async () => {
    const { throwAway, use, signIn, files } = await app();
    const desk = await use('one');
    await signIn('sales');
    await writes(desk, 'SO-END');
    await desk.workspace.dispose();
    await throwAway.dropAll();
    expect(await files()).toEqual([]);
  });
});
