import { useEffect } from 'react';
import { call } from '../../bridge/call.ts';

/** Seconds between two looks for new entries: a look that finds nothing is two small requests of the hundred a minute. */
export const tailSeconds = 10;

/** Looks for new entries while the window can be seen; what is found arrives as `audit.changed`. */
export function useLiveTail(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    // A look that fails is followed by the next; that there is no server is said elsewhere.
    const look = (): void => { if (document.visibilityState === 'visible') call('audit.tail').catch(() => undefined); };
    look();
    const timer = setInterval(look, tailSeconds * 1000);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [isOn]);
}
