import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatRecoveryKey, parseRecoveryKey } from '../../shared/domain/key-slots.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { KeySlots, keyIdOf } from './key-slots.ts';
import { slotFilePath } from './slot-file.ts';

const [anna, ben] = ['a'.repeat(32), 'b'.repeat(32)];
let folder = '';
let slots: KeySlots;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'valeo-slots-'));
  slots = new KeySlots({ folder, now: () => 1_800_000_000_000, work: { cost: 2 ** 14, parallel: 1 } });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const failureOf = async (run: Promise<unknown>): Promise<unknown> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error : String(error)));

describe('recovery key', () => {
  it('opens what was sealed, also after a restart, and only the newest one does once it was typed in', async () => {
    const key = randomBytes(32);
    const first = await slots.createRecoveryKey(anna, key);
    expect(await new KeySlots({ folder, now: Date.now }).openWithRecoveryKey(anna, first.toLowerCase().replaceAll('-', ' '))).toEqual(key);
    expect(await slots.status(anna)).toEqual({ status: 'present', createdAt: 1_800_000_000_000, checkedAt: null });
    const second = await slots.createRecoveryKey(anna, key);
    expect(second).not.toBe(first);
    // Nobody has written the second one down yet, nor ever will the third.
    await slots.createRecoveryKey(anna, key);
    expect(await slots.verify(anna, second)).toBe(false);
    expect(await slots.openWithRecoveryKey(anna, first)).toEqual(key);
    const last = await slots.createRecoveryKey(anna, key);
    expect([await slots.verify(anna, first), await slots.verify(anna, last), await slots.verify(anna, first)]).toEqual([true, true, false]);
    expect(await slots.status(anna), 'whoever typed it in has it').toMatchObject({ status: 'present', checkedAt: 1_800_000_000_000 });
    await slots.remove(anna);
    expect(await slots.status(anna)).toEqual({ status: 'none' });
    expect(await slots.keyId(anna)).toBe(keyIdOf(key));
    expect(await failureOf(slots.openWithRecoveryKey(anna, last))).toMatchObject({ code: 'keychain.failed', messageKey: 'errors.keychain.recoveryMissing' });
  });

  it('leaves neither key in the file, which only its owner may read', async () => {
    const key = randomBytes(32);
    const text = await slots.createRecoveryKey(anna, key);
    const parsed = parseRecoveryKey(text);
    const secret = Buffer.from(parsed.ok ? parsed.bytes : []);
    expect(await readdir(folder)).toEqual([`${anna}.slots.json`]);
    const file = await readFile(slotFilePath(folder, anna));
    for (const plain of [key, secret]) {
      for (const form of [plain, plain.toString('hex'), plain.toString('base64'), plain.toString('base64url')]) expect(file.includes(form)).toBe(false);
    }
    expect(file.includes(text)).toBe(false);
    if (process.platform !== 'win32') expect((await stat(slotFilePath(folder, anna))).mode & 0o777).toBe(0o600);
  });

  it('says the same to every key that does not fit, and says where a typing error is', async () => {
    const right = await slots.createRecoveryKey(anna, randomBytes(32));
    const other = await slots.createRecoveryKey(ben, randomBytes(32));
    const answers = [await failureOf(slots.openWithRecoveryKey(anna, other)), await failureOf(slots.openWithRecoveryKey(ben, right))];
    expect(answers[0]).toMatchObject({ code: 'keychain.recoveryWrong', params: {} });
    expect(answers[1]).toEqual(answers[0]);
    const typo = right.slice(0, 12) + (right[12] === '7' ? '8' : '7') + right.slice(13);
    expect(await failureOf(slots.openWithRecoveryKey(anna, typo))).toMatchObject({ code: 'input.invalid', messageKey: 'errors.keychain.recoveryTypo', params: { group: '3' } });
    expect(await failureOf(slots.openWithRecoveryKey(anna, right.slice(1)))).toMatchObject({ messageKey: 'errors.keychain.recoveryLength' });
  });

  it('takes the full work unless told otherwise', async () => {
    const usual = new KeySlots({ folder, now: Date.now });
    expect(await slots.verify(anna, await usual.createRecoveryKey(anna, randomBytes(32)))).toBe(true);
    expect(JSON.parse(await readFile(slotFilePath(folder, anna), 'utf8'))).toMatchObject({ recovery: { kdf: { name: 'scrypt', cost: 32_768, blockSize: 8, parallel: 3 } } });
  });

  it('does not open from another account\'s file', async () => {
    const text = await slots.createRecoveryKey(anna, randomBytes(32));
    await copyFile(slotFilePath(folder, anna), slotFilePath(folder, ben));
    expect(await slots.status(ben)).toEqual({ status: 'damaged' });
    expect(await slots.verify(ben, text)).toBe(false);
  });

  it('is dropped when the database gets another key, and stays when it is the same', async () => {
    const key = randomBytes(32);
    const text = await slots.createRecoveryKey(anna, key);
    await slots.remember(anna, key);
    expect(await slots.verify(anna, text)).toBe(true);
    await slots.remember(anna, randomBytes(32));
    expect(await slots.status(anna)).toEqual({ status: 'none' });
  });

  it('keeps the old one when the new one cannot be written', async () => {
    const key = randomBytes(32);
    const text = await slots.createRecoveryKey(anna, key);
    // A folder in the way of the new file: as good as a full disk.
    await mkdir(path.join(`${slotFilePath(folder, anna)}.new`, 'x'), { recursive: true });
    await expect(slots.createRecoveryKey(anna, key)).rejects.toThrow();
    expect(await slots.verify(anna, text)).toBe(true);
  });
});

