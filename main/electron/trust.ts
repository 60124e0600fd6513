import { X509Certificate } from 'node:crypto';
import type { Session } from 'electron';
import { judgeChain, parseBundle, type Verdict } from './trust-chain.ts';

/** Chromium's own verdict stands; see `setCertificateVerifyProc`. */
const leaveIt = -3;

/** What is answered to Chromium: 0 accepts, the others are its net error codes, so that the precise reason reaches the screen. */
const answers: Readonly<Record<Verdict, number>> = { trusted: 0, expired: -201, otherName: -200, unknown: leaveIt };

/** Lets one profile trust its own authorities, besides what the operating system trusts; never less strict otherwise. */
export function trustAuthorities(partition: Session, pem: string | undefined): void {
  const authorities = pem === undefined ? [] : parseBundle(pem);
  partition.setCertificateVerifyProc((request, answer) => {
    if (request.errorCode === 0 || authorities.length === 0) return answer(leaveIt);
    const chain: X509Certificate[] = [];
    for (let current = request.certificate; current !== undefined; current = current.issuerCert) {
      chain.push(new X509Certificate(current.data));
      if (current.issuerCert?.fingerprint === current.fingerprint) break;
    }
    return answer(answers[judgeChain(chain, authorities, request.hostname, Date.now())]);
  });
}
