import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { authenticate } from '../accounts.ts';
import { loginPage, page, pagePolicy } from './pages.ts';

/** A login at the form, as the audit log tells it. */
export type LoginAttempt = { actor: string; client: string | null; outcome: 'accepted' | 'refused'; reason: string | null };

/** What decides about a login beside name and password. */
export type LoginRules = { disabled: ReadonlySet<string>; amr: () => readonly string[]; onLogin: ((attempt: LoginAttempt) => void) | undefined };

/** Largest login form that is read, in bytes. */
const formLimit = 8192;

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > formLimit) throw new RangeError('form too large');
  }
  return new URLSearchParams(text);
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
  response.end(html);
}

/** Grants everything that was asked for: all clients here are first-party, and a consent page would only be in the way. */
async function grantAll(provider: Provider, details: Awaited<ReturnType<Provider['interactionDetails']>>): Promise<string> {
  const { prompt, params, session } = details;
  const existing = details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId);
  const grant = existing ?? new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) });
  const missing = prompt.details as { missingOIDCScope?: string[]; missingOIDCClaims?: string[]; missingResourceScopes?: Record<string, string[]> };
  const requested = typeof params['scope'] === 'string' ? params['scope'] : '';
  grant.addOIDCScope(missing.missingOIDCScope?.join(' ') ?? requested);
  if (missing.missingOIDCClaims) grant.addOIDCClaims(missing.missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missing.missingResourceScopes ?? {})) grant.addResourceScope(resource, scopes.join(' '));
  return grant.save();
}

/**
 * Answers the login pages under `/interaction/{uid}`.
 * @returns false when the path is none of them.
 */
export async function handleInteraction(provider: Provider, mount: string, request: IncomingMessage, response: ServerResponse, { disabled, amr, onLogin }: LoginRules): Promise<boolean> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const match = /^\/interaction\/([\w-]+)(\/abort)?$/.exec(path);
  if (!match) return false;
  const action = `${mount}/interaction/${match[1]}`;
  try {
    const details = await provider.interactionDetails(request, response);
    const finish = (result: Parameters<Provider['interactionFinished']>[2], merge: boolean): Promise<void> =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: merge });
    if (match[2] !== undefined) {
      await finish({ error: 'access_denied', error_description: 'Die Anmeldung wurde abgebrochen' }, false);
    } else if (details.prompt.name === 'consent') {
      await finish({ consent: { grantId: await grantAll(provider, details) } }, true);
    } else if (request.method === 'POST') {
      const form = await readForm(request);
      const username = form.get('username') ?? '';
      const known = authenticate(username, form.get('password') ?? '');
      const account = known !== undefined && disabled.has(known.name) ? undefined : known;
      const wrong = known === account ? 'Benutzername oder Kennwort ist falsch.' : 'Dieses Konto ist gesperrt.';
      onLogin?.({ actor: (account?.name ?? username.trim()).slice(0, 64), client: request.headers['user-agent']?.slice(0, 120) ?? null, outcome: account ? 'accepted' : 'refused', reason: account ? null : wrong });
      if (account) await finish({ login: { accountId: account.name, amr: [...amr()] } }, false);
      else sendPage(response, 401, loginPage(action, { username, error: wrong }));
    } else {
      const hint = details.params['login_hint'];
      sendPage(response, 200, loginPage(action, typeof hint === 'string' ? { username: hint } : {}));
    }
  } catch {
    // The only way here is an interaction that is unknown or over; the page says what the person can do about it.
    if (!response.headersSent) sendPage(response, 400, page('Anmeldung abgelaufen', '<p>Bitte beginnen Sie die Anmeldung in der Anwendung neu.</p>'));
  }
  return true;
}
