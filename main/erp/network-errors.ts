import { AppFailure, appError, type AppError, type ErrorCode } from '../../shared/ipc/errors.ts';

/**
 * What the names of network failures mean, in Node's (OpenSSL, libuv, undici) and Chromium's (net/base/net_error_list.h)
 * spelling: both runtimes do our requests.
 */
const meanings: Readonly<Record<string, ErrorCode>> = {
  CERT_HAS_EXPIRED: 'tls.expired', CERT_NOT_YET_VALID: 'tls.expired', ERR_CERT_DATE_INVALID: 'tls.expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls.nameMismatch', ERR_CERT_COMMON_NAME_INVALID: 'tls.nameMismatch', ERR_SSL_UNRECOGNIZED_NAME_ALERT: 'tls.nameMismatch', HOSTNAME_MISMATCH: 'tls.nameMismatch',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls.untrusted', SELF_SIGNED_CERT_IN_CHAIN: 'tls.untrusted', UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls.untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls.untrusted', UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls.untrusted', CERT_UNTRUSTED: 'tls.untrusted', CERT_REVOKED: 'tls.untrusted',
  INVALID_CA: 'tls.untrusted', CERT_REJECTED: 'tls.untrusted', CERT_SIGNATURE_FAILURE: 'tls.untrusted', CERT_CHAIN_TOO_LONG: 'tls.untrusted', INVALID_PURPOSE: 'tls.untrusted',
  ERR_CERT_AUTHORITY_INVALID: 'tls.untrusted', ERR_CERT_REVOKED: 'tls.untrusted', ERR_CERT_INVALID: 'tls.untrusted', ERR_CERT_WEAK_SIGNATURE_ALGORITHM: 'tls.untrusted',
  ERR_CERT_WEAK_KEY: 'tls.untrusted', ERR_CERTIFICATE_TRANSPARENCY_REQUIRED: 'tls.untrusted', ERR_CERT_SYMANTEC_LEGACY: 'tls.untrusted', ERR_CERT_KNOWN_INTERCEPTION_BLOCKED: 'tls.untrusted',
  ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN: 'tls.pinned', ERR_CERT_VALIDITY_TOO_LONG: 'tls.untrusted', ERR_CERT_NON_UNIQUE_NAME: 'tls.nameMismatch',
  EPROTO: 'tls.failed', ERR_SSL_PROTOCOL_ERROR: 'tls.failed', ERR_SSL_VERSION_OR_CIPHER_MISMATCH: 'tls.failed', ERR_SSL_CLIENT_AUTH_CERT_NEEDED: 'tls.failed',
  ERR_BAD_SSL_CLIENT_AUTH_CERT: 'tls.failed', ERR_SSL_OBSOLETE_VERSION: 'tls.failed', ERR_SSL_WRONG_VERSION_NUMBER: 'tls.failed', ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls.failed',

  ECONNREFUSED: 'network.unreachable', ENOTFOUND: 'network.unreachable', EAI_AGAIN: 'network.unreachable', EHOSTUNREACH: 'network.unreachable', ENETUNREACH: 'network.unreachable',
  EHOSTDOWN: 'network.unreachable', ENETDOWN: 'network.unreachable', EADDRNOTAVAIL: 'network.unreachable', EACCES: 'network.unreachable',
  ERR_CONNECTION_REFUSED: 'network.unreachable', ERR_NAME_NOT_RESOLVED: 'network.unreachable', ERR_INTERNET_DISCONNECTED: 'network.unreachable', ERR_ADDRESS_UNREACHABLE: 'network.unreachable',
  ERR_ADDRESS_INVALID: 'network.unreachable', ERR_CONNECTION_FAILED: 'network.unreachable', ERR_PROXY_CONNECTION_FAILED: 'network.unreachable', ERR_TUNNEL_CONNECTION_FAILED: 'network.unreachable',
  ERR_NETWORK_ACCESS_DENIED: 'network.unreachable', ERR_NAME_RESOLUTION_FAILED: 'network.unreachable', ERR_BLOCKED_BY_ADMINISTRATOR: 'network.unreachable', ERR_UNSAFE_PORT: 'network.unreachable', ERR_PROXY_AUTH_UNSUPPORTED: 'network.unreachable',

  ETIMEDOUT: 'network.timeout', ESOCKETTIMEDOUT: 'network.timeout', UND_ERR_CONNECT_TIMEOUT: 'network.timeout', UND_ERR_HEADERS_TIMEOUT: 'network.timeout', UND_ERR_BODY_TIMEOUT: 'network.timeout',
  ERR_TIMED_OUT: 'network.timeout', ERR_CONNECTION_TIMED_OUT: 'network.timeout', ERR_SSL_HANDSHAKE_TIMEOUT: 'network.timeout', TimeoutError: 'network.timeout', OAUTH_TIMEOUT: 'network.timeout',

  ECONNRESET: 'network.interrupted', EPIPE: 'network.interrupted', ECONNABORTED: 'network.interrupted', UND_ERR_SOCKET: 'network.interrupted', UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'network.interrupted',
  HPE_INVALID_CONSTANT: 'network.interrupted', HPE_UNEXPECTED_CONTENT_LENGTH: 'network.interrupted', UND_ERR_ABORTED: 'network.interrupted', ERR_STREAM_PREMATURE_CLOSE: 'network.interrupted',
  ERR_CONNECTION_RESET: 'network.interrupted', ERR_CONNECTION_CLOSED: 'network.interrupted', ERR_CONNECTION_ABORTED: 'network.interrupted', ERR_EMPTY_RESPONSE: 'network.interrupted',
  ERR_NETWORK_CHANGED: 'network.interrupted', ERR_NETWORK_IO_SUSPENDED: 'network.interrupted', ERR_CONTENT_LENGTH_MISMATCH: 'network.interrupted', ERR_INCOMPLETE_CHUNKED_ENCODING: 'network.interrupted',
  ERR_HTTP2_PROTOCOL_ERROR: 'network.interrupted', ERR_QUIC_PROTOCOL_ERROR: 'network.interrupted', ERR_HTTP2_PING_FAILED: 'network.interrupted', ERR_INVALID_HTTP_RESPONSE: 'network.interrupted',
};

