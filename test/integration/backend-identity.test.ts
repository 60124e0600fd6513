import { createLocalJWKSet, decodeJwt, generateKeyPair, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover, loginHeadless, submitLoginForm } from '../backend/login.ts';
import { callerFor, startTestServer, type TestServer } from './backend-client.ts';

let server: TestServer;
beforeAll(async () => { server = await startTestServer(); });
afterAll(() => server.backend.close());

async function authorization(parameters: Record<string, string> = {}): Promise<{ configuration: oidc.Configuration; url: URL; verifier: string }> {
  const configuration = await discover(server.backend);
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: 'http://127.0.0.1:51000/callback', scope: 'openid offline_access', prompt: 'consent', state: 's1',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters,
  });
  return { configuration, url, verifier };
}

describe('sign-in', () => {
  it('issues a JWT for the ERP with the roles and scopes of the account', async () => {
    const { accessToken, refreshToken, idToken } = await loginHeadless(server.backend, 'manager');
    const claims = decodeJwt(accessToken);
    expect(claims).toMatchObject({ iss: server.backend.issuer, aud: 'valeo-neuroerp-api', sub: 'manager', roles: ['manager'], tenant_id: 'demo', amr: ['pwd'], preferred_username: 'manager' });
    expect(String(claims['scope']).split(' ')).toContain('purchase:approve');
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(600);
    expect(decodeJwt(idToken)).toMatchObject({ name: 'Martin Manager', email: 'manager@valeo.example', preferred_username: 'manager' });
    expect(refreshToken).not.toBe('');
  });

  it('says no to a wrong password and to a cancelled sign-in', async () => {
    const { url } = await authorization();
    await expect(submitLoginForm(url, { name: 'sales', password: 'wrong' })).rejects.toThrow('Benutzername oder Kennwort ist falsch');
    const cancelled = await submitLoginForm((await authorization()).url, null);
    expect(cancelled.searchParams.get('error')).toBe('access_denied');
    expect(cancelled.searchParams.get('iss')).toBe(server.backend.issuer);
  });

  it('insists on PKCE with S256 and on a loopback redirect', async () => {
    const withoutChallenge = (await authorization()).url;
    withoutChallenge.searchParams.delete('code_challenge');
    withoutChallenge.searchParams.delete('code_challenge_method');
    expect((await submitLoginForm(withoutChallenge, null)).searchParams.get('error')).toBe('invalid_request');
    const plain = (await authorization({ code_challenge_method: 'plain' })).url;
    expect((await submitLoginForm(plain, null)).searchParams.get('error')).toBe('invalid_request');
    const elsewhere = (await authorization({ redirect_uri: 'https://attacker.example/callback' })).url;
    await expect(submitLoginForm(elsewhere, null)).rejects.toThrow('invalid_redirect_uri');
  });

  it('rotates refresh tokens and ends the family when an old one comes back', async () => {
    const { refreshToken } = await loginHeadless(server.backend, 'sales');
    const configuration = await discover(server.backend);
    const second = await oidc.refreshTokenGrant(configuration, refreshToken);
    expect(second.refresh_token).not.toBe(refreshToken);
    await expect(oidc.refreshTokenGrant(configuration, refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.refreshTokenGrant(configuration, second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('revokes, ends the session on logout, and offers PAR and the device flow', async () => {
    const { refreshToken, idToken } = await loginHeadless(server.backend, 'sales');
    const configuration = await discover(server.backend);
    await oidc.tokenRevocation(configuration, refreshToken);
    await expect(oidc.refreshTokenGrant(configuration, refreshToken)).rejects.toMatchObject({ error: 'invalid_grant' });
    const logout = await fetch(oidc.buildEndSessionUrl(configuration, { id_token_hint: idToken, post_logout_redirect_uri: 'http://127.0.0.1:52000/callback' }));
    expect(await logout.text()).toContain('/idp/session/end/confirm');
    const pushed = await oidc.buildAuthorizationUrlWithPAR(configuration, { redirect_uri: 'http://127.0.0.1:1/callback', scope: 'openid', code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' });
    expect(pushed.searchParams.get('request_uri')).toMatch(/^urn:/);
    expect((await oidc.initiateDeviceAuthorization(configuration, { scope: 'openid' })).user_code).not.toBe('');
    expect(configuration.serverMetadata()).toMatchObject({ authorization_response_iss_parameter_supported: true });
  });
});

describe('bearer check', () => {
  it('refuses missing, foreign, expired and unsigned tokens', async () => {
    expect(await server.anonymous('GET', '/api/v1/status')).toMatchObject({ status: 401, body: { detail: 'Missing bearer token' } });
    const { privateKey } = await generateKeyPair('RS256');
    const claims = { iss: server.backend.issuer, aud: 'valeo-neuroerp-api', sub: 'admin', scope: 'admin:all' };
    const foreign = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).setExpirationTime('1h').sign(privateKey);
    const symmetric = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(new TextEncoder().encode('secret'.repeat(8)));
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ ...claims, exp: 9e9 })).toString('base64url')}.`;
    for (const token of [foreign, symmetric, unsigned, 'nonsense', 'a.b.c']) {
      expect(await callerFor(server.backend, token)('GET', '/api/v1/status')).toMatchObject({ status: 401, body: { detail: 'Invalid bearer token' } });
    }
  });

  it('takes no ID token and no token past its time', async () => {
    let ahead = 0;
    const timed = await startTestServer({ documents: 10, clock: () => Date.now() + ahead });
    try {
      const { accessToken, idToken } = await loginHeadless(timed.backend, 'sales');
      expect((await callerFor(timed.backend, idToken)('GET', '/api/v1/status')).status).toBe(401);
      const call = callerFor(timed.backend, accessToken);
      expect((await call('GET', '/api/v1/status')).status).toBe(200);
      ahead = 601_000;
      expect((await call('GET', '/api/v1/status')).status).toBe(401);
    } finally {
      await timed.backend.close();
    }
  });

  it('survives a key rotation; retiring the old keys ends old tokens', async () => {
    const { accessToken, refreshToken } = await loginHeadless(server.backend, 'controller');
    const old = callerFor(server.backend, accessToken);
    server.backend.control.rotateKeys();
    expect((await old('GET', '/api/v1/status')).status).toBe(200);
    const renewed = await oidc.refreshTokenGrant(await discover(server.backend), refreshToken);
    expect((await callerFor(server.backend, renewed.access_token)('GET', '/api/v1/status')).status).toBe(200);
    server.backend.control.rotateKeys(false);
    expect((await callerFor(server.backend, renewed.access_token)('GET', '/api/v1/status')).status).toBe(401);
    const jwks = createLocalJWKSet(await (await fetch(`${server.backend.issuer}/jwks`)).json());
    expect(jwks.jwks().keys).toHaveLength(1);
    expect(JSON.stringify(jwks.jwks())).not.toContain('"d"');
  });

  it('expires tokens without ending the session, and revokes with it', async () => {
    const { accessToken, refreshToken } = await loginHeadless(server.backend, 'sales');
    const configuration = await discover(server.backend);
    server.backend.control.expireTokens();
    expect((await callerFor(server.backend, accessToken)('GET', '/api/v1/status')).status).toBe(401);
    const renewed = await oidc.refreshTokenGrant(configuration, refreshToken);
    expect((await callerFor(server.backend, renewed.access_token)('GET', '/api/v1/status')).status).toBe(200);
    server.backend.control.revokeTokens();
    expect((await callerFor(server.backend, renewed.access_token)('GET', '/api/v1/status')).status).toBe(401);
    await expect(oidc.refreshTokenGrant(configuration, renewed.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('answers 503 while the identity provider is away', async () => {
    const { accessToken } = await loginHeadless(server.backend, 'sales');
    server.backend.control.rotateKeys();
    server.backend.control.fail({ path: /^\/idp\/jwks/, fault: { kind: 'dropBefore' } });
    expect(await callerFor(server.backend, accessToken)('GET', '/api/v1/status')).toMatchObject({ status: 503, body: { detail: 'Identity provider unavailable' } });
    expect((await callerFor(server.backend, accessToken)('GET', '/api/v1/status')).status).toBe(200);
  });
});
