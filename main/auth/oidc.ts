import * as client from 'openid-client';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { Account } from '../../shared/domain/session.ts';
import { failure } from '../../shared/ipc/errors.ts';
import type { Clock, HttpFetch } from '../erp/ports.ts';
import type { StepUpChallenge } from '../erp/step-up.ts';
import { accountFrom, jwtClaims } from './claims/account.ts';
import { withEntraCapability } from './claims/entra-capability.ts';
import type { Claims } from './claims/claims.ts';
import { createDpopKey, dpopHandle, offersDpop } from './dpop.ts';
import type { DpopKey } from './dpop-key.ts';
import { isAccountDisabled, isInvalidGrant, oidcFailure } from './oidc-errors.ts';
import { checkAddress, checkMetadata, checkTokenHash, isLoopback } from './provider-checks.ts';

/** What a successful token request yields. */
export type Grant = {
  accessToken: string;
  /** Milliseconds from the moment the answer came; null when the provider does not say. */
  lifetimeMs: number | null;
  /** Null when the provider gave none: on a refresh the old one stays good. */
  refreshToken: string | null;
  /** Present when the access token is bound to a key and has to be sent with proofs (RFC 9449). */
  isBound?: boolean;
  /** The key of access and refresh token, where the provider offers DPoP. */
  dpopKey?: DpopKey | null;
};

export type LoginGrant = Grant & { account: Account };

/** What a login has to meet beyond saying who somebody is. */
export type LoginDemands = Partial<StepUpChallenge> & {
  /** Whom the provider should expect; its login page is filled in with it. */
  loginHint?: string;
};

export type PendingLogin = {
  /** Where the browser has to go. */
  url: string;
  /** Turns the address that the browser came back to into tokens. @throws AppFailure login.*, network.* */
  finish(callback: URL): Promise<LoginGrant>;
};

export type DeviceLogin = {
  /** What the person types in on the other device. */
  userCode: string;
  verificationUri: string;
  /** The same with the code in it, for a QR code; null when the provider has none. */
  verificationUriComplete: string | null;
  lifetimeMs: number;
  /** Asks the provider until the person has come to an end. @throws AppFailure login.*, network.* */
  finish(signal: AbortSignal): Promise<LoginGrant>;
};

