import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import { firstHit, listOf, standardRoles, standardScopes, standardTenant, textOf, type Claims, type ClaimsAdapter } from './claims.ts';

const generic: ClaimsAdapter = {
  roles: standardRoles,
  scopes: standardScopes,
  userName: (claims) => textOf(claims['preferred_username']) ?? textOf(claims['email']),
  tenant: standardTenant,
};

/** Keycloak: realm roles, then the roles of the clients that the token is for. */
const keycloak: ClaimsAdapter = {
  ...generic,
  roles(claims) {
    const clients = claims['resource_access'];
    const clientRoles = typeof clients === 'object' && clients !== null
      ? Object.values(clients as Claims).flatMap((client) => (typeof client === 'object' && client !== null ? listOf((client as Claims)['roles']) : []))
      : [];
    return firstHit(standardRoles(claims), clientRoles);
  },
};

/** Entra ID: app roles in `roles`, delegated scopes in `scp`, the sign-in name in one of three claims. */
const entra: ClaimsAdapter = {
  ...generic,
  // A group is an object id there, never a role name; without app roles there are none.
  roles: (claims) => listOf(claims['roles']),
  // A scope may be named with the address of its application.
  scopes: (claims) => standardScopes(claims).map((scope) => scope.slice(scope.lastIndexOf('/') + 1)),
  userName: (claims) => textOf(claims['preferred_username']) ?? textOf(claims['upn']) ?? textOf(claims['unique_name']),
  tenant: (claims) => textOf(claims['tenant_id']) ?? textOf(claims['tid']),
};

/** The value of a custom claim: Auth0 wants them under an address (`https://any.example/roles`). */
const namespaced = (claims: Claims, name: string): unknown =>
  Object.entries(claims).find(([key]) => /^https?:\/\//.test(key) && key.endsWith(`/${name}`))?.[1];

/** Auth0: namespaced roles, RBAC permissions beside the scopes, organisations as tenants. */
const auth0: ClaimsAdapter = {
  roles: (claims) => firstHit(standardRoles(claims), listOf(namespaced(claims, 'roles'))),
  scopes: (claims) => [...standardScopes(claims), ...listOf(claims['permissions'])],
  userName: (claims) => textOf(claims['preferred_username']) ?? textOf(claims['nickname']) ?? textOf(claims['email']),
  tenant: (claims) => standardTenant(claims) ?? textOf(namespaced(claims, 'tenant_id')) ?? textOf(claims['org_id']),
};

const adapters: Readonly<Record<ConnectionProfile['provider'], ClaimsAdapter>> = { generic, keycloak, entra, auth0 };

export const claimsAdapter = (provider: ConnectionProfile['provider']): ClaimsAdapter => adapters[provider];
