import { powerMonitor } from 'electron';
import type { App } from '../app.ts';

/** Tells the lock what the computer does. Linux has no event for its lock screen; there, sleep and idleness remain. */
export function followPower({ lock, quitting, screenUnlocked }: Pick<App, 'lock' | 'quitting' | 'screenUnlocked'>): void {
  powerMonitor.on('suspend', () => void lock.suspended());
  powerMonitor.on('resume', () => lock.resumed());
  powerMonitor.on('lock-screen', () => void lock.screenLocked());
  // Only macOS takes a window that does not close for a program that keeps the computer from ending.
  if (process.platform === 'darwin') powerMonitor.on('shutdown', () => quitting.decide());
  powerMonitor.on('unlock-screen', () => void screenUnlocked());
}
