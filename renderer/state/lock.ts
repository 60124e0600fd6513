import { create } from 'zustand';
import type { LockState } from '../../shared/domain/lock.ts';
import { call } from '../bridge/call.ts';
import { queryClient } from '../bridge/queries.ts';
import { forgetAnswers } from '../bridge/events.ts';
import { storeEverything } from './unstored.ts';

/** The lock as main tells it; null until main has answered the first time. */
export const useLock = create<{ state: LockState | null }>(() => ({ state: null }));

/** Whether nothing of the work may be on screen: from the moment locking begins until the cache is open again. */
export const isShut = (state: LockState | null): boolean => state !== null && state.status !== 'inactive' && state.status !== 'unlocked';

/** What the window has still to store it stores while the cache is open; main waits for the word that it is done. */
async function drain(): Promise<void> {
  await storeEverything();
  await call('lock.drained').catch(() => undefined);
}

/** Takes over the lock. What this window has read leaves its memory when it shuts; drafts stay, because nowhere else has them. */
export function setLock(state: LockState): void {
  const wasShut = isShut(useLock.getState().state);
  // Before the screens go: with them goes what they would have stored.
  if (state.status === 'locking') void drain();
  useLock.setState({ state });
  if (wasShut || !isShut(state)) return;
  forgetAnswers();
  // Answers of actions hold documents too.
  queryClient.getMutationCache().clear();
}
