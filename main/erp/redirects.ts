export type RedirectQuestion = {
  status: number;
  location: string | null;
  method: string;
  /** Where the request went. */
  from: URL;
  /** The ERP's own address. */
  base: URL;
};

/**
 * Where a redirect leads: null when the answer is none, `refused` when it must not be followed. The ERP redirects
 * between paths with and without a trailing slash (307); anything that would send a write or a downgrade elsewhere is
 * refused.
 */
export function redirectTarget({ status, location, method, from, base }: RedirectQuestion): URL | 'refused' | null {
  if (![301, 302, 303, 307, 308].includes(status)) return null;
  if (location === null || !URL.canParse(location, from.href)) return 'refused';
  const target = new URL(location, from);
  // Frameworks behind a TLS proxy write their own http address into Location: same host, so it stays on TLS.
  if (base.protocol === 'https:' && target.protocol === 'http:' && target.hostname === base.hostname && target.port === '') {
    target.protocol = 'https:';
    target.port = base.port;
  }
  if (target.protocol !== 'https:' && target.origin !== base.origin) return 'refused';
  const keepsMethod = status === 307 || status === 308;
  if (method !== 'GET' && (!keepsMethod || target.origin !== base.origin)) return 'refused';
  return target;
}
