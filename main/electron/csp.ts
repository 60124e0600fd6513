/** Scheme and origin under which the renderer is served; no file:// ever. */
export const appScheme = 'app';
export const appHost = 'valeo';
export const appOrigin = `${appScheme}://${appHost}`;
/** Letters on screen and on their way to paper: a scheme of their own, shown in a sandboxed frame. */
export const paperScheme = 'paper';
export const paperOrigin = `${paperScheme}://letter`;

/** Security headers of every answer of the app:// handler. The renderer has no network at all. */
export const rendererHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    // react-aria would inject one constant rule; it stands in our own style sheet instead, so nothing has to be excepted.
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    `frame-src ${paperOrigin}`,
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
