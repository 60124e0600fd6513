import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import Provider, { errors, type Configuration } from 'oidc-provider';
import { accountOf, erpScopes } from '../accounts.ts';
import type { Db } from '../db.ts';
import { databaseAdapter } from './adapter.ts';
import { applyGaps, noGaps, type ProviderGaps } from './gaps.ts';
import { handleInteraction, type LoginAttempt } from './interactions.ts';
import { cookieSecrets, rotateSigningKeys, signingKeys } from './keys.ts';
import { escapeHtml, page, pagePolicy } from './pages.ts';
import type { Sessions } from './sessions.ts';

export const clientId = 'valeo-neuroerp-admin';
/** What the ERP wants to see in `aud`. */
export const apiAudience = 'valeo-neuroerp-api';
/** Resource indicator (RFC 8707) of the ERP; the default, so clients need not send it. */
export const apiResource = 'urn:valeo:neuroerp-api';
export const tenant = 'demo';

/** Key of the nonces for DPoP proofs; they live for minutes, so each process has its own. */
const dpopNonceSecret = randomBytes(32);

export type IdentityProviderOptions = {
  /** Offers tokens that are bound to a key (RFC 9449); `nonce` also demands the provider's nonces. Default off. */
  dpop?: boolean | 'nonce';
  /** Classes of authentication that a client may ask for. */
  acrValues?: readonly string[];
  /** Told of every login at the form, successful or not. */
  onLogin?: (attempt: LoginAttempt) => void;
  /** Where the sign-ins are kept. */
  sessions?: Sessions;
};

export type IdentityProvider = {
  issuer: string;
  /** Handles a request whose path starts with the issuer's path. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  rotateKeys(keepOld: boolean): void;
  /** Takes over keys and cookie secrets as they stand in the database now. */
  reload(): void;
  /** `jti` of every access token issued by this process. */
  issuedTokens(): string[];
  /** Ends every session and refresh token: the next refresh answers `invalid_grant`. */
  revokeSessions(): void;
  /** Accounts that may not sign in nor go on; by name. */
  disabled: Set<string>;
  /** What is set wrong here. */
  gaps: ProviderGaps;
};

type Switches = Pick<IdentityProvider, 'disabled' | 'gaps'>;

