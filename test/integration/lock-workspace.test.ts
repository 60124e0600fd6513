import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { securityCalls } from '../../shared/ipc/calls/security.ts';
import { lockPolicyOf, type AppPolicy } from '../../shared/domain/app-policy.ts';
import { defaultAppPolicy } from '../../shared/domain/app-policy-defaults.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { systemClock } from '../../main/erp/ports.ts';
import { securityHandlers } from '../../main/ipc/handlers/security.ts';
import { WindowDrain } from '../../main/lock/window-drain.ts';
import { createWorkspaceLock } from '../../main/lock/workspace-lock.ts';
import { silentLog } from '../../main/log/log.ts';
import { KeychainMark } from '../../main/secrets/keychain-mark.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { openSecrets } from '../../main/secrets/open.ts';
import { startBackend } from '../backend/index.ts';
import { end, openDesk } from './keychain-desk.ts';
import { fakeKeychain } from './keychain-fake.ts';

const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));
let folder = '';
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-security-')); });
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** Wired as the app does it: somebody signed in, the lock following the workspace, the calls the renderer makes. */
async function app() {
  const backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
  closing.push(() => backend.close());
  const desk = openDesk({ folder, backend, store: createMemoryStore() });
  closing.push(() => end(desk));
  const { workspace, host } = desk;
  const isThere = { window: false };
  const policy: Partial<AppPolicy> = {};
  const lock = createWorkspaceLock({ workspace: () => workspace, policy: () => lockPolicyOf(defaultAppPolicy), clock: systemClock, log: silentLog });
  closing.push(() => Promise.resolve(lock.dispose()));
  lock.follow(workspace);
  const windowDrain = new WindowDrain(() => isThere.window);
  lock.beforeLock(() => windowDrain.wait());
  const secrets = openSecrets({ loadKeytar: () => Promise.resolve(fakeKeychain().keytar), service: 's', log: silentLog });
  const mark = new KeychainMark(path.join(folder, 'cache'), () => Promise.resolve({ machine: null, home: 's', backend: null, signature: null }));
  const handlers = securityHandlers({ workspace: () => Promise.resolve(workspace), secrets: () => secrets, mark, lock, windowDrain, askKeychain: () => Promise.resolve({ kind: 'keychain' }), policy: () => ({ ...defaultAppPolicy, ...policy }) });
  await workspace.session.signIn();
  await workspace.settled();
  return { workspace, host, lock, handlers, backend, isThere, policy };
}

describe('the calls of the lock', () => {
  it('lock and unlock the workspace that is signed in, and nothing else does', async () => {
    const { handlers, workspace, host, lock } = await app();
    expect(await handlers['lock.state'](undefined)).toEqual({ status: 'unlocked' });
    await host.facts.put('draft', 'precious', 1);
    await handlers['lock.lock'](undefined);
    expect(await handlers['lock.state'](undefined)).toMatchObject({ status: 'locked', reason: 'manual' });
    expect(workspace.isUnlocked()).toBe(false);
    expect(await codeOf(handlers['security.openCache']({ kind: 'fresh' }))).toBe('session.required');
    await workspace.session.signIn();
    await workspace.settled();
    expect(workspace.isUnlocked()).toBe(false);
    await handlers['lock.unlock']({ kind: 'keychain' });
    expect((await host.facts.get('draft'))?.value).toBe('precious');
    await workspace.session.signOut();
    await workspace.settled();
    expect(lock.state()).toEqual({ status: 'inactive' });
    await handlers['lock.lock'](undefined);
    expect(lock.state()).toEqual({ status: 'inactive' });
  });
});

describe('what the window has still to store', () => {
  it('reaches the database between the word that it locks and its answer', async () => {
    const { handlers, workspace, host, lock, isThere } = await app();
    isThere.window = true;
    lock.changed.on(({ status }) => {
      if (status === 'locking') void host.facts.put('draft', 'the last keys', 1).then(() => handlers['lock.drained'](undefined));
    });
    await handlers['lock.lock'](undefined);
    expect(workspace.isUnlocked()).toBe(false);
    await handlers['lock.unlock']({ kind: 'keychain' });
    expect((await host.facts.get('draft'))?.value).toBe('the last keys');
  });

  it('does not keep a silent window from being locked', async () => {
    const { handlers, workspace, isThere } = await app();
    isThere.window = true;
    const started = performance.now();
    await handlers['lock.lock'](undefined);
    expect(performance.now() - started).toBeGreaterThan(1_900);
    expect(workspace.isUnlocked()).toBe(false);
  });
});

