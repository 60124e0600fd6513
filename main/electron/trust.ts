import { X509Certificate } from 'node:crypto';
import type { Session } from 'electron';

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

/** The certificates of a PEM bundle. @throws when one of them cannot be read. */
export function parseBundle(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** Lets one profile trust its own authorities, besides what the operating system trusts; never less strict otherwise. */
export function trustAuthorities(partition: Session, pem: string | undefined): void {
  const authorities = pem === undefined ? [] : parseBundle(pem);
  partition.setCertificateVerifyProc((request, answer) => {
    if (request.errorCode === 0 || authorities.length === 0) return answer(-3);
    const chain: X509Certificate[] = [];
    for (let current = request.certificate; current !== undefined; current = current.issuerCert) {
      chain.push(new X509Certificate(current.data));
      if (current.issuerCert?.fingerprint === current.fingerprint) break;
    }
    // 0 accepts; -3 leaves the decision with Chromium, which keeps its precise error.
    return answer(chainsTo(chain, authorities, request.hostname, Date.now()) ? 0 : -3);
  });
}
