import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import { isRole } from '../../../shared/rbac/scopes.ts';
import { audiencesOf, firstHit, isDistributed, listOf, recordOf, standardRoles, standardScopes, standardTenant, textOf, type Claims, type ClaimsAdapter } from './claims.ts';

const generic: ClaimsAdapter = {
  roles: standardRoles,
  scopes: standardScopes,
  userName: (claims) => textOf(claims['preferred_username']) ?? textOf(claims['email']),
  tenant: standardTenant,
  omitsGroups: (claims) => ['groups', 'roles'].some((name) => isDistributed(claims, name)),
  isForSomebodyElse: () => false,
};

/**
 * Keycloak: realm roles, else the roles of the client that the token is for. Roles of other clients are left alone: an
 * `admin` of some dashboard in the same realm is none here.
 */
const keycloak: ClaimsAdapter = {
  ...generic,
  roles(claims) {
    const standard = standardRoles(claims);
    // A stock realm gives everybody roles (`offline_access`, `default-roles-…`) that say nothing about the ERP.
    if (standard.some((role) => isRole(role.toLowerCase()))) return standard;
    const clients = recordOf(claims['resource_access']) ?? {};
    const ours = new Set([...audiencesOf(claims), textOf(claims['azp'])]);
    const clientRoles = Object.entries(clients).filter(([client]) => ours.has(client)).flatMap(([, client]) => listOf(recordOf(client)?.['roles']));
    return firstHit(clientRoles, standard);
  },
  // Without an audience mapper a token is for Keycloak's own account page and nothing else.
  isForSomebodyElse: (audiences) => audiences.length > 0 && audiences.every((audience) => audience === 'account'),
};

/** Microsoft Graph, which a token is for when no scope of an own application was asked for. */
const graph = new Set(['00000003-0000-0000-c000-000000000000', '00000002-0000-0000-c000-000000000000', 'https://graph.microsoft.com', 'https://graph.windows.net']);

/** Entra ID: app roles in `roles`, delegated scopes in `scp`, the sign-in name in one of three claims. */
const entra: ClaimsAdapter = {
  ...generic,
  // A group is an object id there, never a role name; without app roles there are none.
  roles: (claims) => listOf(claims['roles']),
  // A scope may be named with the address of its application. `offline_access` and the like fall away later.
  scopes: (claims) => standardScopes(claims).map((scope) => scope.slice(scope.lastIndexOf('/') + 1)),
  userName: (claims) => textOf(claims['preferred_username']) ?? textOf(claims['upn']) ?? textOf(claims['unique_name']),
  tenant: (claims) => textOf(claims['tenant_id']) ?? textOf(claims['tid']),
  // Over 200 groups: a link to ask at, or the mere fact (implicit flow).
  omitsGroups: (claims) => generic.omitsGroups(claims) || claims['hasgroups'] === true || claims['hasgroups'] === 'true',
  isForSomebodyElse: (audiences) => audiences.some((audience) => graph.has(audience.replace(/\/+$/, ''))),
};

/** The value of a custom claim: Auth0 wants them under an address (`https://any.example/roles`). */
const namespaced = (claims: Claims, name: string): unknown =>
  Object.entries(claims).find(([key]) => /^https?:\/\//.test(key) && key.endsWith(`/${name}`))?.[1];

/** Auth0: namespaced roles, RBAC permissions beside the scopes, organisations as tenants. */
const auth0: ClaimsAdapter = {
  ...generic,
  roles: (claims) => firstHit(standardRoles(claims), listOf(namespaced(claims, 'roles'))),
  scopes: (claims) => [...standardScopes(claims), ...listOf(claims['permissions'])],
  userName: (claims) => textOf(claims['preferred_username']) ?? textOf(claims['nickname']) ?? textOf(claims['email']),
  tenant: (claims) => standardTenant(claims) ?? textOf(namespaced(claims, 'tenant_id')) ?? textOf(claims['org_id']),
  // Auth0's own user info and management services.
  isForSomebodyElse: (audiences) => audiences.length > 0 && audiences.every((audience) => /\/(userinfo|api\/v2\/)$/.test(audience)),
};

const adapters: Readonly<Record<ConnectionProfile['provider'], ClaimsAdapter>> = { generic, keycloak, entra, auth0 };

export const claimsAdapter = (provider: ConnectionProfile['provider']): ClaimsAdapter => adapters[provider];
