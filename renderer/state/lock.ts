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

/** What the window has still to store it stores while the cache is open; main waits for the word that it is done. @returns false when something was not stored */
async function drain(): Promise<boolean> {
  const isStored = await storeEverything();
  await call('lock.drained').catch(() => undefined);
  return isStored;
}

/**
 * Takes over the lock. When it shuts, the window begins anew, with nothing in its memory of what it has read: emptying
 * every store by hand would forget the one that is added next. Only what could not be stored keeps it as it is, because
 * nowhere else has that; then the answers that were read go, and the rest stays behind the lock screen.
 */
export function setLock(state: LockState): void {
  const before = useLock.getState().state;
  const wasShut = isShut(before);
  // Before the screens go: with them goes what they would have stored.
  if (state.status === 'locking') void drain().then((isStored) => { if (isStored && before?.status === 'unlocked') location.reload(); });
  useLock.setState({ state });
  if (wasShut || !isShut(state)) return;
  forgetAnswers();
  // Answers of actions hold documents too.
  queryClient.getMutationCache().clear();
}
