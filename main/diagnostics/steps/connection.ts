import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { DiagnosticCause, StepOutcome } from '../../../shared/domain/diagnostics.ts';
import { lookAtTls } from '../../security/posture/tls-look.ts';
import { networkFailure } from '../../erp/network-errors.ts';
import { askForTunnel, reach } from '../proxy.ts';
import { outcome, type StepContext } from '../ports.ts';

const day = 86_400_000;
const soonMs = 21 * day;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? '';

export type Server = { url: URL; host: string; port: number; isEncrypted: boolean };

export function serverOf(address: string): Server {
  const url = new URL(address);
  const isEncrypted = url.protocol === 'https:';
  return { url, host: url.hostname.replaceAll(/[[\]]/g, ''), port: url.port === '' ? (isEncrypted ? 443 : 80) : Number(url.port), isEncrypted };
}

/** Is there a network, does the name lead anywhere, and does somebody answer there? */
export async function networkStep({ signal, proxy }: StepContext, { host, port }: Server): Promise<StepOutcome> {
  const up = Object.entries(networkInterfaces()).filter(([, addresses]) => addresses?.some(({ internal }) => !internal) === true).map(([name]) => name);
  const isHere = host === 'localhost' || host === '127.0.0.1' || host === '::1';
  const facts = { host: `${host}:${port}`, interfaces: String(up.length) };
  if (up.length === 0 && !isHere) return outcome('failed', 'noNetwork', facts);
  // Behind a proxy only the proxy knows names and ways; its own step looks at it.
  if (proxy.kind !== 'direct') return outcome('ok', null, facts);
  let addresses: string;
  try {
    addresses = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address).join(', ') : host;
  } catch (error) {
    return outcome('failed', 'nameUnknown', { ...facts, code: codeOf(error) });
  }
  try {
    return outcome('ok', null, { ...facts, addresses, milliseconds: String(await reach(host, port, signal)) });
  } catch (error) {
    const code = codeOf(error);
    const cause: DiagnosticCause = code === 'TIMEOUT' || code === 'ETIMEDOUT' ? 'serverSilent' : code === 'ENETUNREACH' ? 'noNetwork' : code === 'ECONNRESET' ? 'connectionBroken' : 'serverRefuses';
    return outcome('failed', cause, { ...facts, addresses, code });
  }
}

/** Which proxy the operating system names for the server, and whether it lets us through. */
export async function proxyStep({ proxy, signal }: StepContext, { host, port, isEncrypted }: Server): Promise<StepOutcome> {
  if (proxy.kind === 'direct') return outcome('ok', null, { direct: 'DIRECT' });
  const facts = { proxy: `${proxy.host}:${proxy.port}` };
  try {
    if (proxy.kind === 'socks' || !isEncrypted) return outcome('ok', null, { ...facts, milliseconds: String(await reach(proxy.host, proxy.port, signal)) });
    const status = await askForTunnel(proxy, `${host}:${port}`, signal);
    const known = { ...facts, status: String(status) };
    if (status === 407) return outcome('failed', 'proxySignIn', known);
    return status === 200 ? outcome('ok', null, known) : outcome('failed', 'proxyRefuses', known);
  } catch (error) {
    return outcome('failed', codeOf(error) === 'TIMEOUT' ? 'proxySilent' : 'proxyUnreachable', { ...facts, code: codeOf(error) });
  }
}

/** What the certificate says and whether it is trusted, which only the real client can tell. */
export async function tlsStep({ fetchFor, profile, signal, proxy, clock, found }: StepContext, { url, host, port, isEncrypted }: Server): Promise<StepOutcome> {
  if (!isEncrypted) return outcome('skipped', 'loopbackOnly');
  if (isDown(found)) return outcome('skipped', 'notBefore');
  const look = proxy.kind === 'direct' ? await lookAtTls(host, port) : null;
  const certificate = look?.kind === 'done' ? look.seen.certificate : null;
  const facts = {
    ...(look?.kind === 'done' ? { tls: `${look.seen.protocol}, ${look.seen.cipher}` } : {}),
    ...(certificate === null ? {} : { certificate: `${certificate.subject}, ${certificate.issuer}, ${new Date(certificate.validTo).toISOString().slice(0, 10)}` }),
  };
  try {
    const response = await fetchFor(profile())(`${url.origin}/healthz`, { redirect: 'manual', signal: AbortSignal.any([signal, AbortSignal.timeout(8_000)]) });
    await response.body?.cancel();
  } catch (error) {
    const { code } = networkFailure(error, url.host).error;
    const causes: Partial<Record<typeof code, DiagnosticCause>> = { 'tls.expired': 'certificateExpired', 'tls.nameMismatch': 'certificateOtherName', 'tls.untrusted': 'certificateUntrusted', 'tls.pinned': 'certificatePinned', 'tls.failed': 'tlsFailed' };
    const cause = causes[code];
    // Anything else is the next step's to explain.
    return cause === undefined ? outcome('skipped', 'notBefore', { ...facts, code }) : outcome('failed', cause, { ...facts, code });
  }
  return certificate !== null && certificate.validTo - clock.now() < soonMs ? outcome('warning', 'certificateSoon', facts) : outcome('ok', null, facts);
}

/** Whether there is no way to the server at all, as the steps before have found. */
export const isDown = (found: StepContext['found']): boolean => ['network', 'proxy'].some((id) => found.get(id)?.status === 'failed');
