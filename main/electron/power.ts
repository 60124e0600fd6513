import { powerMonitor } from 'electron';
import type { App } from '../app.ts';

/** Tells the lock what the computer does. Linux has no event for its lock screen; there, sleep and idleness remain. */
export function followPower({ lock, screenUnlocked }: Pick<App, 'lock' | 'screenUnlocked'>): void {
  powerMonitor.on('suspend', () => void lock.suspended());
  powerMonitor.on('resume', () => lock.resumed());
  powerMonitor.on('lock-screen', () => void lock.screenLocked());
  powerMonitor.on('unlock-screen', () => void screenUnlocked());
}
