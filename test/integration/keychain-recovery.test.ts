import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { createMemoryStore, type MemoryStore } from '../../main/secrets/memory.ts';
import { startBackend } from '../backend/index.ts';
import { end, openDesk, type Desk } from './keychain-desk.ts';

let folder = '';
let backend: Awaited<ReturnType<typeof startBackend>>;
const running: Desk[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-recovery-'));
  backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
});
afterEach(async () => {
  for (const one of running.splice(0)) await end(one);
  await backend.close();
  await rm(folder, { recursive: true, force: true });
});

function desk(store: MemoryStore): Desk {
  const made = openDesk({ folder, backend, store });
  running.push(made);
  return made;
}

/** Signed in once, with something in the cache and a recovery key on paper; then the keychain loses the database key. */
async function lose(): Promise<{ store: MemoryStore; recoveryKey: string; accountId: string }> {
  const store = createMemoryStore();
  const first = desk(store);
  await first.workspace.session.signIn();
  await first.workspace.settled();
  await first.host.facts.put('draft', 'precious', 1);
  const recoveryKey = await first.workspace.cache.createRecoveryKey();
  const { id: accountId } = first.workspace.account();
  await end(first);
  running.pop();
  await store.delete(`database.${accountId}`);
  return { store, recoveryKey, accountId };
}

const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));
const files = async (): Promise<string[]> => readdir(path.join(folder, 'cache'));

describe('a keychain that lost the key of an account with a recovery key', () => {
  it('asks once, touches nothing, and goes on with the recovery key', async () => {
    const { store, recoveryKey } = await lose();
    const later = desk(store);
    await later.workspace.restore();
    expect(later.workspace.session.state().status).toBe('signedIn');
    expect(later.workspace.isUnlocked()).toBe(false);
    expect(later.workspace.cache.recoveryNeeded).toMatchObject({ cause: 'missing' });
    // Renewed sessions do not ask again.
    await later.workspace.session.signIn();
    await later.workspace.settled();
    expect(await codeOf(later.workspace.openCache({ kind: 'recoveryKey', text: recoveryKey.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }))).toBe('input.invalid');
    await later.workspace.session.signIn();
    await later.workspace.settled();
    expect(later.notices.map(({ code }) => code)).toEqual(['keychain.recoveryNeeded']);
    expect((await files()).filter((name) => name.includes('unreadable'))).toEqual([]);

    await later.workspace.openCache({ kind: 'recoveryKey', text: recoveryKey });
    expect(later.workspace.isUnlocked()).toBe(true);
    expect((await later.host.facts.get('draft'))?.value).toBe('precious');
    await end(later);
    running.pop();
    const healed = desk(store);
    await healed.workspace.restore();
    expect((await healed.host.facts.get('draft'))?.value).toBe('precious');
    expect(healed.notices).toEqual([]);
  });

  it('starts with an empty cache when that is chosen, and the old recovery key still opens what was kept', async () => {
    const { store, recoveryKey, accountId } = await lose();
    const later = desk(store);
    await later.workspace.restore();
    await later.workspace.openCache({ kind: 'fresh' });
    expect(await later.host.facts.get('draft')).toBeNull();
    expect(await later.workspace.cache.recoveryStatus()).toEqual({ status: 'none' });
    const kept = (await files()).filter((name) => name.includes('.unreadable'));
    expect(kept.map((name) => name.replace(/\.\d+\./, '.*.')).toSorted()).toEqual(expect.arrayContaining([`${accountId}.db.*.unreadable`, `${accountId}.db.*.unreadable.slots`]));
    expect(await codeOf(later.workspace.openCache({ kind: 'recoveryKey', text: recoveryKey }))).toBe('keychain.failed');
  });

  it('starts anew as before when the recovery slot is damaged', async () => {
    const { store, accountId } = await lose();
    await writeFile(path.join(folder, 'cache', `${accountId}.slots.json`), '{"format":1');
    const later = desk(store);
    await later.workspace.restore();
    expect(later.workspace.isUnlocked()).toBe(true);
    expect(later.notices.map(({ code }) => code)).toEqual(['database.locked']);
  });

  it('does not take a recovery key for one that opens another database', async () => {
    const { store, recoveryKey, accountId } = await lose();
    const later = desk(store);
    // A database from before the recovery key, as a backup brings it back.
    for (const name of await files()) if (name.startsWith(`${accountId}.db`)) await rm(path.join(folder, 'cache', name));
    await later.host.open({ path: path.join(folder, 'cache', `${accountId}.db`), key: Buffer.alloc(32, 7) });
    await later.host.close();
    await later.workspace.restore();
    expect(await codeOf(later.workspace.openCache({ kind: 'recoveryKey', text: recoveryKey }))).toBe('keychain.recoveryWrong');
    expect(await store.get(`database.${accountId}`)).toBeNull();
    expect(later.workspace.isUnlocked()).toBe(false);
  });
});

describe('a locked workspace', () => {
  it('stays closed whatever the session does, and opens when it is told to', async () => {
    const { store, recoveryKey } = await lose();
    const later = desk(store);
    await later.workspace.restore();
    await later.workspace.openCache({ kind: 'recoveryKey', text: recoveryKey });
    await later.workspace.lock();
    await later.workspace.session.signIn();
    await later.workspace.settled();
    expect(later.workspace.isUnlocked()).toBe(false);
    expect(await codeOf(later.host.facts.get('draft'))).toBe('database.unavailable');
    await later.workspace.openCache({ kind: 'keychain' });
    expect((await later.host.facts.get('draft'))?.value).toBe('precious');
  });
});
