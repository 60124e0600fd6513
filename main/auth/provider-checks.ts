import { createHash } from 'node:crypto';
import type { ServerMetadata } from 'openid-client';
import { failure } from '../../shared/ipc/errors.ts';

/** Checks of ours on top of openid-client's. */

export const isLoopback = (url: URL): boolean => url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);

const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;
const optional = ['userinfo_endpoint', 'revocation_endpoint', 'end_session_endpoint', 'pushed_authorization_request_endpoint', 'device_authorization_endpoint'] as const;

/** @throws AppFailure login.invalidResponse unless it is https, or on this computer where the provider is too. */
export function checkAddress(address: unknown, issuer: URL): void {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : null;
  const isSafe = url !== null && url.username === '' && (url.protocol === 'https:' || (isLoopback(issuer) && isLoopback(url)));
  if (!isSafe) throw failure('login.invalidResponse', { params: { host: issuer.host } });
}

/**
 * Every address that we would send a secret to, or a browser: https, or this computer where the provider itself is on
 * this computer. Allowing plain http for a demo provider must not allow it for the addresses that the provider names.
 * @throws AppFailure login.provider when one is missing that nothing works without, login.invalidResponse for a bad one.
 */
export function checkMetadata(metadata: ServerMetadata, issuer: URL): void {
  const params = { host: issuer.host };
  for (const name of [...needed, ...optional]) {
    const address = metadata[name];
    if (address === undefined) {
      if ((needed as readonly string[]).includes(name)) throw failure('login.provider', { params: { ...params, error: `missing_${name}` } });
      continue;
    }
    checkAddress(address, issuer);
  }
}

const part = (token: string, index: number): Record<string, unknown> => JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

/**
 * `at_hash` ties the access token to the ID token (OpenID Connect Core section 3.1.3.8). Optional in this flow, but a
 * wrong one means that somebody has exchanged the access token. The ID token was checked before.
 * @throws AppFailure login.invalidResponse
 */
export function checkTokenHash(idToken: string | undefined, accessToken: string, host: string): void {
  if (idToken === undefined) return;
  const claimed = part(idToken, 1)['at_hash'];
  if (claimed === undefined) return;
  const alg = part(idToken, 0)['alg'];
  // EdDSA with Ed25519 hashes with SHA-512; the others carry the size in their name.
  const size = typeof alg === 'string' ? /(256|384|512)$/.exec(alg)?.[1] ?? '512' : '256';
  const digest = createHash(`sha${size}`).update(accessToken, 'ascii').digest();
  if (claimed !== digest.subarray(0, digest.length / 2).toString('base64url')) throw failure('login.invalidResponse', { params: { host } });
}
