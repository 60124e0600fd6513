import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockPolicyOf } from '../../shared/domain/app-policy.ts';
import { defaultAppPolicy } from '../../shared/domain/app-policy-defaults.ts';
import { initialLock, lockStateSchema, locksIn, stepLock, type LockEvent, type LockMachine, type LockPolicy, type LockTime } from '../../shared/domain/lock.ts';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { createManualClock } from '../erp/manual-clock.ts';
import { silentLog } from '../log/log.ts';
import { LockService } from './lock.ts';

const minute = 60_000;
const policy: LockPolicy = { ...lockPolicyOf(defaultAppPolicy), idleMs: 10 * minute };

/** A PC whose sleep, wall clock, database, tokens and drafts are in the test's hand. */
function pc(change: Partial<LockPolicy> = {}) {
  const clock = createManualClock();
  const wall = { offset: 0 };
  const start = clock.now();
  const world = { isOpen: true, hasTokens: true, logins: 0, unsaved: 0, saved: 0, openFails: false, signInFails: false, order: [] as string[] };
  const lock = new LockService({
    clock: { ...clock, now: () => clock.now() + wall.offset }, monotonic: () => clock.now() - start, policy: () => ({ ...policy, ...change }), log: silentLog,
    close: async () => {
      world.order.push('close');
      world.hasTokens = false;
      await Promise.resolve();
      world.isOpen = false;
    },
    open: async () => {
      await Promise.resolve();
      if (world.openFails) throw failure('keychain.locked');
      Object.assign(world, { isOpen: true, hasTokens: true });
    },
    signIn: async () => {
      world.logins++;
      await Promise.resolve();
      if (world.signInFails) throw failure('login.cancelled');
    },
  });
  lock.beforeLock(async () => {
    world.order.push('drain');
    await Promise.resolve();
    world.saved += world.unsaved;
    world.unsaved = 0;
  });
  lock.activate();
  return {
    lock, clock, world,
    /** Sleep: the wall clock goes on, timers and the other clock do not. */
    sleep(ms: number) { wall.offset += ms; },
    setClock(ms: number) { wall.offset += ms; },
  };
}

const codeOf = async (run: Promise<unknown>): Promise<string> => run.then(() => 'none', (error: unknown) => (error instanceof AppFailure ? error.error.code : String(error)));

describe('locking by itself', () => {
  it('waits exactly as long as nobody is there', async () => {
    const { lock, clock, world } = pc();
    for (let times = 0; times < 3; times++) {
      await clock.advance(9 * minute);
      lock.activity();
    }
    await clock.advance(10 * minute - 1);
    expect(lock.state().status).toBe('unlocked');
    await clock.advance(1);
    expect(lock.state()).toMatchObject({ status: 'locked', reason: 'idle' });
    expect(world).toMatchObject({ isOpen: false, hasTokens: false });
  });

  it('counts sleep, even when a key is pressed before any timer runs', async () => {
    const { lock, clock, sleep } = pc({ onSuspend: false });
    await lock.suspended();
    expect(lock.state().status).toBe('unlocked');
    sleep(11 * minute);
    lock.activity();
    await clock.advance(0);
    expect(lock.state()).toMatchObject({ status: 'locked', reason: 'idle' });
  });

  it('looks at once when the computer wakes up', async () => {
    const { lock, clock, sleep } = pc({ onSuspend: false });
    sleep(11 * minute);
    lock.resumed();
    await clock.advance(0);
    expect(lock.state().status).toBe('locked');
  });

  it('is not kept open by setting the clock back, nor shut by a small correction', async () => {
    const { lock, clock, setClock } = pc();
    setClock(-60 * minute);
    await clock.advance(9 * minute);
    setClock(30_000);
    expect(lock.state().status).toBe('unlocked');
    await clock.advance(minute);
    expect(lock.state().status).toBe('locked');
  });

  it('never happens by idling when the policy says so, nor with nobody signed in', async () => {
    const { lock, clock } = pc({ idleMs: null });
    await clock.advance(24 * 60 * minute);
    expect(lock.state().status).toBe('unlocked');
    lock.deactivate();
    await lock.lock('manual');
    expect(lock.state().status).toBe('inactive');
    expect(clock.pending()).toBe(0);
  });

  it.each([['suspended', 'suspend'], ['screenLocked', 'screenLock']] as const)('%s is followed when the policy says so', async (event, reason) => {
    const { lock } = pc();
    await lock[event]();
    expect(lock.state()).toMatchObject({ status: 'locked', reason });
    const other = pc({ onSuspend: false, onScreenLock: false });
    await other.lock[event]();
    expect(other.lock.state().status).toBe('unlocked');
  });
});

describe('what is not stored yet', () => {
  it('is stored before the database closes', async () => {
    const { lock, world } = pc();
    world.unsaved = 3;
    await lock.lock('manual');
    expect(world).toMatchObject({ unsaved: 0, saved: 3, order: ['drain', 'close'] });
  });

  it('does not keep it open for longer than two seconds', async () => {
    const { lock, clock, world } = pc();
    lock.beforeLock(() => new Promise(() => undefined));
    const locked = lock.lock('manual');
    await clock.advance(1_999);
    expect(world.isOpen).toBe(true);
    await clock.advance(1);
    await locked;
    expect(world.isOpen).toBe(false);
  });

  it('closes although storing fails', async () => {
    const { lock } = pc();
    lock.beforeLock(() => Promise.reject(new Error('disk full')));
    await lock.lock('manual');
    expect(lock.state().status).toBe('locked');
  });
});

