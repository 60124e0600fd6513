import { describe, expect, it } from 'vitest';
import { connectionProfileSchema, type ConnectionProfile } from '../../../shared/domain/profile.ts';
import { accountSchema } from '../../../shared/domain/session.ts';
import { accountFrom, jwtClaims } from './account.ts';
import type { Claims } from './claims.ts';
import { auth0Fixtures } from './fixtures/auth0.ts';
import { entraFixtures } from './fixtures/entra.ts';
import type { Fixture } from './fixtures/fixture.ts';
import { genericFixtures } from './fixtures/generic.ts';
import { keycloakFixtures } from './fixtures/keycloak.ts';

const all: Record<ConnectionProfile['provider'], Fixture[]> = { keycloak: keycloakFixtures, entra: entraFixtures, auth0: auth0Fixtures, generic: genericFixtures };
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: Claims | string): string => (typeof claims === 'string' ? claims : `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2ln`);

describe.each(Object.entries(all))('%s', (provider, fixtures) => {
  it('has at least 15 of them, each with a name of its own', () => {
    expect(new Set(fixtures.map(({ name }) => name)).size).toBe(fixtures.length);
    expect(fixtures.length).toBeGreaterThanOrEqual(15);
  });

  it.each(fixtures)('$name', ({ profile: more, accessToken, idToken, userInfo, expected }) => {
    const profile = connectionProfileSchema.parse({ id: 'p', name: 'P', environment: 'test', erpUrl: 'https://erp.example', issuer: 'https://idp.example', clientId: 'neuroerp-admin', provider, ...more });
    const claims = jwtClaims(tokenOf(accessToken));
    const subject = typeof claims?.['sub'] === 'string' ? claims['sub'] : String(idToken?.['sub']);
    const account = accountFrom({ profile, issuer: profile.issuer, subject }, { accessToken: claims, idToken: idToken ?? { sub: subject }, userInfo: userInfo ?? null });
    // Through the schema, as it goes into the store and over the bridge.
    expect(accountSchema.parse(account)).toMatchObject(expected);
  });
});

it('reads accounts that an older version has stored', () => {
  const old = { id: 'a', subject: 's', userName: 'u', displayName: 'U', email: null, tenantId: null, roles: ['sales'], scopes: ['sales:read'], scopeSource: 'token' };
  expect(accountSchema.parse(old)).toEqual(old);
});
