import { X509Certificate } from 'node:crypto';
import { failure } from '../../shared/ipc/errors.ts';

/** True when the chain ends at one of the extra authorities: each certificate signed by the next, none outside its time. */
export function chainsTo(chain: readonly X509Certificate[], authorities: readonly X509Certificate[], hostname: string, now: number): boolean {
  const leaf = chain[0];
  if (leaf === undefined || leaf.checkHost(hostname) === undefined && leaf.checkIP(hostname) === undefined) return false;
  const isCurrent = (certificate: X509Certificate): boolean => Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
  for (let index = 0; index < chain.length; index += 1) {
    const certificate = chain[index];
    if (certificate === undefined || !isCurrent(certificate)) return false;
    const anchor = authorities.find((authority) => authority.fingerprint256 === certificate.fingerprint256 || (authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey)));
    if (anchor !== undefined) return isCurrent(anchor);
    const issuer = chain[index + 1];
    if (issuer === undefined || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return false;
  }
  return false;
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
