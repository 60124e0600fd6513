import { AppFailure, appError } from '../../shared/ipc/errors.ts';

/** What the server wants of a login before it does what was asked (RFC 9470; Entra ID's claims challenge). */
export type StepUpChallenge = {
  /** Acceptable classes of authentication, best first. */
  acrValues: readonly string[];
  /** Seconds that may lie between the login and the request. */
  maxAge: number | null;
  /** The value of the `claims` parameter (OpenID Connect Core section 5.5), as JSON. */
  claims: string | null;
};

/** A refusal that a fresh, stronger login resolves. */
export class StepUpRequired extends AppFailure {
  readonly challenge: StepUpChallenge;
  constructor(challenge: StepUpChallenge, correlationId: string | null) {
    super(appError('server.unauthorised', { correlationId }));
    this.challenge = challenge;
  }
}

/** `name="value"` and `name=value` of a challenge (RFC 9110 section 11.2). */
function parametersOf(header: string): Map<string, string> {
  const found = [...header.matchAll(/([a-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)];
  return new Map(found.map(([, name = '', quoted, plain]) => [name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '']));
}

/** Entra ID sends the claims as base64 or base64url; anything that is no JSON object is no challenge. */
function decodedClaims(text: string): string | null {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  try {
    const value: unknown = JSON.parse(decoded);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? JSON.stringify(value) : null;
  } catch {
    return null;
  }
}

/** Longer ones are no challenge but an attempt to make the browser's address burst. */
const longestHeader = 4096;

/** @returns null when the header asks for nothing that a stronger login would give. */
export function stepUpChallenge(header: string | null): StepUpChallenge | null {
  if (header === null || header.length > longestHeader) return null;
  const parameters = parametersOf(header);
  const error = parameters.get('error');
  const acrValues = (parameters.get('acr_values') ?? '').split(' ').filter((value) => value !== '');
  const seconds = parameters.get('max_age') ?? '';
  const maxAge = /^\d{1,9}$/.test(seconds) ? Number(seconds) : null;
  if (error === 'insufficient_user_authentication') return acrValues.length > 0 || maxAge !== null ? { acrValues, maxAge, claims: null } : { acrValues: [], maxAge: 0, claims: null };
  const encoded = parameters.get('claims');
  const claims = encoded === undefined ? null : decodedClaims(encoded);
  return error === 'insufficient_claims' && claims !== null ? { acrValues: [], maxAge: null, claims } : null;
}

/** True when the resource wants a proof with its own nonce (RFC 9449 section 9). */
export const wantsNonce = (header: string | null): boolean => header !== null && parametersOf(header).get('error') === 'use_dpop_nonce';
