import i18next from 'i18next';
import { create } from 'zustand';
import { addOnlyHere, isAnythingOnlyHere, nothingOnlyHere, type OnlyHere } from '../../shared/domain/only-here.ts';
import { call } from '../bridge/call.ts';
import { showToast } from '../ui/Toast.tsx';
import { storeEverything } from './unstored.ts';

/** What somebody is about to do, and what would be gone with it because no keychain holds its key. */
export type Leaving = { way: 'signOut' | 'quit'; mine: OnlyHere; others: OnlyHere; go: () => unknown };

/** The question that is on screen; null while there is none. */
export const useLeaving = create<{ asked: Leaving | null }>(() => ({ asked: null }));

/** Goes on, or asks first where that would cost something. What cannot be counted holds nobody up. */
async function goOrAsk(way: Leaving['way'], go: () => unknown): Promise<void> {
  const { mine, others } = await call('session.onlyHere').catch(() => ({ mine: nothingOnlyHere, others: nothingOnlyHere }));
  // The caches of those who were signed in before outlive this sign-out.
  const lost = way === 'quit' ? { mine, others } : { mine, others: nothingOnlyHere };
  if (isAnythingOnlyHere(addOnlyHere(lost.mine, lost.others))) useLeaving.setState({ asked: { way, ...lost, go } });
  else await go();
}

const word = (key: string): string => i18next.t(key, { ns: 'shell' });

/** Stores what is only in this window, then signs out. What would be lost with that is named first: then the person decides. */
export async function signOutWhenStored(signOut: () => unknown): Promise<void> {
  if (await storeEverything()) return goOrAsk('signOut', signOut);
  showToast({ title: word('notStored.title'), text: word('notStored.hint'), tone: 'warning', action: { label: word('notStored.signOut'), run: () => void goOrAsk('signOut', signOut) } });
}

/** Stores what is only in this window, then changes to another connection; nothing that is stored is lost with that. */
export async function switchWhenStored(change: () => unknown): Promise<void> {
  if (await storeEverything()) {
    await change();
    return;
  }
  showToast({ title: word('notStored.switchTitle'), text: word('notStored.switchHint'), tone: 'warning', action: { label: word('notStored.switch'), run: () => void change() } });
}

/** The window is to close. The closing itself stores what is typed, or stays open with it. */
export async function quitWhenAsked(): Promise<void> {
  await storeEverything();
  await goOrAsk('quit', () => call('quit.now'));
}
