import { X509Certificate } from 'node:crypto';
import type { Session } from 'electron';
import { chainsTo, parseBundle } from './trust-chain.ts';

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
