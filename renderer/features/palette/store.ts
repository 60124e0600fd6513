import { create } from 'zustand';

type Palette = { shown: 'none' | 'commands' | 'shortcuts'; open: (what: 'commands' | 'shortcuts') => void; close: () => void };

/** Whether the command palette or the overview of shortcuts is open. */
export const usePalette = create<Palette>((set) => ({
  shown: 'none',
  open: (shown) => set({ shown }),
  close: () => set({ shown: 'none' }),
}));
