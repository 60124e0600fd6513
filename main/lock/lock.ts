import { initialLock, locksIn, stepLock, type LockEvent, type LockPolicy, type LockReason, type LockState, type LockTime } from '../../shared/domain/lock.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { Emitter } from '../emitter.ts';
import type { Clock } from '../erp/ports.ts';
import type { Log } from '../log/log.ts';

/** How a person unlocks. */
export type UnlockBy = { kind: 'keychain' } | { kind: 'recoveryKey'; text: string };

export type LockPorts = {
  clock: Clock;
  /** Milliseconds that only ever grow; `performance.now` unless given. */
  monotonic?: () => number;
  policy: () => LockPolicy;
  /** Tokens and keys leave memory, the database closes. Called when everything queued is stored. */
  close: () => Promise<void>;
  /** Opens the database again. @throws AppFailure keychain.*, input.invalid: it stays locked then. */
  open: (by: UnlockBy) => Promise<void>;
  /** A fresh login, for policies that ask for it. */
  signIn: () => Promise<unknown>;
  /** Whether the offline time is over, so that no key opens the cache before a server has confirmed the account. Never unless given. */
  isContactDue?: () => boolean;
  /** Gets that confirmation, with a login where it needs one. @throws AppFailure session.graceOver, login.* */
  confirm?: () => Promise<void>;
  log: Log;
};

/** How long those who still have something to store may take; a PC that falls asleep does not wait longer. */
const drainMs = 2_000;
const drainBeforeSleepMs = 500;
/** Timers stand still in sleep, so time is compared often instead of waited for once. */
const tickMs = 15_000;

/**
 * Locks the app when nobody is there: by the wall clock, before sleep, with the screen, or at the press of a key. What
 * it does is decided in `shared/domain/lock.ts`; here it is done.
 */
export class LockService {
  readonly changed = new Emitter<LockState>();
  readonly #ports: LockPorts;
  readonly #drains = new Set<() => Promise<void>>();
  #machine = initialLock;
  #closing: Promise<void> = Promise.resolve();
  #opening: Promise<void> = Promise.resolve();
  #stopTick: () => void = () => undefined;
  #disposed = false;

  constructor(ports: LockPorts) {
    this.#ports = ports;
  }

  state(): LockState {
    return this.#machine.state;
  }

  /** Somebody is signed in and the cache is open; and the opposite. */
  activate(): void {
    this.#take({ type: 'activated' });
    this.#tick();
  }

  /** Somebody is signed in whose cache is not to be opened: it counts as locked from the start. */
  shut(reason: LockReason): void {
    this.#take({ type: 'shut', reason });
  }

  deactivate(): void {
    this.#stopTick();
    this.#take({ type: 'deactivated' });
  }

  /** Keyboard or pointer were used. */
  activity(): void {
    this.#take({ type: 'activity' });
  }

  /** The computer falls asleep. Resolves when all is closed: whoever can delay the sleep waits for it. */
  suspended(): Promise<void> {
    return this.#ports.policy().onSuspend ? this.lock('suspend') : Promise.resolve();
  }

  /** The computer woke up: time has passed that no timer saw. */
  resumed(): void {
    this.#take({ type: 'tick' });
    if (this.#ports.isContactDue?.() === true) void this.lock('grace');
  }

  screenLocked(): Promise<void> {
    return this.#ports.policy().onScreenLock ? this.lock('screenLock') : Promise.resolve();
  }

  /** Resolves when keys and tokens have left memory. */
  async lock(reason: LockReason): Promise<void> {
    this.#take({ type: 'lock', reason });
    // What is being opened just now is closed right after.
    await this.#opening;
    await this.#closing;
  }

  /**
   * Registers work that must be stored before the database closes, for example drafts in a form.
   * @returns a function that ends it.
   */
  beforeLock(drain: () => Promise<void>): () => void {
    this.#drains.add(drain);
    return () => { this.#drains.delete(drain); };
  }

  /**
   * Resolves when it is open again.
   * @throws AppFailure what kept it shut; `call.cancelled` when it was locked again, signed out, or being unlocked already.
   */
  async unlock(by: UnlockBy): Promise<void> {
    await this.#closing;
    if (this.#machine.state.status === 'unlocked') return;
    if (this.#machine.state.status !== 'locked') throw failure('call.cancelled');
    this.#take({ type: 'unlock' });
    try {
      if (by.kind === 'keychain' && this.#ports.policy().needsSignIn) await this.#ports.signIn();
      else if (this.#ports.isContactDue?.() === true) await this.#ports.confirm?.();
      // Locked again while the browser was open: nothing is opened only to be shut.
      if (this.#machine.lockAgain !== null) throw failure('call.cancelled');
    } catch (error) {
      await this.#failed(by, error);
      throw error;
    }
    const opening = this.#open(by);
    this.#opening = opening.catch(() => undefined);
    await opening;
    if (this.state().status !== 'unlocked') throw failure('call.cancelled');
    this.#tick();
  }

  async #open(by: UnlockBy): Promise<void> {
    try {
      await this.#ports.open(by);
    } catch (error) {
      await this.#failed(by, error);
      throw error;
    }
    this.#take({ type: 'opened' });
    await this.#closing;
  }

  async #failed(by: UnlockBy, error: unknown): Promise<void> {
    this.#ports.log.info('not unlocked', { by: by.kind, error });
    this.#take({ type: 'openFailed' });
    await this.#closing;
  }

  dispose(): void {
    this.#disposed = true;
    this.#stopTick();
  }

  #now(): LockTime {
    const { clock, monotonic = () => performance.now() } = this.#ports;
    return { wall: clock.now(), monotonic: monotonic() };
  }

  #take(event: LockEvent): void {
    if (this.#disposed) return;
    const before = this.#machine.state;
    const { machine, effect } = stepLock(this.#machine, event, this.#now(), this.#ports.policy());
    this.#machine = machine;
    if (effect === 'close' && machine.state.status === 'locking') this.#closing = this.#close(machine.state.reason);
    if (machine.state !== before) {
      this.#ports.log.info('lock', { state: machine.state.status, event: event.type });
      this.changed.emit(machine.state);
    }
  }

  async #close(reason: LockReason): Promise<void> {
    await this.#drain(reason === 'suspend' ? drainBeforeSleepMs : drainMs);
    try {
      await this.#ports.close();
    } catch (error) {
      // Keys are wiped before anything that can fail; what failed is the goodbye to the data host.
      this.#ports.log.error('the cache did not close well', { error });
    }
    this.#take({ type: 'closed' });
  }

  async #drain(ms: number): Promise<void> {
    if (this.#drains.size === 0) return;
    let cancel: () => void = () => undefined;
    const late = new Promise<'late'>((resolve) => { cancel = this.#ports.clock.after(ms, () => { resolve('late'); }); });
    const all = Promise.allSettled([...this.#drains].map((drain) => drain()));
    const ended = await Promise.race([all, late]);
    cancel();
    if (ended === 'late' || ended.some(({ status }) => status === 'rejected')) this.#ports.log.warn('something was not stored before the lock', { late: ended === 'late' });
  }

  #tick(): void {
    this.#stopTick();
    if (this.#disposed || this.#machine.state.status !== 'unlocked') return;
    const left = locksIn(this.#machine, this.#now(), this.#ports.policy());
    this.#stopTick = this.#ports.clock.after(Math.min(tickMs, Math.max(left ?? tickMs, 1)), () => {
      this.#take({ type: 'tick' });
      this.#tick();
    });
  }
}
