import * as client from 'openid-client';
import { AppFailure, failure } from '../../shared/ipc/errors.ts';
import { networkCode } from '../erp/network-errors.ts';

/** OAuth error codes are short ASCII words; anything else is server text and stays out. */
const errorWord = (error: string): string => (/^[a-z0-9_]{1,60}$/i.test(error) ? error : 'unknown');

/** A pushed request (RFC 9126) with an address that is not registered is answered with a general code; only its description says which parameter it was. */
const isAboutRedirect = ({ error_description: text = '' }: client.ResponseBodyError): boolean => /redirect.?uri|callback url mismatch/i.test(text);

const describe = (error: unknown): string => {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return `${error instanceof Error ? error.message : ''} ${cause instanceof Error ? cause.message : ''}`;
};

/** The claim or parameter that a failed check was about, as openid-client reports it. */
function checkedClaim(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 4) return null;
  const { claim, attribute, cause } = error as { claim?: unknown; attribute?: unknown; cause?: unknown };
  if (typeof claim === 'string') return claim;
  if (typeof attribute === 'string') return attribute;
  return checkedClaim(cause, depth + 1);
}

/** What kind of trouble an OIDC request met, in our codes. */
export function oidcFailure(error: unknown, host: string): AppFailure {
  if (error instanceof AppFailure) return error;
  if (error instanceof client.AuthorizationResponseError) {
    const code = error.error === 'access_denied' ? 'login.denied' : 'login.provider';
    return failure(code, { params: { error: errorWord(error.error), host } }, error);
  }
  if (error instanceof client.ResponseBodyError && error.error === 'access_denied') return failure('login.denied', { params: { host } }, error);
  // The code for the other device has run out (RFC 8628 section 3.5).
  if (error instanceof client.ResponseBodyError && error.error === 'expired_token') return failure('login.timedOut', {}, error);
  if (error instanceof client.ResponseBodyError) return failure('login.provider', { params: { error: isAboutRedirect(error) ? 'invalid_redirect_uri' : errorWord(error.error), host } }, error);
  const network = networkCode(error);
  if (network !== null) return failure(network, { params: { host } }, error);
  const code = error instanceof client.ClientError ? error.code : undefined;
  switch (code) {
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return failure('login.issuerMismatch', { params: { host } }, error);
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return failure('login.clock', { params: { host } }, error);
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return failure(checkedClaim(error) === 'iss' ? 'login.issuerMismatch' : 'login.invalidResponse', { params: { host } }, error);
    case 'OAUTH_INVALID_RESPONSE':
      if (/"state"/.test(describe(error))) return failure('login.stateMismatch', { params: { host } }, error);
      if (/"iss" \(issuer\)/.test(describe(error))) return failure('login.issuerMismatch', { params: { host } }, error);
      return failure('login.invalidResponse', { params: { host } }, error);
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
      return failure('login.provider', { params: { error: 'unexpected_answer', host } }, error);
    default:
      // fetch rejects with a TypeError when there was no answer at all.
      if (error instanceof TypeError) return failure('network.interrupted', { params: { host } }, error);
      return failure('login.invalidResponse', { params: { host } }, error);
  }
}

/** True when the provider says that a refresh token is of no use any more (RFC 6749 section 5.2). */
export const isInvalidGrant = (error: unknown): boolean => error instanceof client.ResponseBodyError && error.error === 'invalid_grant';

/**
 * How providers say that the account itself may not go on, in the description of a refusal; the words are the only
 * difference from a token that has run out. Entra ID: AADSTS50057 and 500571 (disabled, guest disabled), 50034 (removed).
 * Keycloak: "User disabled", "Account disabled". Auth0: "user is blocked". Others: an account or user that is disabled.
 */
const disabledWords = /\bAADSTS(50057|500571|50034)\b|\b(user|account)\b[^.]{0,40}\b(disabled|blocked|deactivated|suspended)\b/i;

/** True when the provider refuses because the account was disabled. Never a reason to remove anything by itself. */
export const isAccountDisabled = (error: unknown): boolean =>
  error instanceof client.ResponseBodyError && ['invalid_grant', 'access_denied', 'unauthorized_client'].includes(error.error) && disabledWords.test(error.error_description ?? '');
