import * as client from 'openid-client';
import { expect, it } from 'vitest';
import { isAccountDisabled, oidcFailure } from './oidc-errors.ts';

const answered = (error: string, description?: string): client.ResponseBodyError => new client.ResponseBodyError('refused', { cause: { error, ...(description === undefined ? {} : { error_description: description }) }, response: new Response(null, { status: 400 }) });

it.each([
  ['access_denied', 'login.denied'],
  ['expired_token', 'login.timedOut'],
  ['invalid_dpop_proof', 'login.provider'],
])('%s in the answer to a poll or a code is %s', (error, code) => {
  expect(oidcFailure(answered(error), 'idp.example').error.code).toBe(code);
});

it.each([
  ['Entra ID', 'invalid_grant', 'AADSTS50057: The user account is disabled. Trace ID: 0a Correlation ID: 1b Timestamp: 2026-11-22 06:00:00Z'],
  ['Entra ID, guest', 'invalid_grant', 'AADSTS500571: The guest user account is disabled.'],
  ['Entra ID, removed', 'invalid_grant', 'AADSTS50034: The user account does not exist in the directory.'],
  ['Keycloak', 'invalid_grant', 'User disabled'],
  ['Keycloak, at the login', 'invalid_grant', 'Account disabled'],
  ['Auth0', 'access_denied', 'user is blocked'],
  ['the reference provider', 'invalid_grant', 'Account is disabled'],
])('%s says that the account is disabled', (_provider, error, description) => {
  expect(isAccountDisabled(answered(error, description))).toBe(true);
});

it.each([
  ['invalid_grant', 'Token is not active'], ['invalid_grant', 'Session not active'], ['invalid_grant', undefined],
  ['invalid_grant', 'AADSTS700082: The refresh token has expired due to inactivity.'], ['invalid_grant', 'AADSTS50053: The account is locked, you have tried to sign in too many times.'],
  ['invalid_grant', 'grant request is invalid'], ['invalid_client', 'User disabled'], ['server_error', 'account service disabled'],
])('%s, %s is no disabled account', (error, description) => {
  expect(isAccountDisabled(answered(error, description))).toBe(false);
});
