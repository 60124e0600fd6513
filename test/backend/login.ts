import * as oidc from 'openid-client';
import type { BackendInfo } from './index.ts';

export type Person = { name: string; password: string };
export type LoginResult = { accessToken: string; refreshToken: string; idToken: string };

/** Cookies of one browser, by name; a value goes back to the paths it was set for. */
type Jar = Map<string, { value: string; path: string }>;

/** More hops than a sign-in takes; beyond that something redirects in a circle. */
const maxHops = 12;

function remember(jar: Jar, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const separator = pair.indexOf('=');
    const name = pair.slice(0, separator);
    const value = pair.slice(separator + 1);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    if (value === '' || /expires=thu, 01 jan 1970/i.test(line)) jar.delete(`${name} ${path}`);
    else jar.set(`${name} ${path}`, { value, path });
  }
}

async function visit(jar: Jar, url: URL, form?: URLSearchParams): Promise<Response> {
  const cookies = [...jar].filter(([, cookie]) => url.pathname.startsWith(cookie.path)).map(([key, cookie]) => `${key.split(' ')[0]}=${cookie.value}`);
  const response = await fetch(url, {
    redirect: 'manual', headers: { accept: 'text/html', cookie: cookies.join('; ') }, ...(form ? { method: 'POST', body: form } : {}), signal: AbortSignal.timeout(15_000),
  });
  remember(jar, response);
  return response;
}

/** The address and text of the page that a chain of redirects ends at, or the redirect that leaves the provider. */
async function followRedirects(jar: Jar, start: URL, form?: URLSearchParams): Promise<{ url: URL; html: string | null }> {
  let url = start;
  let body = form;
  for (let hop = 0; hop < maxHops; hop += 1) {
    const response = await visit(jar, url, body);
    body = undefined;
    const location = response.headers.get('location');
    if (location === null) return { url, html: await response.text() };
    const next = new URL(location, url);
    if (next.origin !== start.origin) return { url: next, html: null };
    url = next;
  }
  throw new Error('too many redirects during sign-in');
}

/**
 * Plays the browser: opens the authorization address, fills in the real login form and sends it.
 * @param user null presses "Abbrechen" instead.
 * @returns the redirect to the client's loopback address, not followed.
 * @throws Error when the provider answers with a page instead, for example because of a wrong password.
 */
export async function submitLoginForm(authorizationUrl: URL, user: Person | null): Promise<URL> {
  const jar: Jar = new Map();
  const page = await followRedirects(jar, authorizationUrl);
  if (page.html === null) return page.url;
  const action = /<form method="post" action="([^"]+)"/.exec(page.html)?.[1];
  if (action === undefined) throw new Error(`no login form at ${page.url.pathname}: ${textOf(page.html)}`);
  const target = new URL(user === null ? `${action}/abort` : action, page.url);
  const result = await followRedirects(jar, target, user === null ? undefined : new URLSearchParams({ username: user.name, password: user.password }));
  if (result.html !== null) throw new Error(`sign-in refused: ${textOf(result.html)}`);
  return result.url;
}

const textOf = (html: string): string => html.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200);

/** openid-client's view of the backend, discovered over HTTP. Plain http is allowed: the listener is on loopback only. */
export const discover = (backend: BackendInfo): Promise<oidc.Configuration> =>
  oidc.discovery(new URL(backend.issuer), backend.clientId, undefined, oidc.None(), { execute: [oidc.allowInsecureRequests] });

/**
 * Signs a person in over HTTP as the desktop client does: code flow with PKCE, state and nonce, real login form.
 * @param userName one of the backend's users. @throws Error for an unknown name or a refused sign-in.
 */
export async function loginHeadless(backend: BackendInfo, userName: string): Promise<LoginResult> {
  const user = backend.users.find((candidate) => candidate.name === userName);
  if (!user) throw new Error(`no such account: ${userName}`);
  const configuration = await discover(backend);
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const authorizationUrl = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: 'http://127.0.0.1:49152/callback', scope: 'openid profile email offline_access', prompt: 'consent', state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const callback = await submitLoginForm(authorizationUrl, user);
  const tokens = await oidc.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce });
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? '', idToken: tokens.id_token ?? '' };
}
