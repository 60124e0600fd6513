/** The page that the browser shows at the end of a sign-in. No script, no image, nothing from elsewhere. */

type Outcome = 'done' | 'failed' | 'used';

const texts: Readonly<Record<'de' | 'en', Readonly<Record<Outcome, { title: string; text: string }>>>> = {
  de: {
    done: { title: 'Sie sind angemeldet', text: 'Sie können dieses Fenster schließen und in VALEO NeuroERP Admin weiterarbeiten.' },
    failed: { title: 'Die Anmeldung ist nicht gelungen', text: 'Sie können dieses Fenster schließen. VALEO NeuroERP Admin zeigt, woran es lag und was Sie tun können.' },
    used: { title: 'Diese Anmeldung ist schon abgeschlossen', text: 'Sie können dieses Fenster schließen.' },
  },
  en: {
    done: { title: 'You are signed in', text: 'You can close this window and go on in VALEO NeuroERP Admin.' },
    failed: { title: 'The sign-in did not succeed', text: 'You can close this window. VALEO NeuroERP Admin shows the reason and what you can do.' },
    used: { title: 'This sign-in is already over', text: 'You can close this window.' },
  },
};

const style = 'body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;color-scheme:light dark;background:Canvas;color:CanvasText}main{max-width:32rem;padding:2rem;text-align:center}h1{font-size:1.4rem;font-weight:600}';

/** SHA-256 of {@link style}, so that the policy allows this one style and no other; a test computes it anew. */
export const styleHash = 'sha256-momGKiMdfjlhul8Iq6yiB0heUSzgkXH7ba45mHCzT/o=';

/** German unless the browser prefers English: it may run in another language than the app. */
export function pageLanguage(acceptLanguage: string | undefined): 'de' | 'en' {
  const wanted = (acceptLanguage ?? '').toLowerCase().split(',').map((part) => part.trim().slice(0, 2));
  return wanted.find((language): language is 'de' | 'en' => language === 'de' || language === 'en') ?? 'de';
}

export function closingPage(outcome: Outcome, language: 'de' | 'en'): string {
  const { title, text } = texts[language][outcome];
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head><body><main><h1>${title}</h1><p>${text}</p></main></body></html>`;
}

export const pageStyle = style;

export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  // The address of this page holds the code; it must not travel on.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  Connection: 'close',
};
