import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { silentLog } from '../log/log.ts';
import { databaseKey, storeSlot, type KeySlot } from './database-key.ts';
import { createKeychainStore, keychainCode, splitBytes, type Keytar } from './keychain.ts';
import { createMemoryStore } from './memory.ts';
import { openSecrets } from './open.ts';

/** A complete keychain in memory with the Windows limit, which can be locked, broken or made to hang. */
function fakeKeychain() {
  const entries = new Map<string, string>();
  const state = { mode: 'open' as 'open' | 'locked' | 'broken' | 'hanging' | 'deaf', writes: 0, failAtWrite: -1, running: 0, mostRunning: 0 };
  async function run<T>(action: () => T): Promise<T> {
    state.running++;
    state.mostRunning = Math.max(state.mostRunning, state.running);
    try {
      await Promise.resolve();
      if (state.mode === 'hanging') await new Promise(() => undefined);
      if (state.mode === 'broken') throw new Error('The disk is on fire');
      return action();
    } finally {
      state.running--;
    }
  }
  const keytar: Keytar = {
    getPassword: (service, account) => run(() => (state.mode === 'locked' ? null : entries.get(`${service}/${account}`) ?? null)),
    setPassword: (service, account, password) => run(() => {
      if (state.mode === 'locked') throw new Error('Cannot create an item in a locked collection');
      if (Buffer.byteLength(password) > 2_560) throw new Error('Das Handle ist ungültig: CredWrite');
      if (++state.writes === state.failAtWrite) throw new Error('killed');
      if (state.mode !== 'deaf') entries.set(`${service}/${account}`, password);
    }),
    deletePassword: (service, account) => run(() => entries.delete(`${service}/${account}`)),
  };
  return { keytar, entries, state };
}

const code = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.then(() => null, (reason: unknown) => reason);
  return error instanceof AppFailure ? error.error.code : String(error);
};

describe('keychain store', () => {
  it('keeps values of every length and script', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 9000, size: 'max' }), fc.string({ maxLength: 6000, size: 'max' }), async (first, second) => {
      const { keytar, entries } = fakeKeychain();
      const store = createKeychainStore({ keytar, service: 's' });
      await store.set('name', first);
      expect(await store.get('name')).toBe(first);
      await store.set('name', second);
      expect(await store.get('name')).toBe(second);
      await store.delete('name');
      expect(await store.get('name')).toBeNull();
      expect(entries.size).toBe(0);
    }), { numRuns: 40 });
  });

  it('splits between characters', () => {
    const chunks = splitBytes('äöü€🌾'.repeat(700), 100);
    expect(chunks.join('')).toBe('äöü€🌾'.repeat(700));
    for (const chunk of chunks) expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(100);
  });

  it('keeps the old value when it is killed while writing chunks', async () => {
    for (let failAt = 1; failAt <= 4; failAt++) {
      const { keytar, state } = fakeKeychain();
      const store = createKeychainStore({ keytar, service: 's' });
      await store.set('name', 'a'.repeat(5000));
      state.failAtWrite = state.writes + failAt;
      expect(await code(store.set('name', 'b'.repeat(7000)))).toBe('keychain.failed');
      expect(await store.get('name'), `write ${failAt}`).toBe('a'.repeat(5000));
    }
  });

  it('calls a value with a missing chunk damaged, not absent', async () => {
    const { keytar, entries } = fakeKeychain();
    const store = createKeychainStore({ keytar, service: 's' });
    await store.set('name', 'a'.repeat(5000));
    entries.delete([...entries.keys()].find((key) => key.endsWith('.1')) ?? '');
    expect(await code(store.get('name'))).toBe('keychain.failed');
  });

  it('does not believe a write that it cannot read back', async () => {
    const { keytar, state } = fakeKeychain();
    state.mode = 'deaf';
    expect(await code(createKeychainStore({ keytar, service: 's' }).set('name', 'v'))).toBe('keychain.failed');
  });

  it('gives up on a hanging prompt, takes one thread for it at most, and works again afterwards', async () => {
    const { keytar, state } = fakeKeychain();
    let release = (): void => undefined;
    const slow: Keytar = { ...keytar, getPassword: () => new Promise((resolve) => { release = () => resolve(null); state.running++; state.mostRunning = Math.max(state.mostRunning, state.running); }) };
    const store = createKeychainStore({ keytar: slow, service: 's', timeoutMs: 20 });
    expect(await code(store.get('name'))).toBe('keychain.locked');
    expect(await Promise.all([code(store.get('a')), code(store.set('b', 'c')), code(store.delete('d'))])).toEqual(Array(3).fill('keychain.locked'));
    expect(state.mostRunning).toBe(1);
    release();
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    slow.getPassword = keytar.getPassword;
    await store.set('b', 'c');
    expect(await store.get('b')).toBe('c');
  });

  it.each([
    ['The connection is closed', 'keychain.absent'],
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain.absent'],
    ['The name org.freedesktop.secrets was not provided by any .service files', 'keychain.absent'],
    ['libsecret-1.so.0: cannot open shared object file: No such file or directory', 'keychain.absent'],
    ['Cannot create an item in a locked collection', 'keychain.locked'],
    ['User canceled the operation.', 'keychain.locked'],
    ['User interaction is not allowed.', 'keychain.locked'],
    ['The specified item could not be added', 'keychain.failed'],
  ])('%s is %s', (text, expected) => {
    expect(keychainCode(new Error(text))).toBe(expected);
  });
});