describe('unlocking', () => {
  it('asks for a fresh login where the policy does, but not with the recovery key', async () => {
    const { lock, world } = pc({ needsSignIn: true });
    await lock.lock('manual');
    world.signInFails = true;
    expect(await codeOf(lock.unlock({ kind: 'keychain' }))).toBe('login.cancelled');
    expect(world.isOpen).toBe(false);
    world.signInFails = false;
    await lock.unlock({ kind: 'keychain' });
    expect([lock.state().status, world.logins]).toEqual(['unlocked', 2]);
    await lock.lock('manual');
    await lock.unlock({ kind: 'recoveryKey', text: '' });
    expect([lock.state().status, world.logins]).toEqual(['unlocked', 2]);
  });

  it('stays locked with the first reason and closes what was half open when it fails', async () => {
    const { lock, world } = pc();
    await lock.lock('idle');
    world.openFails = true;
    expect(await codeOf(lock.unlock({ kind: 'keychain' }))).toBe('keychain.locked');
    expect(lock.state()).toMatchObject({ status: 'locked', reason: 'idle' });
    expect(world.order.filter((what) => what === 'close')).toHaveLength(2);
  });

  it('loses against a lock that comes meanwhile', async () => {
    const { lock, world } = pc();
    await lock.lock('idle');
    const unlocking = codeOf(lock.unlock({ kind: 'keychain' }));
    // One await further on: the unlock has begun.
    await Promise.resolve();
    await lock.lock('screenLock');
    expect(lock.state()).toMatchObject({ status: 'locked', reason: 'screenLock' });
    expect(world).toMatchObject({ isOpen: false, hasTokens: false });
    expect(await unlocking).toBe('call.cancelled');
  });
});

describe('any order of events', () => {
  type Step = { kind: 'activity' | 'suspended' | 'resumed' | 'screenLocked' | 'manual' | 'unlock' | 'failUnlock' | 'draft' | 'signOut' | 'signIn' } | { kind: 'wait' | 'sleep' | 'setClock'; ms: number };
  const simple = ['activity', 'suspended', 'resumed', 'screenLocked', 'manual', 'unlock', 'failUnlock', 'draft', 'signOut', 'signIn'] as const;
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constantFrom(...simple) }),
    fc.record({ kind: fc.constantFrom('wait' as const, 'sleep' as const), ms: fc.integer({ min: 0, max: 20 * minute }) }),
    fc.record({ kind: fc.constant('setClock' as const), ms: fc.integer({ min: -60 * minute, max: 60 * minute }) }),
  );

  it('leaves no key behind a lock, loses no draft, and never stays open over the time', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 25 }), async (steps) => {
      const { lock, clock, world, sleep, setClock } = pc();
      let drafts = 0;
      const pending: Promise<unknown>[] = [];
      for (const [one, settle] of steps) {
        switch (one.kind) {
          case 'activity': lock.activity(); break;
          case 'resumed': lock.resumed(); break;
          case 'suspended': pending.push(lock.suspended()); break;
          case 'screenLocked': pending.push(lock.screenLocked()); break;
          case 'manual': pending.push(lock.lock('manual')); break;
          case 'unlock': case 'failUnlock':
            world.openFails = one.kind === 'failUnlock';
            pending.push(codeOf(lock.unlock({ kind: 'keychain' })));
            break;
          case 'draft':
            if (lock.state().status === 'unlocked') { world.unsaved++; drafts++; }
            break;
          case 'signOut': lock.deactivate(); break;
          case 'signIn': if (world.isOpen) lock.activate(); break;
          case 'wait': await clock.advance(one.ms); break;
          case 'sleep': sleep(one.ms); break;
          case 'setClock': setClock(one.ms); break;
        }
        if (settle) await clock.advance(0);
        if (lock.state().status === 'locked') expect(world).toMatchObject({ isOpen: false, hasTokens: false, unsaved: 0 });
        expect(world.saved + world.unsaved).toBe(drafts);
        lockStateSchema.parse(lock.state());
      }
      await clock.advance(3_000);
      await Promise.all(pending);
      if (lock.state().status === 'unlocked') {
        await clock.advance(10 * minute);
        expect(lock.state()).toMatchObject({ status: 'locked', reason: 'idle' });
      }
      expect(['locked', 'inactive']).toContain(lock.state().status);
    }), { numRuns: 1500 });
  });

  it('never opens without having been locked and asked, in the pure machine', () => {
    const event: fc.Arbitrary<LockEvent> = fc.oneof(
      fc.constantFrom<LockEvent>({ type: 'activated' }, { type: 'deactivated' }, { type: 'activity' }, { type: 'tick' }, { type: 'closed' }, { type: 'unlock' }, { type: 'opened' }, { type: 'openFailed' }),
      fc.constantFrom<LockEvent>({ type: 'lock', reason: 'manual' }, { type: 'lock', reason: 'suspend' }),
    );
    fc.assert(fc.property(fc.array(fc.tuple(event, fc.nat(20 * minute))), (events) => {
      let machine: LockMachine = initialLock;
      let now: LockTime = { wall: 1e12, monotonic: 0 };
      for (const [one, ms] of events) {
        now = { wall: now.wall + ms, monotonic: now.monotonic + ms };
        const before = machine.state.status;
        const after = stepLock(machine, one, now, policy);
        machine = after.machine;
        if (before === 'locked' && machine.state.status !== 'locked') expect(['unlock', 'deactivated']).toContain(one.type);
        if (after.effect === 'open') expect([before, one.type]).toEqual(['locked', 'unlock']);
        if (machine.state.status === 'locking' && before !== 'locking') expect(after.effect).toBe('close');
        if (one.type === 'tick' || one.type === 'activity') expect(locksIn(machine, now, policy)).not.toBe(0);
      }
    }), { numRuns: 3000 });
  });
});
