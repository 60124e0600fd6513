import { createHash, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import * as client from 'openid-client';
import { dpopKeySchema, type DpopKey } from './dpop-key.ts';

/** The one algorithm that every provider with DPoP takes. */
const alg = 'ES256';

export const offersDpop = (metadata: client.ServerMetadata): boolean => metadata.dpop_signing_alg_values_supported?.includes(alg) === true;

export async function createDpopKey(): Promise<DpopKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return dpopKeySchema.parse(await exportJWK(privateKey));
}

const publicPart = ({ kty, crv, x, y }: DpopKey): JWK => ({ kty, crv, x, y });
// Without the private part a JWK becomes a public key, and asymmetric ones are never bytes.
const keyOf = async (jwk: JWK): Promise<CryptoKey> => (await importJWK(jwk, alg, { extractable: jwk.d === undefined })) as CryptoKey;

/** openid-client's view of the key, for requests to the provider; it answers demands for a nonce by itself. */
export async function dpopHandle(config: client.Configuration, key: DpopKey): Promise<client.DPoPHandle> {
  return client.getDPoPHandle(config, { privateKey: await keyOf(key), publicKey: await keyOf(publicPart(key)) });
}

/**
 * A proof for one request to the ERP (RFC 9449 section 4.2): method, address without query, hash of the token.
 * @param nowMs epoch milliseconds.
 */
export async function dpopProof(key: DpopKey, request: { method: string; url: string; accessToken: string; nonce: string | null; nowMs: number }): Promise<string> {
  const url = new URL(request.url);
  return new SignJWT({
    htm: request.method, htu: `${url.origin}${url.pathname}`, jti: randomUUID(), iat: Math.floor(request.nowMs / 1000),
    ath: createHash('sha256').update(request.accessToken, 'ascii').digest('base64url'),
    ...(request.nonce === null ? {} : { nonce: request.nonce }),
  }).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: publicPart(key) }).sign(await keyOf(key));
}