describe('opening', () => {
  const open = (keytar: Keytar, timeoutMs = 50) => openSecrets({ loadKeytar: () => Promise.resolve(keytar), service: 's', log: silentLog, timeoutMs });

  it('uses a working keychain and leaves no trace of the probe', async () => {
    const { keytar, entries } = fakeKeychain();
    expect((await open(keytar)).persistence).toEqual({ kind: 'keychain' });
    expect(entries.size).toBe(0);
  });

  it.each([['locked', 'locked'], ['broken', 'failed'], ['hanging', 'locked'], ['deaf', 'failed']] as const)('falls back to memory when it is %s', async (mode, cause) => {
    const { keytar, entries, state } = fakeKeychain();
    state.mode = mode;
    const secrets = await open(keytar);
    expect(secrets.persistence).toEqual({ kind: 'memory', cause });
    await secrets.store.set('session.p', 'secret');
    expect(await secrets.store.get('session.p')).toBe('secret');
    expect(entries.size).toBe(0);
  });

  describe('with an entry of the last start', () => {
    const openProven = async (keytar: Keytar, lost?: (persistence: unknown) => void) =>
      openSecrets({ loadKeytar: () => Promise.resolve(keytar), service: 's', log: silentLog, timeoutMs: 50, provenBy: 'session.p', ...(lost === undefined ? {} : { lost }) });
    const settle = () => new Promise((resolve) => { setTimeout(resolve, 20); });

    it('is there before the keychain was tried out, which then leaves no trace', async () => {
      const { keytar, entries } = fakeKeychain();
      await (await open(keytar)).store.set('session.p', 'mine');
      const written: string[] = [];
      const slow: Keytar = { ...keytar, setPassword: async (service, account, password) => { await settle(); written.push(account); await keytar.setPassword(service, account, password); } };
      const secrets = await openProven(slow);
      expect(written).toEqual([]);
      expect(secrets.persistence).toEqual({ kind: 'keychain' });
      expect(await secrets.store.get('session.p')).toBe('mine');
      await settle();
      await settle();
      expect(written).toEqual(['probe']);
      expect([...entries.keys()].filter((name) => name.includes('probe'))).toEqual([]);
    });

    it('keeps in memory what a keychain does not take that can only be read, says so, and goes on reading', async () => {
      const { keytar, entries } = fakeKeychain();
      const earlier = await open(keytar);
      await earlier.store.set('session.p', 'mine');
      await earlier.store.set('database.a', 'key');
      const readOnly: Keytar = { ...keytar, setPassword: () => Promise.reject(new Error('Cannot create an item in a locked collection')) };
      const told: unknown[] = [];
      const secrets = await openProven(readOnly, (persistence) => told.push(persistence));
      await settle();
      expect(told).toEqual([{ kind: 'memory', cause: 'locked' }]);
      expect(secrets.persistence).toEqual({ kind: 'memory', cause: 'locked' });
      expect(await secrets.store.get('database.a')).toBe('key');
      await secrets.store.set('session.p', 'renewed');
      expect(await secrets.store.get('session.p')).toBe('renewed');
      // Signing out reaches the keychain too: what stayed there would sign the next person in.
      await secrets.store.delete('session.p');
      expect(await secrets.store.get('session.p')).toBeNull();
      expect([...entries.keys()].some((name) => name.includes('session.p'))).toBe(false);
    });

    it('proves nothing when it is not there', async () => {
      const { keytar, state } = fakeKeychain();
      state.mode = 'locked';
      expect((await openProven(keytar)).persistence).toEqual({ kind: 'memory', cause: 'locked' });
    });
  });

  it('falls back to memory when the library does not load', async () => {
    const secrets = await openSecrets({ loadKeytar: () => Promise.reject(new Error('libsecret missing')), service: 's', log: silentLog });
    expect(secrets.persistence).toEqual({ kind: 'memory', cause: 'absent' });
  });

  it('moves the session into a keychain that was unlocked, but never replaces a database key', async () => {
    const { keytar, state } = fakeKeychain();
    const earlier = await open(keytar);
    await earlier.store.set('database.a', 'the real key');
    await earlier.store.set('session.p', 'old');
    state.mode = 'locked';
    const secrets = await open(keytar);
    await secrets.store.set('database.a', 'key of this run');
    await secrets.store.set('database.b', 'only here');
    await secrets.store.set('session.p', 'new');
    state.mode = 'open';
    expect(await secrets.reprobe()).toEqual({ kind: 'keychain' });
    expect(secrets.persistence).toEqual({ kind: 'keychain' });
    expect(await secrets.store.get('database.a')).toBe('the real key');
    expect(await secrets.store.get('database.b')).toBe('only here');
    expect(await secrets.store.get('session.p')).toBe('new');
  });
});

