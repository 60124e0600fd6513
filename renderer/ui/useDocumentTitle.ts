import { useEffect } from 'react';

/** Names the window after the screen, so that the task switcher and screen readers tell them apart. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – VALEO NeuroERP Admin`;
  }, [title]);
}
