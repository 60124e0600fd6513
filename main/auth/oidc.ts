import * as client from 'openid-client';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { Account } from '../../shared/domain/session.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { Clock, HttpFetch } from '../erp/ports.ts';
import { accountFrom, jwtClaims } from './claims/account.ts';
import type { Claims } from './claims/claims.ts';
import { isInvalidGrant, oidcFailure } from './oidc-errors.ts';
import { checkMetadata, checkTokenHash, isLoopback } from './provider-checks.ts';

/** What a successful token request yields. */
export type Grant = {
  accessToken: string;
  /** Milliseconds from the moment the answer came; null when the provider does not say. */
  lifetimeMs: number | null;
  /** Null when the provider gave none: on a refresh the old one stays good. */
  refreshToken: string | null;
};

export type LoginGrant = Grant & { account: Account };

export type PendingLogin = {
  /** Where the browser has to go. */
  url: string;
  /** Turns the address that the browser came back to into tokens. @throws AppFailure login.*, network.* */
  finish(callback: URL): Promise<LoginGrant>;
};

export type Oidc = {
  /** Reads the provider's metadata and makes the request: PKCE S256, state, nonce; pushed (RFC 9126) where offered. */
  begin(redirectUri: string): Promise<PendingLogin>;
  /** @param known the account as it is; its rights are read again from the new token. @throws AppFailure session.expired when the provider refuses. */
  refresh(refreshToken: string, known: Account): Promise<LoginGrant>;
  /** RFC 7009. Nothing happens where the provider has no such endpoint. */
  revoke(refreshToken: string): Promise<void>;
};

const defaultTimeoutSeconds = 15;
/** PCs in back offices are often a minute off; more than this is told to the person, because tokens stop making sense. */
const clockToleranceSeconds = 120;
const baseScopes = ['openid', 'profile', 'email', 'offline_access'];

/** The account after a refresh: rights are the new token's, what it leaves out about the person stays as it was. */
const renewed = (known: Account, fresh: Account): Account => ({
  ...fresh,
  id: known.id,
  userName: fresh.userName === fresh.subject ? known.userName : fresh.userName,
  displayName: fresh.displayName === fresh.userName || fresh.displayName === fresh.subject ? known.displayName : fresh.displayName,
  email: fresh.email ?? known.email,
  tenantId: fresh.tenantId ?? known.tenantId,
  // A refresh is no proof of anything: the last one counts.
  amr: fresh.amr?.length ? fresh.amr : known.amr ?? [],
  acr: fresh.acr ?? known.acr ?? null,
  authTime: fresh.authTime ?? known.authTime ?? null,
});

export type OidcOptions = {
  profile: ConnectionProfile;
  fetch: HttpFetch;
  clock: Clock;
  /** For each request to the provider; 15 unless given. */
  timeoutSeconds?: number;
};

