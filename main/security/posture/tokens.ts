import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { audiencesOf } from '../../auth/claims/claims.ts';
import { jwtClaims } from '../../auth/claims/account.ts';

/** The real tokens that a run may use. They stay in memory and never show up in a result. */
export type RealTokens = {
  /** Good now: its acceptance is what the refusal of all others is compared with. */
  own: string;
  /** The whole Authorization header that goes with it; a token bound to a key needs a proof beside it. */
  headersFor: (token: string, path: string) => Promise<Record<string, string>>;
  /** One of our own that had surely ended at that time (epoch milliseconds, the server's clock); null while there is none yet. */
  expired: (now: number) => string | null;
  /** The provider's statement about the person, meant for this app and not for the ERP; null when it gave none. */
  identity: string | null;
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The claims of a real token with a fresh life, so that only the signature is wrong; made up where the token is opaque. */
function freshClaims(own: string, nowMs: number): Record<string, unknown> {
  const now = Math.floor(nowMs / 1000);
  return { ...(jwtClaims(own) ?? { sub: 'posture-check' }), iat: now, nbf: now, exp: now + 300, jti: randomUUID() };
}

/** Signed with a key that nobody has ever heard of, under the key id of the real one. */
export function forgedToken(own: string, nowMs: number): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = `${part({ alg: 'ES256', typ: 'JWT', kid: headerOf(own)['kid'] })}.${part(freshClaims(own, nowMs))}`;
  return `${body}.${sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** `alg: none` (RFC 8725 section 2.1): claims that nobody has signed. */
export const unsignedToken = (own: string, nowMs: number): string => `${part({ alg: 'none', typ: 'JWT' })}.${part(freshClaims(own, nowMs))}.`;

/** Signed with the secret that examples and templates come with. */
export function commonSecretToken(own: string, nowMs: number): string {
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(freshClaims(own, nowMs))}`;
  return `${body}.${createHmac('sha256', 'secret').update(body).digest('base64url')}`;
}

export const garbageToken = 'this-is-no-token';

function headerOf(token: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** When a token ends, epoch milliseconds; null when it does not say. */
export function endOf(token: string): number | null {
  const exp = jwtClaims(token)?.['exp'];
  return typeof exp === 'number' ? exp * 1000 : null;
}

/**
 * Whether the identity token shows anything about the audience check: it must still be good, and meant for somebody else
 * than the access token.
 */
export function tellsAudience(identity: string, own: string, nowMs: number): 'yes' | 'over' | 'same' {
  const end = endOf(identity);
  if (end === null || end <= nowMs) return 'over';
  const theirs = audiencesOf(jwtClaims(own) ?? {});
  return audiencesOf(jwtClaims(identity) ?? {}).some((audience) => theirs.includes(audience)) ? 'same' : 'yes';
}
