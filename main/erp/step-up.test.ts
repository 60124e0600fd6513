import { describe, expect, it } from 'vitest';
import { stepUpChallenge, wantsNonce } from './step-up.ts';

const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } });
const base64 = Buffer.from(claims).toString('base64');

describe('challenges', () => {
  it.each([
    ['RFC 9470 with acr_values', 'Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="gold silver"', { acrValues: ['gold', 'silver'], maxAge: null, claims: null }],
    ['RFC 9470 with max_age', 'Bearer error="insufficient_user_authentication", max_age="5"', { acrValues: [], maxAge: 5, claims: null }],
    ['with a number without quotes', 'DPoP error=insufficient_user_authentication, max_age=300, acr_values="mfa"', { acrValues: ['mfa'], maxAge: 300, claims: null }],
    ['with neither: a fresh login', 'Bearer error="insufficient_user_authentication"', { acrValues: [], maxAge: 0, claims: null }],
    ['Entra ID', `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${base64}"`, { acrValues: [], maxAge: null, claims }],
    ['Entra ID without padding', `Bearer error="insufficient_claims", claims="${base64.replace(/=+$/, '')}"`, { acrValues: [], maxAge: null, claims }],
  ])('%s', (_what, header, expected) => {
    expect(stepUpChallenge(header)).toEqual(expected);
  });

  it.each([
    ['nothing', null],
    ['an expired token', 'Bearer error="invalid_token", error_description="expired"'],
    ['claims that are no JSON', 'Bearer error="insufficient_claims", claims="!!!"'],
    ['claims that are a list', `Bearer error="insufficient_claims", claims="${Buffer.from('[1]').toString('base64')}"`],
    ['claims without the error', `Bearer claims="${base64}"`],
    ['a header of a megabyte', `Bearer error="insufficient_user_authentication", acr_values="${'x '.repeat(500_000)}"`],
  ])('%s is none', (_what, header) => {
    expect(stepUpChallenge(header)).toBeNull();
  });

  it('knows a demand for a nonce', () => {
    expect([wantsNonce('DPoP error="use_dpop_nonce", algs="ES256"'), wantsNonce('DPoP error="invalid_token"'), wantsNonce(null)]).toEqual([true, false, false]);
  });
});
