import { readdir } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockPolicyOf } from '../../shared/domain/app-policy.ts';
import { defaultAppPolicy } from '../../shared/domain/app-policy-defaults.ts';
import { AppFailure } from '../../shared/ipc/errors.ts';
import { systemClock, type Clock } from '../../main/erp/ports.ts';
import { createWorkspaceLock } from '../../main/lock/workspace-lock.ts';
import { silentLog } from '../../main/log/log.ts';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { startBackend } from '../backend/index.ts';
import { end, openDesk, type Desk } from './keychain-desk.ts';

const hour = 3_600_000;
const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));
let folder = '';
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-grace-')); });
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** One PC with a clock and a network cable in the test's hand, and the real services of everything else. */
async function pc() {
  const backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
  closing.push(() => backend.close());
  const store = createMemoryStore();
  const world = { offset: 0, isPlugged: true };
  const clock: Clock = { now: () => Date.now() + world.offset, after: (ms, action) => systemClock.after(ms, action) };
  const switchOn = (): Desk & { lock: ReturnType<typeof createWorkspaceLock> } => {
    const desk = openDesk({ folder, backend, store, clock, fetch: (url, init) => (world.isPlugged ? fetch(url, init) : Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENETUNREACH' }) }))) });
    const lock = createWorkspaceLock({ workspace: () => desk.workspace, policy: () => lockPolicyOf({ ...defaultAppPolicy, 'lock.idleMinutes': null }), clock, log: silentLog });
    lock.follow(desk.workspace);
    return { ...desk, lock };
  };
  const switchOff = async ({ lock, ...desk }: ReturnType<typeof switchOn>): Promise<void> => {
    lock.dispose();
    await end(desk);
  };
  const first = switchOn();
  await first.workspace.session.signIn();
  await first.workspace.settled();
  await first.host.facts.put('draft', 'precious', 1);
  return { backend, store, world, switchOn, switchOff, first };
}

describe('after too long without a server', () => {
  it('the cache stays shut at the start, whatever key there is, and opens with the next contact', async () => {
    const { world, switchOn, switchOff, first } = await pc();
    const recoveryKey = await first.workspace.cache.createRecoveryKey();
    await switchOff(first);
    const files = await readdir(path.join(folder, 'cache'));
    world.offset = 73 * hour;
    world.isPlugged = false;

    const desk = switchOn();
    closing.push(() => switchOff(desk));
    await desk.workspace.restore();
    expect(desk.workspace.isUnlocked()).toBe(false);
    expect(desk.workspace.cache.withKey(() => Promise.resolve())).toBeNull();
    expect(desk.lock.state()).toMatchObject({ status: 'locked', reason: 'grace' });
    expect(await codeOf(desk.workspace.session.accessToken())).toBe('session.required');
    for (const by of [{ kind: 'keychain' }, { kind: 'recoveryKey', text: recoveryKey }] as const) {
      expect(await codeOf(desk.lock.unlock(by)), by.kind).toBe('session.graceOver');
      expect(await codeOf(desk.workspace.openCache(by)), by.kind).toBe('session.graceOver');
    }
    expect(await codeOf(desk.workspace.openCache({ kind: 'fresh' }))).toBe('session.graceOver');
    expect(desk.lock.state()).toMatchObject({ status: 'locked', reason: 'grace' });
    expect(await readdir(path.join(folder, 'cache'))).toEqual(files);

    world.isPlugged = true;
    await desk.lock.unlock({ kind: 'keychain' });
    expect(desk.lock.state()).toEqual({ status: 'unlocked' });
    expect(desk.workspace.grace.state()).toEqual({ status: 'fine' });
    expect((await desk.host.facts.get('draft'))?.value).toBe('precious');
  });

  it('it opens by itself when the server answers right at the start', async () => {
    const { world, switchOn, switchOff, first } = await pc();
    await switchOff(first);
    world.offset = 200 * hour;
    const desk = switchOn();
    closing.push(() => switchOff(desk));
    await desk.workspace.restore();
    await expect.poll(() => desk.lock.state().status, { timeout: 10_000 }).toBe('unlocked');
    expect((await desk.host.facts.get('draft'))?.value).toBe('precious');
  });

  it('a running app locks, asks for a login where the provider wants one, and has lost nothing', async () => {
    const { backend, world, switchOff, first: desk } = await pc();
    closing.push(() => switchOff(desk));
    world.isPlugged = false;
    world.offset = 61 * hour;
    desk.workspace.grace.look();
    expect(desk.workspace.grace.state().status).toBe('ending');
    expect(desk.lock.state().status).toBe('unlocked');
    world.offset = 72 * hour + 1;
    desk.lock.resumed();
    await expect.poll(() => desk.lock.state()).toMatchObject({ status: 'locked', reason: 'grace' });
    expect(await codeOf(desk.host.facts.get('draft'))).toBe('database.unavailable');

    world.isPlugged = true;
    backend.control.revokeTokens();
    await desk.lock.unlock({ kind: 'keychain' });
    expect(desk.workspace.session.state()).toMatchObject({ status: 'signedIn', needsSignIn: false });
    expect((await desk.host.facts.get('draft'))?.value).toBe('precious');
  });

  it('a clock that was set back keeps it shut, and opening works again when the clock is right', async () => {
    const { world, switchOn, switchOff, first } = await pc();
    await switchOff(first);
    world.isPlugged = false;
    world.offset = -24 * hour;
    const desk = switchOn();
    await desk.workspace.restore();
    expect(desk.workspace.grace.state()).toMatchObject({ status: 'over', cause: 'clock' });
    expect(desk.lock.state()).toMatchObject({ status: 'locked', reason: 'grace' });
    await switchOff(desk);
    world.offset = hour;
    const right = switchOn();
    closing.push(() => switchOff(right));
    await right.workspace.restore();
    expect(right.lock.state()).toEqual({ status: 'unlocked' });
    expect((await right.host.facts.get('draft'))?.value).toBe('precious');
  });

  it('signing out takes the mark along', async () => {
    const { store, first: desk, switchOff } = await pc();
    closing.push(() => switchOff(desk));
    await desk.workspace.grace.flush();
    expect([...store.entries()].map(([name]) => name)).toContain('grace.it');
    await desk.workspace.session.signOut();
    await desk.workspace.settled();
    expect([...store.entries()].map(([name]) => name)).not.toContain('grace.it');
  });
});
