import { X509Certificate } from 'node:crypto';
import { keyPin } from '../security/posture/tls-look.ts';
import { failure } from '../../shared/ipc/errors.ts';

/** What a profile's own authorities say of a certificate: `unknown` when none of them vouches for it. */
export type Verdict = 'trusted' | 'expired' | 'otherName' | 'unknown';

const isCurrent = (certificate: X509Certificate, now: number): boolean => Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);

/** Issued by, and really signed by: a name alone can be claimed by anybody. */
const isSignedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean => issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** The certificates from the server's own up to one of the authorities; null when it does not end at any. */
function pathTo(chain: readonly X509Certificate[], authorities: readonly X509Certificate[]): X509Certificate[] | null {
  const path: X509Certificate[] = [];
  for (const [index, certificate] of chain.entries()) {
    path.push(certificate);
    if (authorities.some((authority) => authority.fingerprint256 === certificate.fingerprint256)) return path;
    const anchor = authorities.find((authority) => isSignedBy(certificate, authority));
    if (anchor !== undefined) return [...path, anchor];
    const next = chain[index + 1];
    if (next === undefined || !isSignedBy(certificate, next)) return null;
  }
  return null;
}

/**
 * Judges the chain a server sent against a profile's own authorities (RFC 5280 path, validity, RFC 6125 name).
 * @param chain the server's certificate first. @param now epoch milliseconds.
 */
export function judgeChain(chain: readonly X509Certificate[], authorities: readonly X509Certificate[], hostname: string, now: number): Verdict {
  const path = pathTo(chain, authorities);
  const [leaf] = chain;
  if (path === null || leaf === undefined) return 'unknown';
  if (!path.every((certificate) => isCurrent(certificate, now))) return 'expired';
  return leaf.checkHost(hostname) === undefined && leaf.checkIP(hostname) === undefined ? 'otherName' : 'trusted';
}

/** The certificates of a PEM bundle. @throws AppFailure profile.invalid when there is none or one cannot be read. */
export function parseBundle(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new TypeError('no certificate');
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw failure('profile.invalid', { params: { file: '', fields: 'caCertificates' } }, error);
  }
}

/**
 * Whether the server may have this key. Only its own certificate counts: the handshake proves that it has the key, while anybody can
 * send other people's certificates along.
 */
export const isPinned = (leaf: X509Certificate, pins: readonly string[]): boolean => pins.includes(keyPin(leaf));
