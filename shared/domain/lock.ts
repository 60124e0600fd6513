import { z } from 'zod';

export const lockReasons = ['manual', 'idle', 'suspend', 'screenLock', 'grace'] as const;
export const lockReasonSchema = z.enum(lockReasons);
export type LockReason = z.infer<typeof lockReasonSchema>;

/** When the app locks, and what opens it again; set by the administration. */
export const lockPolicySchema = z.object({
  /** Milliseconds without keyboard or pointer, sleep included; null: never by itself. */
  idleMs: z.number().int().min(30_000).nullable(),
  onSuspend: z.boolean(),
  onScreenLock: z.boolean(),
  /** The keychain alone does not unlock: a fresh login is needed too. The recovery key needs none. */
  needsSignIn: z.boolean(),
});
export type LockPolicy = z.infer<typeof lockPolicySchema>;

/** `inactive`: nobody is signed in, so there is nothing to lock. `since` in epoch milliseconds. */
export const lockStateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('inactive') }),
  z.object({ status: z.literal('unlocked') }),
  z.object({ status: z.literal('locking'), reason: lockReasonSchema, since: z.number() }),
  z.object({ status: z.literal('locked'), reason: lockReasonSchema, since: z.number() }),
  z.object({ status: z.literal('unlocking'), reason: lockReasonSchema, since: z.number() }),
]);
export type LockState = z.infer<typeof lockStateSchema>;

/** The wall clock, which counts sleep, and a clock that nobody can set back; both in milliseconds. */
export type LockTime = { wall: number; monotonic: number };

export type LockEvent =
  | { type: 'activated' } | { type: 'deactivated' }
  | { type: 'activity' } | { type: 'tick' }
  | { type: 'lock'; reason: LockReason }
  /** The cache was never opened, and is not to be. */
  | { type: 'shut'; reason: LockReason }
  | { type: 'closed' }
  | { type: 'unlock' } | { type: 'opened' } | { type: 'openFailed' };

export type LockMachine = {
  state: LockState;
  lastActive: LockTime;
  /** A reason to lock that came while it was being unlocked: it wins. */
  lockAgain: LockReason | null;
};

/** What has to be done now; its end is told with `closed`, `opened` or `openFailed`. */
export type LockEffect = 'close' | 'open' | null;

export const initialLock: LockMachine = { state: { status: 'inactive' }, lastActive: { wall: 0, monotonic: 0 }, lockAgain: null };

/** The longer of the two: sleep counts on the wall clock, and setting that back does not keep anything open. */
const idleFor = (last: LockTime, now: LockTime): number => Math.max(now.wall - last.wall, now.monotonic - last.monotonic);

/** Milliseconds until the lock closes by itself; null when it does not. */
export function locksIn(machine: LockMachine, now: LockTime, { idleMs }: LockPolicy): number | null {
  return machine.state.status !== 'unlocked' || idleMs === null ? null : Math.max(0, idleMs - idleFor(machine.lastActive, now));
}

/** One step of the lock. Pure. */
export function stepLock(machine: LockMachine, event: LockEvent, now: LockTime, policy: LockPolicy): { machine: LockMachine; effect: LockEffect } {
  const { state } = machine;
  const stay = { machine, effect: null };
  const closing = (reason: LockReason, since = now.wall): { machine: LockMachine; effect: LockEffect } => ({ machine: { ...machine, state: { status: 'locking', reason, since }, lockAgain: null }, effect: 'close' });

  if (event.type === 'deactivated') return { machine: initialLock, effect: null };
  if (event.type === 'activated') return state.status === 'inactive' ? { machine: { state: { status: 'unlocked' }, lastActive: now, lockAgain: null }, effect: null } : stay;

  switch (state.status) {
    case 'inactive': return event.type === 'shut' ? { machine: { ...machine, state: { status: 'locked', reason: event.reason, since: now.wall } }, effect: null } : stay;
    case 'unlocked': {
      if (event.type === 'lock') return closing(event.reason);
      if (event.type !== 'tick' && event.type !== 'activity') return stay;
      // Also before an activity counts: the first key after a night must not keep open what should be shut.
      if (locksIn(machine, now, policy) === 0) return closing('idle');
      return event.type === 'activity' ? { machine: { ...machine, lastActive: now }, effect: null } : stay;
    }
    case 'locking': return event.type === 'closed' ? { machine: { ...machine, state: { ...state, status: 'locked' } }, effect: null } : stay;
    case 'locked': return event.type === 'unlock' ? { machine: { ...machine, state: { ...state, status: 'unlocking' } }, effect: 'open' } : stay;
    case 'unlocking': {
      if (event.type === 'lock') return { machine: { ...machine, lockAgain: event.reason }, effect: null };
      // Whatever was half open is closed again.
      if (event.type === 'openFailed') return closing(machine.lockAgain ?? state.reason, state.since);
      if (event.type !== 'opened') return stay;
      if (machine.lockAgain !== null) return closing(machine.lockAgain);
      return { machine: { state: { status: 'unlocked' }, lastActive: now, lockAgain: null }, effect: null };
    }
  }
}
