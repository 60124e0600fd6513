import { useEffect } from 'react';
import { call } from '../../bridge/call.ts';
import { leading } from './leading.ts';

/** Milliseconds between two reports. The lock may come this much early, never late. */
const interval = 20_000;

const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** Tells main that somebody is there, while `isActive`. */
export function useActivity(isActive: boolean): void {
  useEffect(() => {
    if (!isActive) return;
    const report = leading(() => void call('lock.activity').catch(() => undefined), interval, () => performance.now());
    // First in line, so that no dialog keeps a key from counting.
    for (const sign of signs) window.addEventListener(sign, report, { capture: true, passive: true });
    return () => {
      for (const sign of signs) window.removeEventListener(sign, report, { capture: true });
    };
  }, [isActive]);
}
