import i18next from 'i18next';
import type { AppError } from '../../shared/ipc/errors.ts';
import { messageText } from '../i18n/errors.ts';
import { showToast } from '../ui/Toast.tsx';

/** Reminders of several areas fall due at the same moment, a minute after the start. Milliseconds. */
const gatherMs = 1_500;

let waiting: AppError[] = [];

/** Shows notices as a toast; several that come together as one that says how many. All of them stand on the overview. */
export function toastNotice(error: AppError): void {
  waiting.push(error);
  if (waiting.length > 1) return;
  setTimeout(() => {
    const [first] = waiting;
    const count = waiting.length;
    waiting = [];
    if (first === undefined) return;
    showToast(count === 1 ? { title: messageText(first), tone: 'warning' } : { title: i18next.t('toast.notices', { ns: 'common', count }), text: i18next.t('toast.onOverview', { ns: 'common' }), tone: 'warning' });
  }, gatherMs);
}
