import { create } from 'zustand';
import type { CallOutput } from '../../shared/ipc/contract.ts';

/** Facts of this installation; null until main has answered. */
export const useInfo = create<{ info: CallOutput<'app.info'> | null }>(() => ({ info: null }));
