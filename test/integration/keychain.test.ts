import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keychainRepairs, keychainStates, doctorStepIds, type KeychainState } from '../../shared/domain/keychain.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import type { DoctorRepair } from '../../main/secrets/doctor.ts';
import type { Keytar } from '../../main/secrets/keychain.ts';
import { startKeyring, type Keyring } from '../runtime/keyring.ts';
import { fakeKeychain, realKeytar } from './keychain-fake.ts';
import { anna, ben, endHost, filesWith, startPc, type Pc, type PcOptions } from './keychain-pc.ts';

let folder = '';
let service = '';
const running: Pc[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-keychain-'));
  service = `valeo-test-${randomUUID()}`;
});
afterEach(async () => {
  for (const pc of running.splice(0)) await pc.close();
  await rm(folder, { recursive: true, force: true });
});

afterAll(endHost);

const start = async (keytar: Keytar, more: Partial<PcOptions> = {}): Promise<Pc> => {
  const pc = await startPc({ folder, keytar, service, ...more });
  running.push(pc);
  return pc;
};

/** A cache with something in it, a recovery key on paper, and the program closed again. */
async function prepare(keytar: Keytar): Promise<{ recoveryKey: string; key: Buffer }> {
  const pc = await start(keytar);
  expect(pc.secrets.persistence).toEqual({ kind: 'keychain' });
  await pc.cache.open(anna);
  await pc.host.facts.put('draft', 'precious', 1);
  const recoveryKey = await pc.cache.createRecoveryKey();
  const key = await pc.cache.withKey((held) => Promise.resolve(Buffer.from(held)));
  await pc.close();
  if (key === null) throw new Error('the cache is not open');
  return { recoveryKey, key };
}

const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));
const precious = async (pc: Pc): Promise<unknown> => (await pc.host.facts.get('draft'))?.value;

/** The two promises that hold in every state: nothing in plain text on the disk, and the recovery key opens the data. */
async function keepsPromises(pc: Pc, { recoveryKey, key }: { recoveryKey: string; key: Buffer }): Promise<void> {
  expect(await filesWith(folder, key, Buffer.from(recoveryKey), Buffer.from(recoveryKey.replaceAll('-', '')))).toEqual([]);
  if (pc.cache.accountId === null) await pc.cache.openWithRecoveryKey(anna, recoveryKey);
  expect(await precious(pc)).toBe('precious');
  expect(await filesWith(folder, key)).toEqual([]);
}

type Entries = { read(name: string): Promise<string | null>; write(name: string, value: string): Promise<void>; remove(name: string): Promise<void> };
type Damage = { state: KeychainState; how: string; does(entries: Entries): Promise<void>; surroundings?: PcOptions['surroundings'] };
const keyEntry = `database.${anna}`;
const wipe = async ({ remove }: Entries): Promise<void> => { for (const name of [keyEntry, 'mark']) await remove(name); };
const age = async ({ read, write }: Entries, by: number): Promise<void> => {
  const { id, generation } = JSON.parse((await read('mark'))?.slice(3) ?? '') as { id: string; generation: number };
  await write('mark', `v1:${JSON.stringify({ id, generation: generation + by })}`);
};

