import { z } from 'zod';
import { serverAddressSchema } from '../../shared/domain/profile.ts';
import { appError, type AppError } from '../../shared/ipc/errors.ts';
import type { HttpFetch } from '../erp/ports.ts';
import { networkFailure } from '../erp/network-errors.ts';
import type { CheckInput, CheckStep } from './profile-setup.ts';

/** Servers and clients whose clocks differ by more than this reject each other's tokens. */
const toleratedSkewSeconds = 60;
const timeoutMilliseconds = 8_000;
/** Discovery documents are a few KB; anything much larger is not one. */
const largestDiscovery = 200_000;

const discoverySchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
});

const ok = (id: CheckStep['id'], detail: string | null = null): CheckStep => ({ id, status: 'ok', error: null, detail });
const failed = (id: CheckStep['id'], error: AppError, detail: string | null = null): CheckStep => ({ id, status: 'failed', error, detail });
const skipped = (id: CheckStep['id']): CheckStep => ({ id, status: 'skipped', error: null, detail: null });

type Answer = { response: Response } | { error: AppError };

async function ask(fetch: HttpFetch, url: string): Promise<Answer> {
  try {
    return { response: await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMilliseconds) }) };
  } catch (error) {
    return { error: networkFailure(error, new URL(url).host).error };
  }
}

/** How far the server's clock is ahead of ours, in seconds; null when it does not say. */
function skewOf(response: Response, now: number): number | null {
  const date = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(date) ? null : Math.round((date - now) / 1000);
}

async function checkErp(fetch: HttpFetch, address: string, now: () => number): Promise<CheckStep[]> {
  const answer = await ask(fetch, `${address}/healthz`);
  const isEncrypted = address.toLowerCase().startsWith('https:');
  if ('error' in answer) {
    const isTls = answer.error.code.startsWith('tls.');
    return [isTls ? ok('erp', new URL(address).host) : failed('erp', answer.error), isTls ? failed('tls', answer.error) : skipped('tls'), skipped('clock')];
  }
  const { response } = answer;
  await response.body?.cancel();
  const skew = skewOf(response, now());
  const clock: CheckStep = skew !== null && Math.abs(skew) > toleratedSkewSeconds
    ? { id: 'clock', status: 'warning', error: appError('login.clock', { params: { minutes: String(Math.max(1, Math.round(Math.abs(skew) / 60))) } }), detail: `${skew} s` }
    : ok('clock', skew === null ? null : `${skew} s`);
  const erp = response.status < 500 ? ok('erp', `HTTP ${response.status}`) : failed('erp', appError('server.unavailable'), `HTTP ${response.status}`);
  return [erp, isEncrypted ? ok('tls') : skipped('tls'), clock];
}

async function checkIssuer(fetch: HttpFetch, issuer: string): Promise<CheckStep[]> {
  const answer = await ask(fetch, `${issuer}/.well-known/openid-configuration`);
  if ('error' in answer) return [failed('identityProvider', answer.error), skipped('issuer')];
  if (answer.response.status !== 200) {
    await answer.response.body?.cancel();
    return [failed('identityProvider', appError('login.provider'), `HTTP ${answer.response.status}`), skipped('issuer')];
  }
  const text = await answer.response.text();
  let discovery: z.infer<typeof discoverySchema>;
  try {
    if (text.length > largestDiscovery) throw new RangeError('too large');
    discovery = discoverySchema.parse(JSON.parse(text));
  } catch {
    return [failed('identityProvider', appError('login.invalidResponse')), skipped('issuer')];
  }
  if (discovery.issuer.replace(/\/+$/, '') !== issuer) {
    return [ok('identityProvider'), failed('issuer', appError('login.issuerMismatch', { params: { expected: issuer, actual: discovery.issuer.slice(0, 200) } }))];
  }
  const offersPkce = discovery.code_challenge_methods_supported?.includes('S256') ?? true;
  return [ok('identityProvider', new URL(issuer).host), offersPkce ? ok('issuer', discovery.issuer) : failed('issuer', appError('login.provider'), 'PKCE S256')];
}

/**
 * Checks a connection step by step, in the order it is made, so that the first red step names what to tell the
 * administrator. Harmless: two GET requests without a token.
 */
export async function checkProfile(fetch: HttpFetch, input: CheckInput, now: () => number): Promise<CheckStep[]> {
  const erp = serverAddressSchema.safeParse(input.erpUrl.trim());
  const issuer = serverAddressSchema.safeParse(input.issuer.trim());
  const wrong = [...(erp.success ? [] : ['erpUrl']), ...(issuer.success ? [] : ['issuer']), ...(input.clientId.trim() === '' ? ['clientId'] : [])];
  const address = wrong.length === 0 ? ok('address') : failed('address', appError('profile.invalid', {
    params: { file: '', fields: wrong.join(', ') },
    fieldErrors: wrong.map((path) => ({ path, messageKey: 'errors.profile.invalid', params: { file: '', fields: path } })),
  }));
  const [erpSteps, issuerSteps] = await Promise.all([
    erp.success ? checkErp(fetch, erp.data, now) : [skipped('erp'), skipped('tls'), skipped('clock')],
    issuer.success ? checkIssuer(fetch, issuer.data) : [skipped('identityProvider'), skipped('issuer')],
  ]);
  const order: CheckStep['id'][] = ['address', 'erp', 'tls', 'identityProvider', 'issuer', 'clock'];
  return [address, ...erpSteps, ...issuerSteps].toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}
