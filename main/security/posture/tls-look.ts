import { connect, type ConnectionOptions, type PeerCertificate, type SecureVersion } from 'node:tls';
import { isIP } from 'node:net';
import { createHash, X509Certificate } from 'node:crypto';

/** What a server showed in a handshake. Nothing was sent over the connection. */
export type Seen = {
  /** `TLSv1.2`, `TLSv1.3` */
  protocol: string;
  cipher: string;
  certificate: CertificateFacts | null;
};

export type CertificateFacts = {
  subject: string;
  issuer: string;
  /** Epoch milliseconds. */
  validFrom: number;
  validTo: number;
  matchesName: boolean;
  /** `RSA 2048`, `EC P-256` */
  key: string;
  isWeakKey: boolean;
  isSelfIssued: boolean;
  /** See {@link keyPin}. */
  pin: string;
};

/** `refused`: the server would not; `unreachable`: there was nobody to ask; `unsupported`: this runtime cannot even ask. */
export type Handshake = { kind: 'done'; seen: Seen } | { kind: 'refused' | 'unreachable' | 'unsupported'; code: string };

/** The public key as profiles name it: `sha256/` and the hash of its SubjectPublicKeyInfo (RFC 7469 section 2.4). */
export const keyPin = ({ publicKey }: X509Certificate): string => `sha256/${createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64')}`;

const timeoutMs = 8_000;
/** Failures of the connection itself, before any TLS was spoken. */
const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'TIMEOUT']);
/** Our own library does not offer what was asked for. */
const unsupported = /NO_PROTOCOLS_AVAILABLE|NO_CIPHERS|NO_CIPHER_MATCH|INVALID_PROTOCOL|INVALID_COMMAND|UNSUPPORTED_PROTOCOL_VERSION|NO_SUPPORTED_VERSIONS/;

const commonName = (name: PeerCertificate['subject'] | undefined): string => [name?.CN].flat()[0]?.slice(0, 200) ?? '';

function factsOf(peer: PeerCertificate, host: string): CertificateFacts | null {
  if (peer.raw === undefined) return null;
  const certificate = new X509Certificate(peer.raw);
  const { asymmetricKeyType: type = '', asymmetricKeyDetails: details } = certificate.publicKey;
  const size = details?.modulusLength ?? 0;
  return {
    subject: commonName(peer.subject), issuer: commonName(peer.issuer), validFrom: Date.parse(certificate.validFrom), validTo: Date.parse(certificate.validTo),
    matchesName: (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined,
    key: size > 0 ? `${type.toUpperCase()} ${size}` : `${type.toUpperCase()} ${details?.namedCurve ?? ''}`.trim(), isWeakKey: type.startsWith('rsa') && size < 2048, isSelfIssued: certificate.issuer === certificate.subject, pin: keyPin(certificate),
  };
}

/**
 * One handshake, to see what the server agrees to and shows. Whether its certificate is trusted is not asked here: the
 * operating system's store decides that for real requests, and this library does not know it.
 * @param only the one protocol version to offer; everything from 1.2 on unless given.
 */
export function lookAtTls(host: string, port: number, only?: SecureVersion): Promise<Handshake> {
  return new Promise((resolve) => {
    const options: ConnectionOptions = {
      host, port, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(only === undefined ? { minVersion: 'TLSv1.2' } : { minVersion: only, maxVersion: only }),
      // OpenSSL 3 offers the old versions only at its lowest level; BoringSSL, inside Electron, knows no levels.
      ...(only !== undefined && only < 'TLSv1.2' && process.versions['electron'] === undefined ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    };
    const end = (outcome: Handshake): void => {
      clearTimeout(timer);
      socket?.destroy();
      resolve(outcome);
    };
    const failed = (error: unknown): void => {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      end({ kind: unreachable.has(code) ? 'unreachable' : unsupported.test(code) ? 'unsupported' : 'refused', code: code.slice(0, 60) });
    };
    const timer = setTimeout(() => end({ kind: 'unreachable', code: 'TIMEOUT' }), timeoutMs);
    let socket: ReturnType<typeof connect> | null = null;
    try {
      socket = connect(options, () => {
        const open = socket;
        if (open !== null) end({ kind: 'done', seen: { protocol: open.getProtocol() ?? '', cipher: open.getCipher().standardName ?? open.getCipher().name, certificate: factsOf(open.getPeerCertificate(), host) } });
      });
      socket.on('error', failed);
    } catch (error) {
      failed(error);
    }
  });
}
