import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { Wiper } from '../../main/secrets/wipe.ts';
import { fakeKeychain } from './keychain-fake.ts';
import { anna, ben, endHost, startPc, type Pc } from './keychain-pc.ts';

let folder = '';
let fake: ReturnType<typeof fakeKeychain>;
const running: Pc[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-wipe-'));
  fake = fakeKeychain();
});
afterEach(async () => {
  for (const pc of running.splice(0)) await pc.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(endHost);

const start = async (): Promise<Pc> => {
  const pc = await startPc({ folder, keytar: fake.keytar, service: 's' });
  running.push(pc);
  return pc;
};
const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));
const filesOf = async (accountId: string): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith(`${accountId}.`));
const database = (): string => path.join(folder, `${anna}.db`);

async function withData(pc: Pc): Promise<string> {
  await pc.cache.open(ben);
  await pc.host.facts.put('draft', 'of ben', 1);
  await pc.cache.open(anna);
  await pc.host.facts.put('draft', 'precious', 1);
  return pc.cache.createRecoveryKey();
}

describe('wiping an account', () => {
  it('leaves no key and no file of it, and everything of the others', async () => {
    const pc = await start();
    await withData(pc);
    expect(await pc.cache.wipe(anna, { secure: true })).toEqual({ keysDestroyed: true, filesLeft: [] });
    expect(pc.cache.accountId).toBeNull();
    expect(await filesOf(anna)).toEqual([]);
    expect([...fake.entries.keys()].toSorted()).toEqual([`s/database.${ben}`, 's/mark']);
    await pc.cache.open(ben);
    expect((await pc.host.facts.get('draft'))?.value).toBe('of ben');
    await pc.cache.open(anna);
    expect(await pc.host.facts.get('draft')).toBeNull();
  });

  it('makes the database unreadable before a file is removed: every byte of it brought back opens with nothing', async () => {
    const pc = await start();
    const recoveryKey = await withData(pc);
    await pc.cache.close();
    const copies = await Promise.all((await filesOf(anna)).filter((name) => !name.endsWith('.slots.json')).map(async (name) => ({ name, bytes: await readFile(path.join(folder, name)) })));
    expect(copies.map(({ name }) => name)).toContain(`${anna}.db`);
    await pc.cache.wipe(anna);
    for (const { name, bytes } of copies) await writeFile(path.join(folder, name), bytes);

    for (const key of [Buffer.alloc(32), createHash('sha256').update(recoveryKey).digest()]) expect(await codeOf(pc.host.open({ path: database(), key }))).toBe('database.locked');
    expect(await codeOf(pc.cache.openWithRecoveryKey(anna, recoveryKey))).toBe('keychain.failed');
    await pc.cache.open(anna);
    expect(pc.notices.map(({ code }) => code)).toEqual(['database.locked']);
    expect(await pc.host.facts.get('draft')).toBeNull();
  });

  it('goes on after a crash right behind the keys, and the file that is still there opens with nothing', async () => {
    const pc = await start();
    const recoveryKey = await withData(pc);
    await pc.cache.close();
    await copyFile(database(), path.join(folder, 'kept'));
    await pc.cache.wipe(anna);
    // As the disk would look: the intention is written, the keys are gone, the file is not.
    await copyFile(path.join(folder, 'kept'), database());
    await writeFile(path.join(folder, `${anna}.wipe`), '');
    expect(await codeOf(pc.cache.openWithRecoveryKey(anna, recoveryKey))).toBe('keychain.failed');
    const later = await start();
    await later.cache.wiper.finishAll();
    expect(await filesOf(anna)).toEqual([]);
    await later.cache.open(anna);
    expect(later.notices).toEqual([]);
  });

  it('overwrites and removes the files when the keychain cannot be reached, and destroys the key as soon as it can', async () => {
    const pc = await start();
    await withData(pc);
    await pc.cache.close();
    fake.state.mode = 'failing';
    expect(await pc.cache.wipe(anna)).toEqual({ keysDestroyed: false, filesLeft: [] });
    expect(await filesOf(anna)).toEqual([`${anna}.wipe`]);
    expect(fake.entries.has(`s/database.${anna}`)).toBe(true);
    expect(await codeOf(pc.cache.open(anna))).toBe('keychain.locked');
    // A start without keychain can work, and does not take the key for destroyed.
    const without = await start();
    await without.cache.open(anna);
    await without.close();
    expect(await filesOf(anna)).toEqual([`${anna}.wipe`]);

    fake.state.mode = 'open';
    const later = await start();
    await later.cache.wiper.finishAll();
    expect([await filesOf(anna), fake.entries.has(`s/database.${anna}`)]).toEqual([[], false]);
  });

  it('is not fooled by a locked keychain that says it has nothing', async () => {
    const pc = await start();
    await withData(pc);
    fake.state.mode = 'locked';
    expect(await pc.cache.wipe(anna)).toMatchObject({ keysDestroyed: false });
    expect(await filesOf(anna)).toEqual([`${anna}.wipe`]);
  });

  it('destroys the keys while the files are still there, and says which files it could not remove', async () => {
    const pc = await start();
    await withData(pc);
    const { deletePassword } = fake.keytar;
    const seen: boolean[] = [];
    fake.keytar.deletePassword = (service, account) => {
      if (account === `database.${anna}`) seen.push(existsSync(database()), existsSync(path.join(folder, `${anna}.slots.json`)));
      return deletePassword(service, account);
    };
    // As good as a file that another program holds open.
    await mkdir(path.join(folder, `${anna}.held`));
    expect(await pc.cache.wipe(anna)).toEqual({ keysDestroyed: true, filesLeft: [`${anna}.held`] });
    expect(seen).toEqual([true, false]);
    expect((await filesOf(anna)).toSorted()).toEqual([`${anna}.held`, `${anna}.wipe`]);
    // It keeps nobody from working again, and the new cache is not taken for a rest of the old one.
    await pc.cache.open(anna);
    expect(await pc.host.facts.get('draft')).toBeNull();
    await pc.host.facts.put('draft', 'new', 1);
    const later = await start();
    await later.cache.wiper.finishAll();
    await later.cache.open(anna);
    expect((await later.host.facts.get('draft'))?.value).toBe('new');
  });

  it('takes what was set aside along, with its recovery slot', async () => {
    const pc = await start();
    await withData(pc);
    await pc.cache.startFresh(anna);
    expect((await filesOf(anna)).filter((name) => name.includes('.unreadable')).length).toBeGreaterThan(1);
    expect(await pc.cache.wipe(anna)).toEqual({ keysDestroyed: true, filesLeft: [] });
    expect(await filesOf(anna)).toEqual([]);
  });

  it.each(['', '..', 'a/b', '*'])('refuses %j as an account', async (accountId) => {
    const wiper = new Wiper({ folder, store: createMemoryStore(), reachesKeychain: () => true });
    expect(await codeOf(wiper.wipe(accountId))).toBe('input.invalid');
  });

  it('overwrites what it removes', async () => {
    const pc = await start();
    await withData(pc);
    await pc.cache.close();
    // A second name for the same blocks shows what is in them afterwards.
    await link(database(), path.join(folder, 'same-blocks'));
    const before = await readFile(database());
    await pc.cache.wipe(anna, { secure: true });
    const after = await readFile(path.join(folder, 'same-blocks'));
    expect(after).toHaveLength(before.length);
    let same = 0;
    for (const [at, byte] of after.entries()) if (byte === before[at]) same++;
    expect(same / before.length).toBeLessThan(0.02);
  });
});
