/** What an administration may have left out or set wrong at the provider; changed while it runs, it counts for the next token. */
export type ProviderGaps = {
  /** No scope of the ERP in the access token. */
  noErpScopes: boolean;
  noRoles: boolean;
  /** `aud` of the access token; null makes it empty. */
  audience: string | null | undefined;
  /** Access tokens that say nothing. */
  opaque: boolean;
  noRefreshToken: boolean;
  /** Seconds that the provider's clock is ahead, as its access tokens have it. */
  clockAhead: number;
  /** Seconds by which a sign-in is older in the access tokens than it was: what wants a fresh one asks for it without a wait. */
  signedInAgo: number;
  /** How people prove who they are. */
  amr: readonly string[];
  /** The client's address to come back to is not registered. */
  wrongRedirect: boolean;
};

export const noGaps: Readonly<ProviderGaps> = {
  noErpScopes: false, noRoles: false, audience: undefined, opaque: false, noRefreshToken: false, clockAhead: 0, signedInAgo: 0, amr: ['pwd'], wrongRedirect: false,
};

/** Puts the gaps into the claims of an access token. */
export function applyGaps(claims: Record<string, unknown>, gaps: ProviderGaps): void {
  claims['amr'] = gaps.amr;
  if (gaps.noErpScopes) claims['scope'] = 'openid profile';
  if (gaps.noRoles) delete claims['roles'];
  // The provider insists on the claim itself.
  if (gaps.audience === null) claims['aud'] = [];
  else if (gaps.audience !== undefined) claims['aud'] = gaps.audience;
  for (const name of ['iat', 'exp', 'nbf']) {
    const at = claims[name];
    if (typeof at === 'number') claims[name] = at + gaps.clockAhead;
  }
  if (typeof claims['auth_time'] === 'number') claims['auth_time'] -= gaps.signedInAgo;
}
