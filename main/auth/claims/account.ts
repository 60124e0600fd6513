import { createHash } from 'node:crypto';
import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import type { Account } from '../../../shared/domain/session.ts';
import { claimsAdapter } from './adapters.ts';
import { accessFrom, textOf, type ClaimSources, type Claims } from './claims.ts';

/** Names the local database of an account: the same person on another server or profile has another one. */
export function accountId(issuer: string, subject: string, profileId: string): string {
  return createHash('sha256').update(`${issuer}|${subject}|${profileId}`).digest('hex').slice(0, 32);
}

/** The claims of a JWT without checking it; null when the token is opaque. For display only: the server judges. */
export function jwtClaims(token: string): Claims | null {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && !Array.isArray(claims) ? (claims as Claims) : null;
  } catch {
    return null;
  }
}

export type Identity = { profile: ConnectionProfile; issuer: string; subject: string };

/** Who signed in, in the app's own words. */
export function accountFrom({ profile, issuer, subject }: Identity, { accessToken, idToken, userInfo }: ClaimSources): Account {
  const adapter = claimsAdapter(profile.provider);
  const everywhere = [idToken, userInfo, accessToken].filter((claims) => claims !== null);
  const first = <T>(read: (claims: Claims) => T | null): T | null => everywhere.map(read).find((value) => value !== null) ?? null;
  // What the server sees decides; an opaque token is judged by what the provider says about it elsewhere.
  const rights = accessToken ?? { ...userInfo, ...idToken };
  const userName = first(adapter.userName) ?? subject;
  const email = first((claims) => textOf(claims['email']));
  return {
    id: accountId(issuer, subject, profile.id),
    subject,
    userName,
    displayName: first((claims) => textOf(claims['name'])) ?? (first((claims) => [textOf(claims['given_name']), textOf(claims['family_name'])].filter((part) => part !== null).join(' ') || null)) ?? userName,
    email: email ?? (userName.includes('@') ? userName : null),
    tenantId: first(adapter.tenant),
    ...accessFrom(adapter.roles(rights), adapter.scopes(rights)),
  };
}
