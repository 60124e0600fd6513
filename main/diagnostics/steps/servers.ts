import type { DiagnosticCause, StepOutcome } from '../../../shared/domain/diagnostics.ts';
import { AppFailure } from '../../../shared/ipc/errors.ts';
import { networkFailure } from '../../erp/network-errors.ts';
import { outcome, type StepContext } from '../ports.ts';
import { isDown, type Server } from './connection.ts';

const timeoutMs = 8_000;
/** Servers and clients whose clocks differ by more than this refuse each other's tokens. */
const toleratedMs = 60_000;
const largestDiscovery = 200_000;

/** An answer, and how far the server's clock is ahead, in milliseconds; null when it does not say. */
type Answer = { status: number; text: string; skewMs: number | null };

async function ask({ fetchFor, profile, signal, clock }: StepContext, url: string): Promise<Answer | { code: string }> {
  const sentAt = clock.now();
  try {
    const response = await fetchFor(profile())(url, { redirect: 'manual', headers: { Accept: 'application/json' }, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
    const date = Date.parse(response.headers.get('date') ?? '');
    const skewMs = Number.isNaN(date) ? null : date + 500 - (sentAt + clock.now()) / 2;
    return { status: response.status, text: (await response.text()).slice(0, largestDiscovery), skewMs };
  } catch (error) {
    return { code: networkFailure(error, new URL(url).host).error.code };
  }
}

const seconds = (ms: number | null): string => (ms === null ? '' : String(Math.round(ms / 1000)));

/** Is the ERP there, and does it take our account? */
export async function erpStep(context: StepContext, { url }: Server): Promise<StepOutcome> {
  if (context.found.get('tls')?.status === 'failed') return outcome('skipped', 'notBefore');
  const answer = await ask(context, `${url.href.replace(/\/+$/, '')}/healthz`);
  if ('code' in answer) return isDown(context.found) ? outcome('skipped', 'notBefore', { code: answer.code }) : outcome('failed', 'erpDown', { code: answer.code });
  const facts = { status: `HTTP ${answer.status}`, ...(answer.skewMs === null ? {} : { skewErp: seconds(answer.skewMs) }) };
  if (answer.status >= 500) return outcome('failed', 'erpFailing', facts);
  if (answer.status !== 200) return outcome('failed', 'erpNotErp', facts);
  const { ping } = context.work();
  try {
    await ping?.(AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]));
  } catch (error) {
    const code = error instanceof AppFailure ? error.error.code : 'app.internal';
    if (code === 'server.unauthorised' || code === 'server.forbidden' || code === 'session.expired') return outcome('warning', 'erpRefusesAccount', { ...facts, code });
    // The provider's step says why there is no token.
    if (code.startsWith('server.')) return outcome('failed', 'erpFailing', { ...facts, code });
  }
  return outcome('ok', null, facts);
}

/** Is the identity provider there, and is it the one that the profile names? */
export async function providerStep(context: StepContext): Promise<StepOutcome> {
  const issuer = context.profile()?.issuer ?? '';
  const answer = await ask(context, `${issuer}/.well-known/openid-configuration`);
  const host = new URL(issuer).host;
  if ('code' in answer) return outcome('failed', 'providerDown', { host, code: answer.code });
  const facts = { host, status: `HTTP ${answer.status}`, ...(answer.skewMs === null ? {} : { skewProvider: seconds(answer.skewMs) }) };
  if (answer.status !== 200) return outcome('failed', 'providerFailing', facts);
  const named = issuerIn(answer.text);
  if (named === null) return outcome('failed', 'providerFailing', facts);
  return named.replace(/\/+$/, '') === issuer ? outcome('ok', null, facts) : outcome('failed', 'providerOther', { ...facts, issuer: named });
}

function issuerIn(text: string): string | null {
  try {
    const { issuer } = JSON.parse(text) as { issuer?: unknown };
    return typeof issuer === 'string' ? issuer : null;
  } catch {
    return null;
  }
}

/** This computer's clock against those of the servers, as their answers had it. */
export function clockStep({ found }: StepContext): StepOutcome {
  const skews = { skewErp: found.get('erp')?.facts.skewErp, skewProvider: found.get('identityProvider')?.facts.skewProvider };
  const facts: StepOutcome['facts'] = Object.fromEntries(Object.entries(skews).filter(([, value]) => value !== undefined));
  const known = Object.values(facts).map(Number);
  if (known.length === 0) return outcome('skipped', 'clockUntold');
  return known.some((value) => Math.abs(value) * 1000 > toleratedMs) ? outcome('failed', 'clockOff', facts) : outcome('ok', null, facts);
}

/** Whether changes of others come by themselves. */
export function eventsStep({ work, found }: StepContext): StepOutcome {
  const { live, ping } = work();
  if (ping === null) return outcome('skipped', 'notSignedIn');
  if (live === null) return outcome('skipped', 'eventsUnsupported');
  if (live) return outcome('ok');
  const cause: DiagnosticCause = found.get('erp')?.status === 'ok' ? 'eventsClosed' : 'notBefore';
  return outcome(cause === 'notBefore' ? 'skipped' : 'warning', cause);
}
