import { create } from 'zustand';
import type { LockState } from '../../shared/domain/lock.ts';
import { queryClient } from '../bridge/queries.ts';
import { forgetAnswers } from '../bridge/events.ts';

/** The lock as main tells it; null until main has answered the first time. */
export const useLock = create<{ state: LockState | null }>(() => ({ state: null }));

/** Whether nothing of the work may be on screen: from the moment locking begins until the cache is open again. */
export const isShut = (state: LockState | null): boolean => state !== null && state.status !== 'inactive' && state.status !== 'unlocked';

/** Takes over the lock. What this window has read leaves its memory when it shuts; drafts stay, because nowhere else has them. */
export function setLock(state: LockState): void {
  const wasShut = isShut(useLock.getState().state);
  useLock.setState({ state });
  if (wasShut || !isShut(state)) return;
  forgetAnswers();
  // Answers of actions hold documents too.
  queryClient.getMutationCache().clear();
}
