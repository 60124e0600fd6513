import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockPolicyOf } from '../../shared/domain/app-policy.ts';
import { defaultAppPolicy } from '../../shared/domain/app-policy-defaults.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { LockService } from '../../main/lock/lock.ts';
import { silentLog } from '../../main/log/log.ts';
import { fakeKeychain, realKeytar } from './keychain-fake.ts';
import { anna, endHost, startPc, type Pc } from './keychain-pc.ts';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-lock-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(endHost);

const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));

function lockOf(pc: Pc): LockService {
  const lock = new LockService({
    clock: systemClock, policy: () => lockPolicyOf(defaultAppPolicy), log: silentLog, close: () => pc.cache.close(), signIn: () => Promise.resolve(),
    open: (by) => (by.kind === 'keychain' ? pc.cache.open(anna) : pc.cache.openWithRecoveryKey(anna, by.text)),
  });
  lock.activate();
  return lock;
}

describe('a locked cache', () => {
  it('gives nothing, wipes its key, and has everything again afterwards, by keychain and by recovery key', async () => {
    const fake = fakeKeychain();
    const pc = await startPc({ folder, keytar: fake.keytar, service: 's' });
    // Every buffer that the cache ever hands out with the key in it.
    const buffers: Uint8Array[] = [];
    const { open } = pc.host;
    pc.host.open = (params) => {
      buffers.push(params.key);
      return open(params);
    };
    try {
      await pc.cache.open(anna);
      const recoveryKey = await pc.cache.createRecoveryKey();
      const lock = lockOf(pc);
      // A draft that is stored only because the lock asks for it.
      lock.beforeLock(() => pc.host.facts.put('draft', 'precious', 1));
      const writing = pc.host.facts.put('queued', 1, 1);
      await lock.lock('manual');
      await writing;
      expect(await codeOf(pc.host.facts.get('draft'))).toBe('database.unavailable');
      expect(pc.cache.withKey(() => Promise.resolve())).toBeNull();
      expect(await pc.cache.reopenParams()).toBeNull();
      expect(buffers.map((buffer) => buffer.every((byte) => byte === 0))).toEqual([true]);

      await lock.unlock({ kind: 'keychain' });
      expect((await pc.host.facts.get('draft'))?.value).toBe('precious');
      expect((await pc.host.facts.get('queued'))?.value).toBe(1);
      await lock.lock('idle');
      fake.state.mode = 'locked';
      expect(await codeOf(lock.unlock({ kind: 'keychain' }))).toBe('keychain.recoveryNeeded');
      expect(lock.state()).toMatchObject({ status: 'locked', reason: 'idle' });
      await lock.unlock({ kind: 'recoveryKey', text: recoveryKey });
      expect((await pc.host.facts.get('draft'))?.value).toBe('precious');
      await lock.lock('manual');
      expect(buffers.every((buffer) => buffer.every((byte) => byte === 0))).toBe(true);
    } finally {
      pc.host.open = open;
      await pc.close();
    }
  });

  it('leaves neither key nor recovery key in the heap of the process', async () => {
    const service = `valeo-test-${randomUUID()}`;
    const snapshots = path.join(folder, 'snapshots');
    // A process of its own: this one has seen the key.
    const script = `
      const { mkdirSync } = await import('node:fs');
      const { writeHeapSnapshot } = await import('node:v8');
      const { startPc, anna, endHost } = await import(${JSON.stringify(new URL('keychain-pc.ts', import.meta.url).href)});
      const keytar = (await import('keytar')).default;
      const pc = await startPc({ folder: ${JSON.stringify(folder)}, keytar, service: ${JSON.stringify(service)} });
      mkdirSync(${JSON.stringify(snapshots)});
      await pc.cache.open(anna);
      await pc.cache.close();
      // Reading the key is the last thing asked of the keychain, as at a usual start.
      await pc.cache.open(anna);
      let recoveryKey = await pc.cache.createRecoveryKey();
      process.stdout.write(recoveryKey + '\\n');
      globalThis.held = recoveryKey.toLowerCase();
      recoveryKey = '';
      writeHeapSnapshot(${JSON.stringify(path.join(snapshots, 'open.heapsnapshot'))});
      delete globalThis.held;
      await pc.cache.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      writeHeapSnapshot(${JSON.stringify(path.join(snapshots, 'locked.heapsnapshot'))});
      await endHost();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: new URL('../..', import.meta.url), stdio: ['ignore', 'pipe', 'inherit'] });
    let recoveryKey = '';
    child.stdout.on('data', (chunk: Buffer) => { recoveryKey += chunk.toString(); });
    expect(await new Promise((resolve) => { child.once('close', resolve); })).toBe(0);
    recoveryKey = recoveryKey.trim();
    const keytar = await realKeytar();
    const key = ((await keytar.getPassword(service, `database.${anna}`)) ?? '').slice(3);
    expect(key).toHaveLength(44);
    for (const name of [`database.${anna}`, 'mark']) await keytar.deletePassword(service, name);
    // The search itself works: what was held on purpose is found.
    expect(await has(path.join(snapshots, 'open.heapsnapshot'), recoveryKey.toLowerCase())).toBe(true);
    for (const secret of [key, recoveryKey, Buffer.from(key, 'base64').toString('hex')]) expect(await has(path.join(snapshots, 'locked.heapsnapshot'), secret)).toBe(false);
  });
});

async function has(file: string, text: string): Promise<boolean> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const part = rest + String(chunk);
    if (part.includes(text)) return true;
    rest = part.slice(-text.length);
  }
  return false;
}