describe('what the administration does not allow', () => {
  it('is refused and changes nothing', async () => {
    const { handlers, workspace, policy } = await app();
    Object.assign(policy, { 'recoveryKey.allowed': false, 'wipe.allowed': false });
    expect(await codeOf(handlers['security.createRecoveryKey'](undefined))).toBe('policy.forbidden');
    expect(await handlers['security.recovery'](undefined)).toEqual({ recovery: { status: 'none' }, needed: null });
    expect(await codeOf(handlers['security.wipe']({ secure: true }))).toBe('policy.forbidden');
    expect(workspace.isUnlocked()).toBe(true);
  });
});

describe('the calls of the recovery key', () => {
  it('make it, check it, and take it away; no answer but the first has it', async () => {
    const { handlers, workspace, host } = await app();
    expect(await handlers['security.recovery'](undefined)).toEqual({ recovery: { status: 'none' }, needed: null });
    const { recoveryKey } = securityCalls['security.createRecoveryKey'].output.parse(await handlers['security.createRecoveryKey'](undefined));
    expect(await handlers['security.checkRecoveryKey']({ recoveryKey })).toEqual({ fits: true });
    const report = securityCalls['security.keychain'].output.parse(await handlers['security.keychain'](undefined));
    expect(JSON.stringify([report, await handlers['security.recovery'](undefined)])).not.toContain(recoveryKey.slice(0, 11));
    await host.facts.put('draft', 'precious', 1);
    await handlers['lock.lock'](undefined);
    await handlers['lock.unlock']({ kind: 'recoveryKey', text: recoveryKey });
    expect((await host.facts.get('draft'))?.value).toBe('precious');
    // Beginning anew while all is well would cost the cache.
    await handlers['security.openCache']({ kind: 'fresh' });
    expect((await host.facts.get('draft'))?.value).toBe('precious');
    await handlers['security.removeRecoveryKey'](undefined);
    expect(await handlers['security.checkRecoveryKey']({ recoveryKey })).toEqual({ fits: false });
    expect(workspace.isUnlocked()).toBe(true);
  });
});

describe('the call to wipe', () => {
  it('leaves nothing of the account and nobody signed in, without a network', async () => {
    const { handlers, workspace, backend } = await app();
    const { id } = workspace.account();
    expect((await readdir(path.join(folder, 'cache'))).filter((name) => name.startsWith(id)).length).toBeGreaterThan(1);
    await backend.close();
    expect(await handlers['security.wipe']({ secure: true })).toEqual({ complete: true });
    expect(workspace.session.state().status).toBe('signedOut');
    expect((await readdir(path.join(folder, 'cache'))).filter((name) => name.startsWith(id))).toEqual([]);
  });
});

describe('without a keychain', () => {
  it('what was written in this session is there again after the lock, and gone after it', async () => {
    const backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
    closing.push(() => backend.close());
    const desk = openDesk({ folder, backend, store: createMemoryStore(), persistence: { kind: 'memory', cause: 'absent' } });
    closing.push(() => end(desk));
    const { workspace, host } = desk;
    await workspace.session.signIn();
    await workspace.settled();
    await host.facts.put('draft', 'precious', 1);
    await workspace.lock();
    expect(workspace.isUnlocked()).toBe(false);
    await workspace.openCache({ kind: 'keychain' });
    expect((await host.facts.get('draft'))?.value).toBe('precious');
    await workspace.session.signOut();
    await workspace.settled();
    expect((await readdir(path.join(folder, 'cache'))).filter((name) => name.includes('.db'))).toEqual([]);
    await workspace.session.signIn();
    await workspace.settled();
    expect(await host.facts.get('draft')).toBeNull();
  });
});
