import { createHash, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isPinned, judgeChain } from '../../main/electron/trust-chain.ts';
import { connectionProfileSchema } from '../../shared/domain/profile.ts';
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

describe('keys that a profile names', () => {
  it('let a server through by its own key only, also after its certificate was renewed', () => {
    const certificate = makeCertificate('good');
    const leaf = new X509Certificate(certificate.cert);
    const pin = `sha256/${createHash('sha256').update(leaf.publicKey.export({ type: 'spki', format: 'der' })).digest('base64')}`;
    expect(isPinned(leaf, ['sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', pin])).toBe(true);
    expect(isPinned(new X509Certificate(makeCertificate('good').cert), [pin])).toBe(false);
    expect(connectionProfileSchema.safeParse({ id: 'p', name: 'P', environment: 'test', erpUrl: 'https://erp.example', issuer: 'https://i.example', clientId: 'c', serverKeyPins: [pin] }).success).toBe(true);
    for (const wrong of [[], ['x'], [pin.replace('sha256', 'sha1')]]) expect(connectionProfileSchema.safeParse({ id: 'p', name: 'P', environment: 'test', erpUrl: 'https://erp.example', issuer: 'https://i.example', clientId: 'c', serverKeyPins: wrong }).success).toBe(false);
  });
});