const netName = /\b(?:net::)?(ERR_[A-Z0-9_]+)\b/;
const maxDepth = 6;

/** The names that an error goes by, its causes included: Node hides the real one under "fetch failed". */
function* namesOf(error: unknown, depth = 0): Generator<string> {
  if (typeof error !== 'object' || error === null || depth > maxDepth) return;
  const { code, name, message, cause, errors } = error as { code?: unknown; name?: unknown; message?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') yield code;
  if (typeof message === 'string') {
    const chromium = netName.exec(message)?.[1];
    if (chromium !== undefined) yield chromium;
  }
  if (typeof name === 'string') yield name;
  yield* namesOf(cause, depth + 1);
  // Happy eyeballs: one error for each address that was tried.
  if (Array.isArray(errors)) for (const one of errors) yield* namesOf(one, depth + 1);
}

/** The code of a failed connection; null when the error is no network failure that we know. */
export function networkCode(error: unknown): ErrorCode | null {
  for (const name of namesOf(error)) {
    const code = meanings[name];
    if (code !== undefined) return code;
    if (/^ERR_(CERT|SSL|TLS)_/.test(name)) return 'tls.failed';
    if (/^ERR_(PROXY|SOCKS)_/.test(name)) return 'network.unreachable';
  }
  return null;
}

/**
 * What a rejected `fetch` stands for. Anything unknown counts as interrupted, because a request that got no answer may
 * still have reached the server.
 */
export const networkErrorOf = (error: unknown, more: Partial<Pick<AppError, 'params' | 'correlationId'>> = {}): AppError =>
  error instanceof AppFailure ? error.error : appError(networkCode(error) ?? 'network.interrupted', more);

/** As {@link networkErrorOf}, to be thrown. @param host shown to the person, so that they know which server it was. */
export const networkFailure = (error: unknown, host: string, correlationId: string | null = null): AppFailure =>
  error instanceof AppFailure ? error : new AppFailure(networkErrorOf(error, { params: { host }, correlationId }), { cause: error });