function configuration(db: Db, mount: string, accessTokenTtl: number, options: IdentityProviderOptions, { disabled, gaps }: Switches): Configuration {
  const send = (ctx: { type: string; body: unknown; set(name: string, value: string): void }, title: string, content: string): void => {
    ctx.type = 'html';
    ctx.set('content-security-policy', pagePolicy);
    ctx.body = page(title, content);
  };
  return {
    adapter: databaseAdapter(db),
    jwks: { keys: signingKeys(db) },
    cookies: { keys: cookieSecrets(db) },
    clients: [{
      client_id: clientId, client_name: 'VALEO NeuroERP Admin', application_type: 'native', token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'], response_types: ['code'],
      // RFC 8252 section 7.3: a native client's loopback redirect may name any port.
      redirect_uris: [gaps.wrongRedirect ? 'http://127.0.0.1/elsewhere' : 'http://127.0.0.1/callback'], post_logout_redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/signed-out'],
    }],
    pkce: { required: () => true },
    ...(options.acrValues === undefined ? {} : { acrValues: [...options.acrValues] }),
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: { openid: ['sub', 'roles', 'tenant_id'], profile: ['name', 'preferred_username'], email: ['email'] },
    // Desktop clients read who signed in from the ID token and never call userinfo.
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => {
      const account = accountOf(sub);
      if (!account) return undefined;
      // In words, as the big providers do it: a client must be able to tell this from a token that has run out.
      if (disabled.has(account.name)) throw new errors.CustomOIDCProviderError('invalid_grant', 'Account is disabled');
      return { accountId: sub, claims: async () => ({ sub, name: account.fullName, preferred_username: account.name, email: account.email, ...(gaps.noRoles ? {} : { roles: [...account.roles] }), tenant_id: tenant }) };
    },
    issueRefreshToken: async (_ctx, client) => !gaps.noRefreshToken && client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    clientBasedCORS: () => false,
    ttl: {
      AccessToken: accessTokenTtl, IdToken: accessTokenTtl, AuthorizationCode: 60, DeviceCode: 600, Interaction: 3600,
      Session: 14 * 86_400, Grant: 14 * 86_400, RefreshToken: 14 * 86_400,
    },
    formats: {
      customizers: {
        jwt: (ctx, token, structured) => {
          const account = 'accountId' in token ? accountOf(token.accountId) : undefined;
          if (account) {
            const { AuthorizationCode: code, RefreshToken: refresh, DeviceCode: device } = ctx.oidc.entities;
            const authTime = code?.authTime ?? refresh?.authTime ?? device?.authTime;
            Object.assign(structured.payload, {
              scope: account.scopes.join(' '), roles: account.roles, tenant_id: tenant, ...(authTime !== undefined && { auth_time: authTime }),
              name: account.fullName, preferred_username: account.name, email: account.email,
              ...('grantId' in token && typeof token.grantId === 'string' ? { sid: token.grantId } : {}),
            });
            applyGaps(structured.payload, gaps);
          }
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `${mount}/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      dPoP: {
        enabled: options.dpop === true || options.dpop === 'nonce',
        nonceSecret: dpopNonceSecret,
        requireNonce: () => options.dpop === 'nonce',
      },
      // oidc-provider prints a notice to stdout for every default that it thinks should be decided; so these are decided.
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => apiResource,
        useGrantedResource: async () => true,
        getResourceServerInfo: async () => ({
          scope: erpScopes.join(' '), audience: apiAudience, accessTokenTTL: accessTokenTtl, accessTokenFormat: gaps.opaque ? 'opaque' : 'jwt', jwt: { sign: { alg: 'RS256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => send(ctx, 'Abmelden', `<p>Möchten Sie sich überall abmelden?</p>${form}<button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Abmelden</button>`),
        postLogoutSuccessSource: async (ctx) => send(ctx, 'Abgemeldet', '<p>Sie können dieses Fenster schließen.</p>'),
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: async (ctx, form, _out, error) =>
          send(ctx, 'Gerät verbinden', `${error ? '<p class="error" role="alert">Der Code stimmt nicht oder ist abgelaufen.</p>' : '<p>Geben Sie den Code ein, den Ihr Gerät anzeigt.</p>'}${form}<button type="submit" form="op.deviceInputForm">Weiter</button>`),
        userCodeConfirmSource: async (ctx, form, _client, _device, code) =>
          send(ctx, 'Gerät bestätigen', `<p>Zeigt Ihr Gerät diesen Code?</p><p><code>${escapeHtml(code)}</code></p>${form}<button autofocus type="submit" form="op.deviceConfirmForm">Bestätigen</button>`),
        successSource: async (ctx) => send(ctx, 'Gerät verbunden', '<p>Sie können dieses Fenster schließen.</p>'),
      },
    },
    renderError: async (ctx, out) => send(ctx, 'Anmeldung nicht möglich', `<p class="error" role="alert">${escapeHtml(out.error)}</p><p>${escapeHtml(out.error_description ?? '')}</p>`),
  };
}

/**
 * The OIDC provider under `issuer` (its path is the mount point).
 * @param accessTokenTtl seconds.
 */
export function createIdentityProvider(db: Db, issuer: string, accessTokenTtl: number, options: IdentityProviderOptions = {}): IdentityProvider {
  const mount = new URL(issuer).pathname;
  const issued = new Set<string>();
  const switches: Switches = { disabled: new Set(), gaps: { ...noGaps } };
  let provider: Provider;
  let callback: ReturnType<Provider['callback']>;

  // oidc-provider cannot change its keys while it runs; a new one over the same storage takes over without a gap.
  const build = (): void => {
    provider = new Provider(issuer, configuration(db, mount, accessTokenTtl, options, switches));
    provider.on('access_token.issued', (token) => issued.add(token.jti));
    provider.on('grant.success', (ctx) => {
      const token = ctx.oidc.entities.AccessToken;
      if (token?.grantId !== undefined) options.sessions?.seen({ id: token.grantId, user: token.accountId, client: token.clientId ?? '', ip: ctx.ip, userAgent: ctx.get('user-agent').slice(0, 200) });
    });
    callback = provider.callback();
  };
  build();

  let hadWrongRedirect = false;
  return {
    issuer,
    ...switches,
    handle: (request, response) => {
      const url = request.url ?? '/';
      // Clients are read once, when the provider is made.
      if (switches.gaps.wrongRedirect !== hadWrongRedirect) {
        hadWrongRedirect = switches.gaps.wrongRedirect;
        build();
      }
      // oidc-provider finds its mount point by comparing url with originalUrl, as Express and Connect set them.
      Object.assign(request, { originalUrl: url });
      request.url = url.slice(mount.length) || '/';
      void handleInteraction(provider, mount, request, response, { disabled: switches.disabled, amr: () => switches.gaps.amr, onLogin: options.onLogin }).then((handled) => {
        if (!handled) return callback(request, response);
        return undefined;
      });
    },
    reload: build,
    rotateKeys: (keepOld) => { rotateSigningKeys(db, keepOld); build(); },
    issuedTokens: () => [...issued],
    revokeSessions: () => { db.exec('DELETE FROM idp'); },
  };
}