/** Damage to the entries, done with the keychain's own tools, so that it works on the real one as well. */
const damages: Damage[] = [
  { state: 'wrongItem', how: 'the entry was deleted', does: ({ remove }) => remove(keyEntry) },
  { state: 'wrongItem', how: 'somebody wrote into the entry', does: ({ write }) => write(keyEntry, 'hunter2') },
  { state: 'wrongItem', how: 'the entry holds something short', does: ({ write }) => write(keyEntry, 'v1:c2hvcnQ=') },
  { state: 'wrongItem', how: 'the entry holds another key', does: ({ write }) => write(keyEntry, `v1:${randomBytes(32).toString('base64')}`) },
  { state: 'otherAccount', how: 'the entries of two accounts were swapped', does: async ({ read, write }) => write(keyEntry, (await read(`database.${ben}`)) ?? '') },
  { state: 'failedMidWrite', how: 'a part of the entry was never written', does: ({ write }) => write(keyEntry, `v1#0a1b2c3d:2:${'0'.repeat(32)}`) },
  { state: 'changedBackend', how: 'the keychain was set up anew', does: wipe },
  { state: 'changedBackend', how: 'another keychain answers', does: ({ remove }) => remove(keyEntry), surroundings: { backend: 'two' } },
  { state: 'clonedProfile', how: 'the folder was copied to another computer', does: wipe, surroundings: { machine: 'another computer' } },
  { state: 'restoredBackup', how: 'the keychain came back from a backup', does: async (entries) => { await entries.remove(keyEntry); await age(entries, -1); } },
  { state: 'restoredBackup', how: 'the files came back from a backup', does: async (entries) => { await entries.write(keyEntry, `v1:${randomBytes(32).toString('base64')}`); await age(entries, 1); } },
  { state: 'changedSignature', how: 'the entry is hidden from a program signed differently', does: wipe, surroundings: { signature: 'others' } },
];

describe('the entries of the real keychain', () => {
  it.each(damages)('$state: $how', async ({ state, does, surroundings = {} }) => {
    const keytar = await realKeytar();
    const other = await start(keytar);
    await other.cache.open(ben);
    await other.close();
    const paper = await prepare(keytar);
    await does({
      read: (name) => keytar.getPassword(service, name), write: (name, value) => keytar.setPassword(service, name, value),
      remove: async (name) => { await keytar.deletePassword(service, name); },
    });

    const pc = await start(keytar, { surroundings });
    expect(await codeOf(pc.cache.open(anna))).toBe('keychain.recoveryNeeded');
    const report = await pc.doctor.run();
    expect(report).toMatchObject({ state, isUsable: true, givesKey: false });
    expect(report.steps.find(({ id }) => id === 'entry')).toEqual({ id: 'entry', status: 'failed', cause: state, repair: 'unlockWithRecoveryKey' });
    expect(pc.notices).toEqual([]);
    await keepsPromises(pc, paper);
    const mended = await pc.doctor.run();
    expect(mended).toMatchObject({ state: 'ok', givesKey: true });
    await pc.close();

    const later = await start(keytar, { surroundings });
    await later.cache.open(anna);
    expect(await precious(later)).toBe('precious');
    for (const name of [keyEntry, `database.${ben}`, 'mark']) await keytar.deletePassword(service, name);
  });

  it('are mended from the running session without the recovery key', async () => {
    const keytar = await realKeytar();
    await prepare(keytar);
    const pc = await start(keytar);
    await pc.cache.open(anna);
    await keytar.setPassword(service, keyEntry, `v1#0a1b2c3d:2:${'0'.repeat(32)}`);
    expect((await pc.doctor.run()).steps.find(({ id }) => id === 'entry')).toMatchObject({ cause: 'failedMidWrite', repair: 'rewriteEntry' });
    expect(await pc.doctor.repair('rewriteEntry')).toMatchObject({ state: 'ok', givesKey: true });
    for (const name of [keyEntry, 'mark']) await keytar.deletePassword(service, name);
  });
});

describe('what changed since the key was stored', () => {
  it('is noted when all is well, so that it does not explain a later loss', async () => {
    const fake = fakeKeychain();
    await prepare(fake.keytar);
    const updated = await start(fake.keytar, { surroundings: { signature: 'others', backend: 'two' } });
    await updated.cache.open(anna);
    expect(await updated.doctor.run()).toMatchObject({ state: 'ok' });
    fake.entries.delete(`${service}/${keyEntry}`);
    expect(await updated.doctor.run()).toMatchObject({ state: 'wrongItem', givesKey: false });
  });

  it('says so when computer and keychain were copied together, and settles here when asked', async () => {
    const fake = fakeKeychain();
    await prepare(fake.keytar);
    const copy = await start(fake.keytar, { surroundings: { machine: 'another computer' } });
    await copy.cache.open(anna);
    const report = await copy.doctor.run();
    expect(report).toMatchObject({ state: 'clonedProfile', givesKey: true });
    expect(report.steps.find(({ id }) => id === 'entry')).toMatchObject({ status: 'warning', repair: 'rewriteEntry' });
    expect(await copy.doctor.repair('rewriteEntry')).toMatchObject({ state: 'ok' });
  });
});

