import { useEffect, useState } from 'react';
import { call } from '../bridge/call.ts';

/** How long "copied" stays, in milliseconds. */
const shownFor = 2000;

/** Puts text on the clipboard through main (the page itself has no clipboard permission), and says for a moment that it did. */
export function useCopy(): { isCopied: boolean; copy: (text: string) => void } {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), shownFor);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return { isCopied, copy: (text) => void call('app.copyText', { text }).then(() => setCopied(true), () => setCopied(false)) };
}
