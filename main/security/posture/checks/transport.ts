import type { PostureResult } from '../../../../shared/security/posture/result.ts';
import { lookAtTls, type CertificateFacts, type Handshake } from '../tls-look.ts';
import { result, type CheckContext } from './context.ts';

const day = 86_400_000;
/** Renewing takes people a while. */
const soonMs = 21 * day;

const asked = (...versions: string[]): string[] => versions.map((version) => `TLS ${version}`);

/** Own handshakes, because the client's HTTP does not say which version it speaks. */
export async function transportChecks({ probe, baseUrl, now }: CheckContext): Promise<PostureResult[]> {
  const url = new URL(baseUrl);
  // A profile takes plain http for this computer only.
  if (url.protocol !== 'https:') return [result('tlsVersion', 'notApplicable', 'loopbackOnly'), result('certificate', 'notApplicable', 'loopbackOnly')];
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  const port = url.port === '' ? 443 : Number(url.port);
  const modern = await probe.count(() => lookAtTls(host, port));
  const old = await probe.count(() => lookAtTls(host, port, 'TLSv1.1'));
  const oldest = await probe.count(() => lookAtTls(host, port, 'TLSv1'));
  // The real client decides about trust: it knows the operating system's store and the profile's own authorities.
  const answer = await probe.ask('/healthz');
  const untrusted = answer?.error?.code.startsWith('tls.') === true ? answer.error.code : null;
  return [
    { ...versionResult(modern, old, oldest), asked: asked('≥ 1.2', '1.1', '1.0') },
    { ...certificateResult(modern, untrusted, now()), asked: [...asked('≥ 1.2'), 'GET /healthz'] },
  ];
}

function versionResult(modern: Handshake | null, old: Handshake | null, oldest: Handshake | null): PostureResult {
  if (modern === null || old === null || oldest === null) return result('tlsVersion', 'unknown', 'notAsked');
  const accepted = [['TLS 1.1', old] as const, ['TLS 1.0', oldest] as const].filter(([, handshake]) => handshake.kind === 'done').map(([name]) => name);
  if (accepted.length > 0) return result('tlsVersion', 'bad', 'oldTls', { versions: accepted.join(', ') });
  // Behind a proxy of the company there is no way to the server but through it, and it would be the proxy that is measured.
  if (modern.kind === 'unreachable') return result('tlsVersion', 'unknown', 'noDirectWay', { code: modern.code });
  if (modern.kind !== 'done') return result('tlsVersion', 'bad', 'noModernTls', { code: modern.code });
  const { protocol, cipher } = modern.seen;
  if (old.kind !== 'refused' || oldest.kind !== 'refused') return result('tlsVersion', 'unknown', 'oldTlsUntold', { version: protocol.replace('v', ' '), cipher });
  return result('tlsVersion', 'good', 'tls', { version: protocol.replace('v', ' '), cipher });
}

function certificateResult(modern: Handshake | null, untrusted: string | null, now: number): PostureResult {
  if (modern === null || modern.kind !== 'done' || modern.seen.certificate === null) return untrusted === null ? result('certificate', 'unknown', 'noCertificate') : result('certificate', 'bad', 'untrusted', { code: untrusted, issuer: '?' });
  const { certificate } = modern.seen;
  const facts = paramsOf(certificate, now);
  if (certificate.validTo <= now || certificate.validFrom > now) return result('certificate', 'bad', 'certificateExpired', facts);
  if (!certificate.matchesName) return result('certificate', 'bad', 'certificateOtherName', facts);
  if (untrusted !== null) return result('certificate', 'bad', 'untrusted', { ...facts, code: untrusted });
  if (certificate.isWeakKey) return result('certificate', 'bad', 'certificateWeakKey', facts);
  if (certificate.validTo - now < soonMs) return result('certificate', 'partly', 'certificateSoon', facts);
  return result('certificate', 'good', 'certificate', facts);
}

const paramsOf = ({ subject, issuer, validTo, key, pin }: CertificateFacts, now: number): Record<string, string> =>
  ({ subject, issuer, key, pin, until: new Date(validTo).toISOString().slice(0, 10), days: String(Math.floor((validTo - now) / day)) });