describe('a keychain that does not work', () => {
  it.each<[KeychainState, (fake: ReturnType<typeof fakeKeychain>) => void, DoctorRepair | null]>([
    ['absent', ({ state }) => { state.mode = 'absent'; }, 'probeAgain'],
    ['locked', ({ state }) => { state.mode = 'locked'; }, 'probeAgain'],
    ['dismissed', ({ state }) => { state.mode = 'dismissed'; }, 'probeAgain'],
    ['failedMidWrite', ({ state }) => { state.mode = 'failing'; }, 'probeAgain'],
    ['slow', ({ state }) => { state.mode = 'hanging'; }, 'probeAgain'],
    ['tooLarge', ({ state }) => { state.longest = 10; }, 'probeAgain'],
    ['changedSignature', ({ state }) => { state.mode = 'denied'; }, 'probeAgain'],
  ])('%s', async (state, breaks, repair) => {
    const fake = fakeKeychain();
    const paper = await prepare(fake.keytar);
    breaks(fake);
    const pc = await start(fake.keytar, { timeoutMs: 100, surroundings: state === 'changedSignature' ? { signature: 'others' } : {} });
    expect(pc.secrets.persistence.kind).toBe('memory');
    // The lasting data is not hidden behind an empty cache without a word.
    expect(await codeOf(pc.cache.open(anna))).toBe('keychain.recoveryNeeded');
    const report = await pc.doctor.run();
    expect(report).toMatchObject({ state, isUsable: false });
    expect(report.steps[0]).toMatchObject({ id: 'service', status: 'failed', cause: state, repair });
    await keepsPromises(pc, paper);
    expect([...fake.entries.keys()].filter((name) => name.includes('probe'))).toEqual([]);
  });

  it('takes short entries only, or seconds for each: said, and used all the same', async () => {
    const fake = fakeKeychain();
    const paper = await prepare(fake.keytar);
    fake.state.longest = 1_000;
    const pc = await start(fake.keytar);
    await pc.cache.open(anna);
    expect(await pc.doctor.run()).toMatchObject({ state: 'tooLarge', isUsable: true, givesKey: true });
    fake.state.longest = 2_560;
    fake.state.mode = 'slow';
    expect(await pc.doctor.run()).toMatchObject({ state: 'slow', isUsable: true, givesKey: true });
    fake.state.mode = 'open';
    await keepsPromises(pc, paper);
  });

  it('moves what was kept in memory when it works again, but not the key of the throw-away cache', async () => {
    const fake = fakeKeychain();
    fake.state.mode = 'locked';
    const pc = await start(fake.keytar);
    await pc.secrets.store.set('session.p', 'token');
    await pc.cache.open(anna);
    fake.state.mode = 'open';
    expect((await pc.doctor.run()).steps.find(({ id }) => id === 'place')).toMatchObject({ cause: 'inMemory', repair: 'moveToKeychain' });
    expect((await pc.doctor.repair('moveToKeychain')).steps.find(({ id }) => id === 'place')).toMatchObject({ status: 'ok' });
    expect([...fake.entries.keys()]).toEqual([`${service}/session.p`]);
  });

  it('is not believed to have lost a key while it is locked in the middle of a session', async () => {
    const fake = fakeKeychain();
    const pc = await start(fake.keytar);
    await pc.cache.open(anna);
    await pc.host.facts.put('draft', 'precious', 1);
    await pc.cache.close();
    for (const mode of ['locked', 'failing'] as const) {
      fake.state.mode = mode;
      expect(await codeOf(pc.cache.open(anna))).toBe(mode === 'locked' ? 'keychain.locked' : 'keychain.failed');
      expect(pc.notices).toEqual([]);
    }
    fake.state.mode = 'open';
    await pc.cache.open(anna);
    expect(await precious(pc)).toBe('precious');
  });
});