export function createOidc({ profile, fetch, clock, timeoutSeconds = defaultTimeoutSeconds }: OidcOptions): Oidc {
  const issuer = new URL(profile.issuer);
  const host = issuer.host;
  let discovered: Promise<client.Configuration> | null = null;
  /** The provider's clock against ours in milliseconds, from the Date header of its last answer. */
  let clockDifference = 0;

  const observingFetch: client.CustomFetch = async (url, options) => {
    const response = await fetch(url, options as RequestInit);
    const date = Date.parse(response.headers.get('date') ?? '');
    if (Number.isFinite(date)) clockDifference = clock.now() - date;
    return response;
  };

  const discover = (server: URL): Promise<client.Configuration> =>
    client.discovery(server, profile.clientId, { [client.clockTolerance]: clockToleranceSeconds }, client.None(), {
      timeout: timeoutSeconds,
      [client.customFetch]: observingFetch,
      // Only the profile's own loopback address may go without TLS; profile.ts refuses other http addresses already.
      execute: [client.enableNonRepudiationChecks, ...(isLoopback(issuer) ? [client.allowInsecureRequests] : [])],
    }).then((config) => {
      checkMetadata(config.serverMetadata(), issuer);
      return config;
    });

  function configuration(): Promise<client.Configuration> {
    discovered ??= discover(issuer).catch((error: unknown) => {
      // Profiles hold addresses without a slash at the end; some providers' issuers have one, and the comparison is exact.
      if (oidcFailure(error, host).error.code !== 'login.issuerMismatch' || issuer.pathname === '/') throw error;
      return discover(new URL(`${issuer.href}/`)).catch(() => { throw error; });
    }).catch((error: unknown) => {
      discovered = null;
      throw error;
    });
    return discovered;
  }

  /**
   * For renewing. The answer comes over TLS from the provider itself, which OpenID Connect Core section 3.1.3.7 takes in
   * the place of a signature; and by then the old refresh token is used up. A clock that jumped, or keys that cannot be
   * fetched, must not throw the new one away.
   */
  function forRenewal(config: client.Configuration): client.Configuration {
    const lenient = new client.Configuration(config.serverMetadata(), profile.clientId, { [client.clockTolerance]: 10 * 365 * 86_400 }, client.None());
    lenient[client.customFetch] = observingFetch;
    lenient.timeout = timeoutSeconds;
    if (isLoopback(issuer)) client.allowInsecureRequests(lenient);
    return lenient;
  }

  /** Runs one exchange with the provider and translates what goes wrong. */
  async function attempt<T>(action: (config: client.Configuration) => Promise<T>): Promise<T> {
    try {
      return await action(await configuration());
    } catch (error) {
      const translated = oidcFailure(error, host);
      if (translated.error.code !== 'login.clock') throw translated;
      const minutes = String(Math.round(Math.abs(clockDifference) / 60_000));
      throw failure('login.clock', { params: { ...translated.error.params, minutes } }, error);
    }
  }

  const grantOf = (answer: client.TokenEndpointResponse): Grant => ({
    accessToken: answer.access_token,
    lifetimeMs: answer.expires_in === undefined ? null : answer.expires_in * 1000,
    refreshToken: answer.refresh_token ?? null,
  });

  /** Names may stand nowhere but here; what cannot be read is done without. */
  async function userInfo(config: client.Configuration, accessToken: string, subject: string): Promise<Claims | null> {
    if (config.serverMetadata().userinfo_endpoint === undefined) return null;
    try {
      return await client.fetchUserInfo(config, accessToken, subject);
    } catch {
      return null;
    }
  }

  async function begin(redirectUri: string): Promise<PendingLogin> {
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const url = await attempt(async (config) => {
      const parameters = {
        redirect_uri: redirectUri, state, nonce,
        scope: [...new Set([...baseScopes, ...profile.extraScopes])].join(' '),
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(profile.audience === undefined ? {} : { [profile.provider === 'auth0' ? 'audience' : 'resource']: profile.audience }),
      };
      const isPushed = config.serverMetadata().pushed_authorization_request_endpoint !== undefined;
      return isPushed ? client.buildAuthorizationUrlWithPAR(config, parameters) : client.buildAuthorizationUrl(config, parameters);
    });
    return {
      url: url.href,
      finish: (callback) => attempt(async (config) => {
        const answer = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
        const idToken = answer.claims();
        if (idToken === undefined) throw failure('login.invalidResponse', { params: { host } });
        checkTokenHash(answer.id_token, answer.access_token, host);
        const accessToken = jwtClaims(answer.access_token);
        const isComplete = accessToken !== null && (idToken['name'] !== undefined || accessToken['name'] !== undefined);
        const info = isComplete ? null : await userInfo(config, answer.access_token, idToken.sub);
        const account = accountFrom({ profile, issuer: idToken.iss, subject: idToken.sub }, { accessToken, idToken, userInfo: info });
        return { ...grantOf(answer), account };
      }),
    };
  }

  return {
    begin,
    refresh: (refreshToken, known) => attempt(async (config) => {
      const answer = await client.refreshTokenGrant(forRenewal(config), refreshToken).catch((error: unknown) => {
        throw isInvalidGrant(error) ? failure('session.expired', {}, error) : error;
      });
      const idToken = answer.claims() ?? null;
      // OpenID Connect Core section 12.2: a refreshed ID token must be about the same person.
      if (idToken !== null && idToken.sub !== known.subject) throw failure('session.expired', {});
      const accessToken = jwtClaims(answer.access_token);
      // What a readable token says counts; an opaque one is explained by userinfo, as at the login.
      const info = accessToken === null ? await userInfo(config, answer.access_token, known.subject) : null;
      const fresh = accountFrom({ profile, issuer: idToken?.iss ?? config.serverMetadata().issuer, subject: known.subject }, { accessToken, idToken, userInfo: info });
      // An answer that says nothing about the person changes nothing about them.
      const account: Account = accessToken === null && info === null ? known : renewed(known, fresh);
      return { ...grantOf(answer), account };
    }),
    revoke: (refreshToken) => attempt(async (config) => {
      if (config.serverMetadata().revocation_endpoint === undefined) return;
      await client.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' });
    }),
  };
}
