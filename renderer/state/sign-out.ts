import i18next from 'i18next';
import { showToast } from '../ui/Toast.tsx';
import { storeEverything } from './unstored.ts';

/** Stores what is only in this window, then signs out. What cannot be stored would be lost: then the person decides. */
export async function signOutWhenStored(signOut: () => unknown): Promise<void> {
  if (await storeEverything()) {
    signOut();
    return;
  }
  const t = (key: string): string => i18next.t(key, { ns: 'shell' });
  showToast({ title: t('notStored.title'), text: t('notStored.hint'), tone: 'warning', action: { label: t('notStored.signOut'), run: () => void signOut() } });
}
