import { isRole, isScope, roleScopes, roles as allRoles, scopes as allScopes, type Role, type Scope } from '../../../shared/rbac/scopes.ts';

export type Claims = Readonly<Record<string, unknown>>;

/**
 * What a login yields about a person. Roles and scopes are read from the access token, because that is what the server
 * judges by; names may stand in any of the three.
 */
export type ClaimSources = { accessToken: Claims | null; idToken: Claims | null; userInfo: Claims | null };

/** One identity provider's way of saying who somebody is. */
export type ClaimsAdapter = {
  roles(claims: Claims): string[];
  scopes(claims: Claims): string[];
  userName(claims: Claims): string | null;
  tenant(claims: Claims): string | null;
  /** True when the provider says that it left roles or groups out of the token. */
  omitsGroups(claims: Claims): boolean;
  /** True when the audience shows that the token was meant for another service than the ERP. */
  isForSomebodyElse(audiences: readonly string[]): boolean;
};

export const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null);

export const recordOf = (value: unknown): Claims | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null);

/** Texts of a list; a single text counts as a list of its words. */
export function listOf(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** The first source that names any role wins (ERP-API section 2), as the server itself does it. */
export function firstHit(...candidates: string[][]): string[] {
  return candidates.find((list) => list.length > 0) ?? [];
}

/** `/groups/admin` and `/admin` as Keycloak writes group paths. */
export const withoutSlashes = (groups: string[]): string[] => groups.map((group) => group.replaceAll('/', ''));

/** The order of ERP-API section 2. */
export function standardRoles(claims: Claims): string[] {
  const realmRoles = listOf(recordOf(claims['realm_access'])?.['roles']);
  return firstHit(listOf(claims['roles']), realmRoles, withoutSlashes(listOf(claims['groups'])), listOf(claims['https://app/roles']));
}

/** `scp` else `scope`. */
export const standardScopes = (claims: Claims): string[] => firstHit(listOf(claims['scp']), listOf(claims['scope']));

export const standardTenant = (claims: Claims): string | null => textOf(claims['tenant_id']) ?? textOf(claims['tid']);

/** `aud`: one text or a list of them (RFC 7519 section 4.1.3). */
export const audiencesOf = (claims: Claims): string[] => (typeof claims['aud'] === 'string' ? [claims['aud']] : listOf(claims['aud']));

/** A distributed claim (OpenID Connect Core section 5.6.2): the token holds a link in the place of the values. */
export const isDistributed = (claims: Claims, name: string): boolean => recordOf(claims['_claim_names'])?.[name] !== undefined;

export type Access = { roles: Role[]; scopes: Scope[]; scopeSource: 'token' | 'roles' };

/**
 * The roles and scopes that the app knows. Without a single ERP scope in the token the role table stands in for what is
 * shown; the server still decides.
 */
export function accessFrom(roleNames: readonly string[], scopeNames: readonly string[]): Access {
  const held = new Set(roleNames.map((role) => role.toLowerCase()).filter(isRole));
  const roles = allRoles.filter((role) => held.has(role));
  const fromToken = new Set(scopeNames.filter(isScope));
  if (fromToken.size > 0) return { roles, scopes: allScopes.filter((scope) => fromToken.has(scope)), scopeSource: 'token' };
  const fromRoles = new Set(roles.flatMap((role) => roleScopes[role]));
  return { roles, scopes: allScopes.filter((scope) => fromRoles.has(scope)), scopeSource: 'roles' };
}