export type Oidc = {
  /** Reads the provider's metadata and makes the request: PKCE S256, state, nonce; pushed (RFC 9126) where offered. */
  begin(redirectUri: string, demands?: LoginDemands): Promise<PendingLogin>;
  /** Login on another device (RFC 8628). @throws AppFailure server.unsupported when the provider does not offer it. */
  beginOnDevice(): Promise<DeviceLogin>;
  /** @param known the account as it is; its rights are read again from the new token. @throws AppFailure session.expired when the provider refuses. */
  refresh(refreshToken: string, known: Account, dpopKey?: DpopKey | null): Promise<LoginGrant>;
  /** RFC 7009. Nothing happens where the provider has no such endpoint. */
  revoke(refreshToken: string): Promise<void>;
  /** Where the browser ends the provider's own session (RP-Initiated Logout 1.0); null where there is no such page. */
  logoutAddress(loginHint: string): Promise<string | null>;
  /** Epoch milliseconds by the provider's clock, as far as it is known. */
  providerNow(): number;
  /** The provider's last statement about the person, in memory only: it is meant for this app, and no server may take it for an access token. */
  identityToken(): string | null;
  forgetIdentity(): void;
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
  /** Our clock against the provider's in milliseconds, from the Date header of its last answer. */
  let clockDifference = 0;
  let identity: string | null = null;
  /** The same against the computer's own clock, which openid-client goes by. */
  let systemDifference = 0;

  const observingFetch: client.CustomFetch = async (url, options) => {
    const response = await fetch(url, options as RequestInit);
    const date = Date.parse(response.headers.get('date') ?? '');
    if (Number.isFinite(date)) [clockDifference, systemDifference] = [clock.now() - date, Date.now() - date];
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

  const grantOf = (answer: client.TokenEndpointResponse, dpopKey: DpopKey | null): Grant => ({
    accessToken: answer.access_token,
    lifetimeMs: answer.expires_in === undefined ? null : answer.expires_in * 1000,
    refreshToken: answer.refresh_token ?? null,
    isBound: answer.token_type === 'dpop',
    dpopKey,
  });

  /** Names may stand nowhere but here; what cannot be read is done without. */
  async function userInfo(config: client.Configuration, accessToken: string, subject: string, dpop: client.DPoPOptions): Promise<Claims | null> {
    if (config.serverMetadata().userinfo_endpoint === undefined) return null;
    try {
      return await client.fetchUserInfo(config, accessToken, subject, dpop);
    } catch {
      return null;
    }
  }

  /** A key of its own for every login, where the provider offers it. */
  async function newKey(config: client.Configuration): Promise<DpopKey | null> {
    return offersDpop(config.serverMetadata()) ? createDpopKey() : null;
  }
  /** Proofs carry the provider's time, not ours: they are good for seconds, and back office clocks are off by minutes. */
  async function withKey(config: client.Configuration, key: DpopKey | null): Promise<client.DPoPOptions> {
    if (key === null) return {};
    const skew = { [client.clockSkew]: -Math.round(systemDifference / 1000) };
    return { DPoP: await dpopHandle(new client.Configuration(config.serverMetadata(), profile.clientId, skew, client.None()), key) };
  }

  const scope = [...new Set([...baseScopes, ...profile.extraScopes])].join(' ');
  // Entra ID names the application in its scopes and refuses a resource beside them.
  const target = profile.audience === undefined || profile.provider === 'entra' ? {} : { [profile.provider === 'auth0' ? 'audience' : 'resource']: profile.audience };

  /** The checked answer to a login as tokens and person. */
  async function loginGrant(config: client.Configuration, answer: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers, key: DpopKey | null): Promise<LoginGrant> {
    const idToken = answer.claims();
    if (idToken === undefined) throw failure('login.invalidResponse', { params: { host } });
    checkTokenHash(answer.id_token, answer.access_token, host);
    identity = answer.id_token ?? null;
    const accessToken = jwtClaims(answer.access_token);
    const isComplete = accessToken !== null && (idToken['name'] !== undefined || accessToken['name'] !== undefined);
    const info = isComplete ? null : await userInfo(config, answer.access_token, idToken.sub, await withKey(config, key));
    const account = accountFrom({ profile, issuer: idToken.iss, subject: idToken.sub }, { accessToken, idToken, userInfo: info });
    return { ...grantOf(answer, key), account };
  }

  const claimsParameter = (claims: string | null): { claims?: string } => {
    const wanted = profile.provider === 'entra' ? withEntraCapability(claims) : claims;
    return wanted === null ? {} : { claims: wanted };
  };

  const demanded = ({ acrValues = [], maxAge = null, claims = null, loginHint }: LoginDemands): Record<string, string> => ({
    ...(acrValues.length === 0 ? {} : { acr_values: acrValues.join(' ') }),
    ...(maxAge === null ? {} : { max_age: String(maxAge) }),
    ...claimsParameter(claims),
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
  });

  async function begin(redirectUri: string, demands: LoginDemands = {}): Promise<PendingLogin> {
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const { url, key } = await attempt(async (config) => {
      const dpopKey = await newKey(config);
      const dpop = await withKey(config, dpopKey);
      const parameters = {
        redirect_uri: redirectUri, state, nonce, scope, ...target, ...demanded(demands),
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // Ties the code to the key as well (RFC 9449 section 10).
        ...(dpop.DPoP === undefined ? {} : { dpop_jkt: await dpop.DPoP.calculateThumbprint() }),
      };
      const isPushed = config.serverMetadata().pushed_authorization_request_endpoint !== undefined;
      return { key: dpopKey, url: await (isPushed ? client.buildAuthorizationUrlWithPAR(config, parameters, dpop) : client.buildAuthorizationUrl(config, parameters)) };
    });
    return {
      url: url.href,
      finish: (callback) => attempt(async (config) => {
        const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true, ...(typeof demands.maxAge === 'number' ? { maxAge: demands.maxAge } : {}) };
        return loginGrant(config, await client.authorizationCodeGrant(config, callback, checks, undefined, await withKey(config, key)), key);
      }),
    };
  }

  const beginOnDevice = (): Promise<DeviceLogin> => attempt(async (config) => {
    if (config.serverMetadata().device_authorization_endpoint === undefined) throw failure('server.unsupported');
    const asked = await client.initiateDeviceAuthorization(config, { scope, ...target });
    checkAddress(asked.verification_uri, issuer);
    if (asked.verification_uri_complete !== undefined) checkAddress(asked.verification_uri_complete, issuer);
    const key = await newKey(config);
    return {
      userCode: asked.user_code,
      verificationUri: asked.verification_uri,
      verificationUriComplete: asked.verification_uri_complete ?? null,
      lifetimeMs: asked.expires_in * 1000,
      finish: (signal) => attempt(async (now) => loginGrant(now, await client.pollDeviceAuthorizationGrant(now, asked, undefined, { signal, ...(await withKey(now, key)) }), key)),
    };
  });

  return {
    begin,
    providerNow: () => clock.now() - clockDifference,
    identityToken: () => identity,
    forgetIdentity: () => { identity = null; },
    beginOnDevice,
    refresh: (refreshToken, known, dpopKey = null) => attempt(async (config) => {
      const renewal = forRenewal(config);
      const dpop = await withKey(renewal, dpopKey);
      const answer = await client.refreshTokenGrant(renewal, refreshToken, undefined, dpop).catch((error: unknown) => {
        if (isAccountDisabled(error)) throw failure('session.expired', { messageKey: 'errors.session.disabled', params: { cause: 'disabled' } }, error);
        throw isInvalidGrant(error) ? failure('session.expired', {}, error) : error;
      });
      const idToken = answer.claims() ?? null;
      // OpenID Connect Core section 12.2: a refreshed ID token must be about the same person.
      if (idToken !== null && idToken.sub !== known.subject) throw failure('session.expired', {});
      identity = answer.id_token ?? identity;
      const accessToken = jwtClaims(answer.access_token);
      // What a readable token says counts; an opaque one is explained by userinfo, as at the login.
      const info = accessToken === null ? await userInfo(renewal, answer.access_token, known.subject, dpop) : null;
      const fresh = accountFrom({ profile, issuer: idToken?.iss ?? config.serverMetadata().issuer, subject: known.subject }, { accessToken, idToken, userInfo: info });
      // An answer that says nothing about the person changes nothing about them.
      const account: Account = accessToken === null && info === null ? known : renewed(known, fresh);
      return { ...grantOf(answer, dpopKey), account };
    }),
    revoke: (refreshToken) => attempt(async (config) => {
      if (config.serverMetadata().revocation_endpoint === undefined) return;
      await client.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' });
    }),
    logoutAddress: (loginHint) => attempt(async (config) => {
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      return client.buildEndSessionUrl(config, { logout_hint: loginHint }).href;
    }),
  };
}