describe('database key', () => {
  it('is made once and found again, one for each account', async () => {
    const slots = [storeSlot(createMemoryStore())];
    const first = await databaseKey({ accountId: 'a', slots, mayCreate: true });
    expect(first).toMatchObject({ created: true, slot: 'store' });
    expect(first.key).toHaveLength(32);
    expect((await databaseKey({ accountId: 'a', slots, mayCreate: false })).key).toEqual(first.key);
    expect((await databaseKey({ accountId: 'b', slots, mayCreate: true })).key).not.toEqual(first.key);
  });

  it('is not made anew for a database that exists', async () => {
    expect(await code(databaseKey({ accountId: 'a', slots: [storeSlot(createMemoryStore())], mayCreate: false }))).toBe('keychain.failed');
  });

  it('is not made anew while a slot cannot be asked', async () => {
    const { keytar, state, entries } = fakeKeychain();
    state.mode = 'broken';
    const slots = [storeSlot(createMemoryStore()), storeSlot(createKeychainStore({ keytar, service: 's' }))];
    expect(await code(databaseKey({ accountId: 'a', slots, mayCreate: true }))).toBe('keychain.failed');
    expect(entries.size).toBe(0);
  });

  it('comes from the second slot when the first has lost it, and heals the first', async () => {
    const [keychain, recovery] = [createMemoryStore(), createMemoryStore()];
    const slots: KeySlot[] = [storeSlot(keychain), { ...storeSlot(recovery), name: 'recovery' }];
    const { key } = await databaseKey({ accountId: 'a', slots, mayCreate: true });
    await keychain.delete('database.a');
    expect(await databaseKey({ accountId: 'a', slots, mayCreate: false })).toEqual({ key, slot: 'recovery', created: false });
    expect(await storeSlot(keychain).read('a')).toEqual(key);
  });
});
