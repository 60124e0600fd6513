import type { FastifyReply, FastifyRequest } from 'fastify';
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { intruder, type Weaknesses } from '../security/posture.ts';
import { HttpError, refuse } from './errors.ts';

/** Who is calling, as the checked token says. */
export type Caller = {
  name: string;
  /** `sub` of the token. */
  subject: string;
  /** The sign-in that the token comes from; null when it does not say. */
  sessionId: string | null;
  roles: readonly string[];
  scopes: readonly string[];
  /** Epoch seconds of the sign-in behind the token; null when it does not say. */
  signedInAt: number | null;
};

declare module 'fastify' {
  interface FastifyRequest { caller: Caller | undefined }
}

/** Signature algorithms that are accepted; everything symmetric and `none` is not. */
const algorithms = ['RS256', 'PS256', 'ES256'];

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** Roles by the first hit of ERP-API section 2. */
function rolesOf(claims: Record<string, unknown>): string[] {
  const realm = claims['realm_access'] as { roles?: unknown } | undefined;
  const candidates = [claims['roles'], realm?.roles, strings(claims['groups']).map((group) => group.replace(/^\/+/, '')), claims['https://app/roles']];
  return candidates.map(strings).find((list) => list.length > 0) ?? [];
}

export type TokenChecker = {
  /** @throws HttpError 401, 503, and on the shipped server 500 for a malformed token. */
  check(request: FastifyRequest): Promise<Caller>;
  /** Every later check of these token ids fails. */
  deny(ids: readonly string[]): void;
  /** Forgets the fetched keys, as their age would do in time. */
  reloadKeys(): void;
};

/**
 * Checks bearer tokens against the provider's JWKS: issuer, audience, expiry, algorithm, signature.
 * @param now epoch milliseconds, the clock that decides about expiry.
 * @param mayGoOn false for tokens of a sign-in that was ended, or of an account that was disabled.
 */
export function createTokenChecker(options: { issuer: string; audience: string; now: () => number; malformedIsCrash: boolean; weaknesses: Weaknesses; mayGoOn?: (token: { subject: string; sessionId: string | null }, from: { ip: string; userAgent: string }) => boolean }): TokenChecker {
  const denied = new Set<string>();
  const fetchKeys = (): ReturnType<typeof createRemoteJWKSet> =>
    // No cooldown: right after a rotation the very next token carries an unknown key id.
    createRemoteJWKSet(new URL(`${options.issuer}/jwks`), { cooldownDuration: 0, timeoutDuration: 5000 });
  let keys = fetchKeys();

  async function verified(token: string): Promise<JWTPayload> {
    const { ignoresSignatures, acceptsExpired, acceptsOtherAudience } = options.weaknesses;
    if (ignoresSignatures) return decodeJwt(token);
    const { payload } = await jwtVerify(token, keys, {
      issuer: options.issuer, algorithms, currentDate: new Date(options.now()), requiredClaims: ['exp', 'sub'],
      ...(acceptsOtherAudience ? {} : { audience: options.audience }), ...(acceptsExpired ? { clockTolerance: '10 years' } : {}),
    });
    return payload;
  }

  return {
    deny: (ids) => { for (const id of ids) denied.add(id); },
    reloadKeys: () => { keys = fetchKeys(); },
    check: async (request) => {
      const [scheme, token] = (request.headers.authorization ?? '').split(' ');
      if (scheme?.toLowerCase() !== 'bearer' || !token) throw refuse(401, 'Missing bearer token');
      if (token === options.weaknesses.developmentToken) return intruder;
      if (options.malformedIsCrash && token.split('.').length !== 3) throw new HttpError(500, 'Internal Server Error');
      try {
        const payload = await verified(token);
        if (payload.jti !== undefined && denied.has(payload.jti)) throw refuse(401, 'Invalid bearer token');
        const scope = payload['scp'] ?? payload['scope'];
        const sessionId = typeof payload['sid'] === 'string' ? payload['sid'] : null;
        const subject = payload.sub ?? '';
        if (options.mayGoOn?.({ subject, sessionId }, { ip: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 200) }) === false) throw refuse(401, 'Invalid bearer token');
        return {
          subject, sessionId,
          name: typeof payload['preferred_username'] === 'string' ? payload['preferred_username'] : (payload.sub ?? ''),
          roles: rolesOf(payload),
          signedInAt: typeof payload['auth_time'] === 'number' ? payload['auth_time'] : null,
          scopes: typeof scope === 'string' ? scope.split(' ').filter(Boolean) : strings(scope),
        };
      } catch (error) {
        if (error instanceof HttpError) throw error;
        const keysUnreachable = error instanceof errors.JWKSTimeout || error instanceof TypeError || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');
        throw keysUnreachable ? refuse(503, 'Identity provider unavailable') : refuse(401, 'Invalid bearer token');
      }
    },
  };
}

/** The checked caller of a request behind the auth hook. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw refuse(401, 'Missing bearer token');
  return request.caller;
}

export const isAdmin = (caller: Caller): boolean => caller.scopes.includes('admin:all');
const holds = (caller: Caller, scope: string): boolean => isAdmin(caller) || caller.scopes.includes(scope);

/** @throws HttpError 403 unless the caller holds one of the scopes. */
export function requireAny(caller: Caller, ...scopes: string[]): void {
  if (!scopes.some((scope) => holds(caller, scope))) throw refuse(403, `Insufficient permissions. Required: ${scopes.join(', ')}`);
}

/** @throws HttpError 403 naming the scopes that the caller lacks. */
export function requireAll(caller: Caller, ...scopes: string[]): void {
  const missing = scopes.filter((scope) => !holds(caller, scope));
  if (missing.length > 0) throw refuse(403, `Insufficient permissions. Missing: ${missing.join(', ')}`);
}

/** @throws HttpError 403 unless the caller has one of the roles. */
export function requireRole(caller: Caller, ...roles: string[]): void {
  if (!caller.roles.some((role) => roles.includes(role))) throw refuse(403, `Insufficient role. Required: ${roles.join(', ')}`);
}

/**
 * Step-up (RFC 9470): what cannot be undone wants a sign-in of the last minutes.
 * @param maxAge seconds.
 * @throws HttpError 401 with the challenge.
 */
export function requireFresh(request: FastifyRequest, reply: FastifyReply, maxAge: number, now: () => number): void {
  const { signedInAt } = callerOf(request);
  if (signedInAt !== null && now() / 1000 - signedInAt <= maxAge) return;
  void reply.header('www-authenticate', `Bearer error="insufficient_user_authentication", error_description="A recent sign-in is required", max_age="${maxAge}"`);
  throw refuse(401, 'A recent sign-in is required');
}

export const mayRead = (caller: Caller, domain: string): boolean => holds(caller, `${domain}:read`) || holds(caller, 'docs:read');
