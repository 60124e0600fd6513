/** Scheme and origin under which the renderer is served; no file:// ever. */
export const appScheme = 'app';
export const appHost = 'valeo';
export const appOrigin = `${appScheme}://${appHost}`;

/**
 * react-aria injects one constant style element (touch-action on pressable elements); its hash is listed instead of
 * opening style-src. A test recomputes it from the library's source.
 */
const pressStyleHash = "'sha256-LrQL4KJr6mpOL3HMdXu7DtVglk5D+sJxF6fKdo5trCs='";

/** Security headers of every answer of the app:// handler. The renderer has no network at all. */
export const rendererHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${pressStyleHash}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
