import type { ReactNode } from 'react';
import { Palette } from './Palette.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { usePalette } from './store.ts';

/** Palette and shortcut overview; mounted only while open, so that each opening starts fresh. */
export function PaletteHost(): ReactNode {
  const shown = usePalette((palette) => palette.shown);
  const close = usePalette((palette) => palette.close);
  return <>{shown === 'commands' && <Palette onClose={close} />}{shown === 'shortcuts' && <Shortcuts onClose={close} />}</>;
}