describe('a damaged slot file', () => {
  it('is reported wherever a byte is flipped, and costs nothing else', async () => {
    const key = randomBytes(32);
    const text = await slots.createRecoveryKey(anna, key);
    const whole = await readFile(slotFilePath(folder, anna));
    let wasWrong = 0;
    for (let at = 0; at < whole.length; at += 5) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(slotFilePath(folder, anna), bytes);
      const { status } = await slots.status(anna);
      // White space around the values, and the one digit that says "newer", are all that may change unnoticed as damage.
      if (status === 'present') expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(whole.toString()));
      else expect(['damaged', 'newer']).toContain(status);
      if (status === 'damaged') wasWrong++;
    }
    expect(wasWrong).toBeGreaterThan(whole.length * 0.15);
    await writeFile(slotFilePath(folder, anna), whole);
    expect(await slots.verify(anna, text)).toBe(true);
  });

  it.each(['', '{', 'null', '[]', '{"format":1}', '\0\0'])('as %j is reported', async (content) => {
    await writeFile(slotFilePath(folder, anna), content);
    expect(await slots.status(anna)).toEqual({ status: 'damaged' });
    const text = formatRecoveryKey(randomBytes(20));
    expect(await failureOf(slots.openWithRecoveryKey(anna, text))).toMatchObject({ code: 'keychain.failed', messageKey: 'errors.keychain.recoveryDamaged' });
  });

  it('stays seen until a new recovery key replaces it', async () => {
    const key = randomBytes(32);
    await writeFile(slotFilePath(folder, anna), 'x');
    await slots.remember(anna, key);
    expect(await slots.status(anna)).toEqual({ status: 'damaged' });
    expect(await slots.verify(anna, await slots.createRecoveryKey(anna, key))).toBe(true);
  });

  it('of a later version is left alone', async () => {
    await writeFile(slotFilePath(folder, anna), '{"format":2}');
    expect(await slots.status(anna)).toEqual({ status: 'newer' });
    expect(await failureOf(slots.createRecoveryKey(anna, randomBytes(32)))).toMatchObject({ code: 'database.newer' });
    expect(await failureOf(slots.remove(anna))).toMatchObject({ code: 'database.newer' });
    expect(await readFile(slotFilePath(folder, anna), 'utf8')).toBe('{"format":2}');
  });
});
