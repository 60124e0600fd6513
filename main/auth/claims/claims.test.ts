import { describe, expect, it } from 'vitest';
import { connectionProfileSchema, identityProviders } from '../../../shared/domain/profile.ts';
import { accountSchema, type Account } from '../../../shared/domain/session.ts';
import { accountFrom, accountId, jwtClaims } from './account.ts';
import type { Claims } from './claims.ts';

const profile = (provider: (typeof identityProviders)[number]) =>
  connectionProfileSchema.parse({ id: 'p', name: 'P', environment: 'test', erpUrl: 'https://erp.example', issuer: 'https://idp.example', clientId: 'c', provider });

const account = (provider: (typeof identityProviders)[number], accessToken: Claims | null, idToken: Claims = { sub: 's1' }, userInfo: Claims | null = null): Account =>
  accountSchema.parse(accountFrom({ profile: profile(provider), issuer: 'https://idp.example', subject: 's1' }, { accessToken, idToken, userInfo }));

describe('roles', () => {
  it.each([
    ['roles first', { roles: ['manager'], realm_access: { roles: ['admin'] }, groups: ['/operator'], 'https://app/roles': ['sales'] }, ['manager']],
    ['then realm_access', { realm_access: { roles: ['offline_access', 'admin'] }, groups: ['/operator'] }, ['admin']],
    ['then groups without slashes', { groups: ['/operator', 'sales'], 'https://app/roles': ['admin'] }, ['operator', 'sales']],
    ['then the namespaced claim', { 'https://app/roles': ['purchase'] }, ['purchase']],
    ['an empty list is no hit', { roles: [], groups: ['/auditor'] }, ['auditor']],
    ['unknown roles are left out, whatever their case', { roles: ['Manager', 'wizard', 'default-roles-erp'] }, ['manager']],
    ['nothing', {}, []],
  ])('%s', (_what, claims, roles) => {
    expect(account('generic', claims).roles).toEqual(roles);
  });
});

describe('scopes', () => {
  it('come from scp, else scope', () => {
    expect(account('generic', { scp: 'sales:read docs:print', scope: 'admin:all' })).toMatchObject({ scopes: ['sales:read', 'docs:print'], scopeSource: 'token' });
    expect(account('generic', { scope: 'openid profile purchase:read' })).toMatchObject({ scopes: ['purchase:read'], scopeSource: 'token' });
    expect(account('generic', { scp: ['sales:read', 7] })).toMatchObject({ scopes: ['sales:read'] });
  });

  it('come from the role table when the token has none, and say so', () => {
    expect(account('keycloak', { realm_access: { roles: ['operator'] }, scope: 'openid email' })).toMatchObject({ roles: ['operator'], scopes: ['sales:read', 'sales:write', 'purchase:read', 'purchase:write', 'docs:print'], scopeSource: 'roles' });
    expect(account('generic', {})).toMatchObject({ roles: [], scopes: [], scopeSource: 'roles' });
  });

  it('are never taken from the ID token while the access token can be read', () => {
    expect(account('generic', { scope: 'sales:read' }, { sub: 's1', scope: 'admin:all', roles: ['admin'] })).toMatchObject({ roles: [], scopes: ['sales:read'] });
  });

  it('come from the ID token and userinfo when the access token is opaque', () => {
    expect(account('generic', null, { sub: 's1', roles: ['manager'] }, { email: 'm@example.org' })).toMatchObject({ roles: ['manager'], scopeSource: 'roles', email: 'm@example.org' });
  });
});

describe('providers', () => {
  it('Keycloak: client roles when there are no realm roles', () => {
    expect(account('keycloak', { aud: 'erp', resource_access: { erp: { roles: ['controller'] }, account: { roles: ['view-profile'] } } }).roles).toEqual(['controller']);
  });

  it('Entra ID: scopes with their application, no roles from group ids, tid as tenant', () => {
    const claims = { roles: ['admin'], groups: ['0f1e'], scp: 'api://erp/sales:read docs:export', upn: 'anke@firma.example', tid: 't-9' };
    expect(account('entra', claims)).toMatchObject({ roles: ['admin'], scopes: ['sales:read', 'docs:export'], userName: 'anke@firma.example', email: 'anke@firma.example', tenantId: 't-9' });
    expect(account('entra', { groups: ['admin'] }).roles).toEqual([]);
  });

  it('Auth0: namespaced roles, permissions, organisation', () => {
    const claims = { 'https://valeo.example/roles': ['sales'], permissions: ['sales:read'], scope: 'openid', nickname: 'vera', org_id: 'org_1' };
    expect(account('auth0', claims)).toMatchObject({ roles: ['sales'], scopes: ['sales:read'], scopeSource: 'token', userName: 'vera', tenantId: 'org_1' });
  });

  it.each(identityProviders)('%s: a person with nothing but a subject still has a name', (provider) => {
    expect(account(provider, {})).toMatchObject({ userName: 's1', displayName: 's1', email: null, tenantId: null });
  });
});

describe('identity', () => {
  it('is another one for another issuer, person or profile', () => {
    const ids = [accountId('i', 's', 'p'), accountId('j', 's', 'p'), accountId('i', 't', 'p'), accountId('i', 's', 'q')];
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(['opaque', 'a.b', 'a.!!!.c', `a.${Buffer.from('[1]').toString('base64url')}.c`, `a.${Buffer.from('"x"').toString('base64url')}.c`])('%s is no readable token', (token) => {
    expect(jwtClaims(token)).toBeNull();
  });
});
