import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeChain } from '../../main/electron/trust-chain.ts';
import { makeCertificate } from './certificates.ts';

const judge = (kind: Parameters<typeof makeCertificate>[0], hostname = '127.0.0.1', now = Date.now()) => {
  const { cert, ca } = makeCertificate(kind);
  return judgeChain([new X509Certificate(cert)], [new X509Certificate(ca ?? makeCertificate('good').ca ?? '')], hostname, now);
};

describe('a profile\'s own authorities', () => {
  it('vouch for what they signed, for its name and in its time', () => {
    expect(judge('good')).toBe('trusted');
    expect(judge('good', '127.0.0.2')).toBe('otherName');
    expect(judge('other-name')).toBe('otherName');
    expect(judge('expired')).toBe('expired');
    expect(judge('good', '127.0.0.1', Date.now() + 400 * 86_400_000)).toBe('expired');
  });

  it('vouch for nothing else', () => {
    expect(judge('self-signed')).toBe('unknown');
    const stranger = new X509Certificate(makeCertificate('good').ca ?? '');
    // Same names, another key: what counts is the signature.
    expect(judgeChain([new X509Certificate(makeCertificate('good').cert)], [stranger], '127.0.0.1', Date.now())).toBe('unknown');
    expect(judgeChain([], [stranger], '127.0.0.1', Date.now())).toBe('unknown');
  });

  it('may be the server\'s own certificate, pinned in the profile', () => {
    const own = new X509Certificate(makeCertificate('self-signed').cert);
    expect(judgeChain([own], [own], '127.0.0.1', Date.now())).toBe('trusted');
  });
});
