import * as client from 'openid-client';
import { expect, it } from 'vitest';
import { oidcFailure } from './oidc-errors.ts';

const answered = (error: string): client.ResponseBodyError => new client.ResponseBodyError('refused', { cause: { error }, response: new Response(null, { status: 400 }) });

it.each([
  ['access_denied', 'login.denied'],
  ['expired_token', 'login.timedOut'],
  ['invalid_dpop_proof', 'login.provider'],
])('%s in the answer to a poll or a code is %s', (error, code) => {
  expect(oidcFailure(answered(error), 'idp.example').error.code).toBe(code);
});
