import { createHash } from 'node:crypto';
import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import { claimGaps, type Account, type ClaimGap } from '../../../shared/domain/session.ts';
import { claimsAdapter } from './adapters.ts';
import { accessFrom, audiencesOf, firstHit, listOf, recordOf, textOf, type ClaimSources, type Claims } from './claims.ts';

/** Names the local database of an account: the same person on another server or profile has another one. */
export function accountId(issuer: string, subject: string, profileId: string): string {
  return createHash('sha256').update(`${issuer}|${subject}|${profileId}`).digest('hex').slice(0, 32);
}

/** The claims of a signed JWT without checking it; null when the token is opaque or encrypted. For display only: the server judges. */
export function jwtClaims(token: string): Claims | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    return recordOf(JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return null;
  }
}

/** How and when the person proved who they are; the ID token is the place for it (OpenID Connect Core section 2). */
export function proofFrom(everywhere: readonly Claims[]): Pick<Account, 'amr' | 'acr' | 'authTime'> {
  const seconds = everywhere.map((claims) => claims['auth_time']).find((value) => typeof value === 'number' && Number.isFinite(value));
  const acr = everywhere.map(({ acr: value }) => (typeof value === 'number' ? String(value) : textOf(value))).find((value) => value !== null);
  return {
    amr: firstHit(...everywhere.map((claims) => listOf(claims['amr']))),
    acr: acr ?? null,
    authTime: typeof seconds === 'number' ? seconds * 1000 : null,
  };
}

/** What the access token lacks for the ERP. An address that the profile names must be among the audiences. */
function gapsOf(profile: ConnectionProfile, { accessToken, idToken }: ClaimSources, scopeSource: Account['scopeSource']): ClaimGap[] {
  const adapter = claimsAdapter(profile.provider);
  const audiences = accessToken === null ? [] : audiencesOf(accessToken);
  // A resource indicator (RFC 8707) need not come back as the audience; Auth0's parameter does.
  const lacksNamed = profile.provider === 'auth0' && profile.audience !== undefined && !audiences.includes(profile.audience);
  const isWrong = accessToken === null ? profile.provider === 'auth0' && profile.audience === undefined : lacksNamed || adapter.isForSomebodyElse(audiences);
  const found: Record<ClaimGap, boolean> = {
    groupsOmitted: [accessToken, idToken].some((claims) => claims !== null && adapter.omitsGroups(claims)),
    wrongAudience: isWrong,
    noErpScopes: scopeSource === 'roles',
    opaqueToken: accessToken === null,
  };
  return claimGaps.filter((gap) => found[gap]);
}

export type Identity = { profile: ConnectionProfile; issuer: string; subject: string };

/** Who signed in, in the app's own words. */
export function accountFrom({ profile, issuer, subject }: Identity, { accessToken, idToken, userInfo }: ClaimSources): Account {
  const adapter = claimsAdapter(profile.provider);
  const everywhere = [idToken, userInfo, accessToken].filter((claims) => claims !== null);
  const first = <T>(read: (claims: Claims) => T | null): T | null => everywhere.map(read).find((value) => value !== null) ?? null;
  // What the server sees decides; an opaque token is judged by what the provider says about it elsewhere.
  const rights = accessToken ?? { ...userInfo, ...idToken };
  const access = accessFrom(adapter.roles(rights), adapter.scopes(rights));
  const userName = first(adapter.userName) ?? subject;
  const email = first((claims) => textOf(claims['email']));
  return {
    id: accountId(issuer, subject, profile.id),
    subject,
    userName,
    displayName: first((claims) => textOf(claims['name'])) ?? (first((claims) => [textOf(claims['given_name']), textOf(claims['family_name'])].filter((part) => part !== null).join(' ') || null)) ?? userName,
    email: email ?? (userName.includes('@') ? userName : null),
    tenantId: first(adapter.tenant),
    ...access,
    ...proofFrom(everywhere),
    gaps: gapsOf(profile, { accessToken, idToken, userInfo }, access.scopeSource),
  };
}
