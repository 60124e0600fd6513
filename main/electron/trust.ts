import { X509Certificate } from 'node:crypto';
import type { Session } from 'electron';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import { isPinned, judgeChain, parseBundle, type Verdict } from './trust-chain.ts';

/** Chromium's own verdict stands; see `setCertificateVerifyProc`. */
const leaveIt = -3;

/** What is answered to Chromium: 0 accepts, the others are its net error codes, so that the precise reason reaches the screen. */
const answers: Readonly<Record<Verdict, number>> = { trusted: 0, expired: -201, otherName: -200, unknown: leaveIt };

/** ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN */
const otherKey = -150;

export type Trust = Pick<ConnectionProfile, 'caCertificates' | 'erpUrl' | 'serverKeyPins'>;

/**
 * Lets one profile trust its own authorities, besides what the operating system trusts, and holds its ERP server to the keys that the
 * profile names; never less strict otherwise. @param trust null: only what the operating system trusts.
 */
export function applyTrust(partition: Session, trust: Trust | null): void {
  const authorities = trust?.caCertificates === undefined ? [] : parseBundle(trust.caCertificates);
  const pinned = trust?.serverKeyPins === undefined ? null : { host: new URL(trust.erpUrl).hostname.replaceAll(/[[\]]/g, ''), pins: trust.serverKeyPins };
  partition.setCertificateVerifyProc((request, answer) => {
    const chain: X509Certificate[] = [];
    for (let current = request.certificate; current !== undefined; current = current.issuerCert) {
      chain.push(new X509Certificate(current.data));
      if (current.issuerCert?.fingerprint === current.fingerprint) break;
    }
    const verdict = request.errorCode === 0 || authorities.length === 0 ? leaveIt : answers[judgeChain(chain, authorities, request.hostname, Date.now())];
    const isGood = verdict === 0 || (verdict === leaveIt && request.errorCode === 0);
    const [leaf] = chain;
    const hasOtherKey = pinned !== null && request.hostname === pinned.host && (leaf === undefined || !isPinned(leaf, pinned.pins));
    // A certificate that is wrong anyway keeps its own reason.
    answer(isGood && hasOtherKey ? otherKey : verdict);
  });
}