/** The doctor in a process of its own, because libsecret connects once; `between` runs after the secrets were opened. */
async function visit(keyring: Keyring, between?: () => Promise<void>): Promise<{ state: string; persistence: { kind: string } }> {
  const moduleUrl = (file: string): string => JSON.stringify(new URL(`../../main/${file}`, import.meta.url).href);
  const script = `
    const [{ openSecrets }, { silentLog }, { KeySlots }, { KeychainMark }, { KeychainDoctor }] = await Promise.all(
      [${['secrets/open.ts', 'log/log.ts', 'secrets/key-slots.ts', 'secrets/keychain-mark.ts', 'secrets/doctor.ts'].map((file) => `import(${moduleUrl(file)})`).join(', ')}]);
    const secrets = await openSecrets({ loadKeytar: async () => (await import('keytar')).default, service: 'valeo-test', log: silentLog, timeoutMs: 8000 });
    const folder = process.env.CACHE_FOLDER;
    const mark = new KeychainMark(folder, async () => ({ machine: null, home: 'valeo-test', backend: null, signature: null }));
    const cache = { accountId: () => 'a', hasDatabase: () => true, withKey: () => null, openWithRecoveryKey: async () => undefined };
    const doctor = new KeychainDoctor({ secrets, slots: new KeySlots({ folder, now: Date.now }), mark, cache, persistenceChanged: () => undefined });
    process.stdout.write('opened');
    await new Promise((resolve) => process.stdin.once('end', resolve).resume());
    const { state } = await doctor.run();
    process.stdout.write(JSON.stringify({ state, persistence: secrets.persistence }));
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, DISPLAY: '', ...keyring.env, CACHE_FOLDER: folder }, cwd: new URL('../..', import.meta.url), stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  await expect.poll(() => output, { timeout: 30_000 }).toBe('opened');
  await between?.();
  child.stdin.end();
  await new Promise((resolve) => { child.once('close', resolve); });
  return JSON.parse(output.slice('opened'.length)) as { state: string; persistence: { kind: string } };
}

describe.runIf(process.platform === 'linux')('the real Secret Service', () => {
  it.each([['locked', 'locked'], ['none', 'absent']] as const)('%s at start', async (mode, state) => {
    const keyring = await startKeyring(mode);
    try {
      expect(await visit(keyring)).toMatchObject({ state, persistence: { kind: 'memory' } });
    } finally {
      await keyring.close();
    }
  });

  it('locked, and then killed, after it had worked', async () => {
    const keyring = await startKeyring('unlocked');
    try {
      // The key entry is missing, of course; what counts is that the service works.
      expect(await visit(keyring)).toMatchObject({ state: 'wrongItem', persistence: { kind: 'keychain' } });
      expect(await visit(keyring, () => keyring.lock())).toMatchObject({ state: 'locked', persistence: { kind: 'keychain' } });
    } finally {
      await keyring.close();
    }
    const another = await startKeyring('unlocked');
    expect(await visit(another, () => another.close())).toMatchObject({ state: 'absent', persistence: { kind: 'keychain' } });
  });
});

describe('the texts', () => {
  it.each(['de', 'en'])('name every state, cause, repair and step in %s', async (language) => {
    const texts = JSON.parse(await readFile(new URL(`../../resources/locales/${language}/keychain.json`, import.meta.url), 'utf8')) as Record<string, string>;
    const causes = [...keychainStates.filter((state) => state !== 'ok'), 'inMemory', 'noRecoveryKey', 'recoveryDamaged', 'recoveryNewer'];
    expect(Object.keys(texts).toSorted()).toEqual([
      ...keychainStates.map((state) => `state.${state}`), ...causes.map((cause) => `cause.${cause}`), ...keychainRepairs.map((repair) => `repair.${repair}`), ...doctorStepIds.map((step) => `step.${step}`),
    ].toSorted());
  });
});
