import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export type CertificateKind = 'good' | 'self-signed' | 'expired' | 'other-name';

/** DER (X.690): tag, length, content. Enough of it for an X.509 certificate, so that no openssl has to be installed. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: number[]): Buffer => der(0x06, Buffer.from(bytes));
const text = (value: string): Buffer => der(0x0c, Buffer.from(value));
const time = (at: Date): Buffer => der(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
const name = (commonName: string): Buffer => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), text(commonName))));
const ecdsaSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const yes = der(0x01, Buffer.from([0xff]));

const basicConstraints = (isAuthority: boolean): Buffer => sequence(oid(0x55, 0x1d, 0x13), yes, der(0x04, sequence(...(isAuthority ? [yes] : []))));
const address127 = der(0x87, Buffer.from([127, 0, 0, 1]));
const subjectAltName = (entry: Buffer): Buffer => sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(entry)));

type Parts = { subject: string; issuer: string; from: Date; to: Date; publicKey: KeyObject; signer: KeyObject; extensions: Buffer[] };

/** RFC 5280 section 4.1, version 3, signed with ECDSA and SHA-256. */
function certificate({ subject, issuer, from, to, publicKey, signer, extensions }: Parts): string {
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), serial, ecdsaSha256, name(issuer), sequence(time(from), time(to)), name(subject),
    publicKey.export({ type: 'spki', format: 'der' }), der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, signer));
  const base64 = sequence(body, ecdsaSha256, signature).toString('base64').match(/.{1,64}/g)?.join('\n') ?? '';
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

const day = 86_400_000;

/**
 * A server certificate for 127.0.0.1 with one thing wrong. `ca` is the authority that a client has to trust so that only
 * this one thing is wrong; null where trust itself is what is missing.
 */
export function makeCertificate(kind: CertificateKind, daysLeft = 30): { key: string; cert: string; ca: string | null } {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Date.now();
  const valid = { from: new Date(now - 30 * day), to: new Date(now + daysLeft * day) };
  const period = kind === 'expired' ? { from: new Date(now - 60 * day), to: new Date(now - 30 * day) } : valid;
  const altName = kind === 'other-name' ? der(0x82, Buffer.from('elsewhere.example')) : address127;
  const isSelfSigned = kind === 'self-signed';
  const cert = certificate({
    subject: 'server', issuer: isSelfSigned ? 'server' : 'Test CA', ...period, publicKey: server.publicKey, signer: isSelfSigned ? server.privateKey : authority.privateKey,
    extensions: [basicConstraints(false), subjectAltName(altName)],
  });
  const ca = isSelfSigned ? null : certificate({
    subject: 'Test CA', issuer: 'Test CA', ...valid, publicKey: authority.publicKey, signer: authority.privateKey, extensions: [basicConstraints(true)],
  });
  return { key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert, ca };
}
