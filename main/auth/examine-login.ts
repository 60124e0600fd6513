import type { LoginTestCause, LoginTestFinding } from '../../shared/domain/login-test.ts';
import { loginTestSteps, sawSecondFactor } from '../../shared/domain/login-test.ts';
import type { Account } from '../../shared/domain/session.ts';
import { appError, type AppError } from '../../shared/ipc/errors.ts';
import { audiencesOf, type Claims } from './claims/claims.ts';

/** Servers and clients whose clocks differ by more than this refuse each other's tokens sooner or later. */
const toleratedSkewMs = 60_000;

export type LoginFacts = {
  account: Account;
  /** Of the access token; null when it cannot be read. */
  claims: Claims | null;
  hasRefreshToken: boolean;
  /** The provider's clock against ours, in milliseconds, as its answers have it. */
  providerAheadMs: number;
  nowMs: number;
  /** What the ERP said to the token: null when it could not be asked. */
  erpStatus: number | null;
  erpError: AppError | null;
};

const finding = (id: LoginTestFinding['id'], status: LoginTestFinding['status'], cause: LoginTestCause | null = null, detail: string | null = null, error: AppError | null = null): LoginTestFinding =>
  ({ id, status, cause, detail: detail === null || detail === '' ? null : detail.slice(0, 300), error });
const ok = (id: LoginTestFinding['id'], detail: string | null = null): LoginTestFinding => finding(id, 'ok', null, detail);

/** The words of a token for a report: short, and in one line. */
const words = (list: readonly string[]): string => list.slice(0, 12).map((word) => word.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 60)).join(', ');

function erp({ erpStatus, erpError }: LoginFacts): LoginTestFinding {
  if (erpStatus === null) return finding('erp', 'failed', 'erpUnreachable', null, erpError);
  if (erpStatus === 401) return finding('erp', 'failed', 'erpRefused', 'HTTP 401');
  // Anything else was said to somebody the server knows.
  return erpStatus < 500 ? ok('erp', `HTTP ${erpStatus}`) : finding('erp', 'warning', 'erpUnreachable', `HTTP ${erpStatus}`);
}

function audience({ claims, account, erpStatus }: LoginFacts): LoginTestFinding {
  const isTaken = erpStatus !== null && erpStatus < 400;
  if (claims === null) return isTaken ? ok('audience') : finding('audience', account.gaps?.includes('wrongAudience') === true ? 'failed' : 'skipped', account.gaps?.includes('wrongAudience') === true ? 'wrongAudience' : null);
  const audiences = audiencesOf(claims);
  if (audiences.length === 0) return finding('audience', isTaken ? 'warning' : 'failed', 'noAudience');
  if (isTaken) return ok('audience', words(audiences));
  if (account.gaps?.includes('wrongAudience') === true || erpStatus === 401) return finding('audience', 'failed', 'wrongAudience', words(audiences));
  return finding('audience', 'warning', 'audienceUnknown', words(audiences));
}

function roles({ account, claims }: LoginFacts): LoginTestFinding {
  if (account.gaps?.includes('groupsOmitted') === true) return finding('roles', 'warning', 'groupsOmitted');
  if (account.roles.length > 0) return ok('roles', words(account.roles));
  const named = claims === null ? [] : [claims['roles'], claims['groups']].flatMap((value) => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []));
  // With scopes of the ERP in the token roles are for show; without either nobody may do anything.
  const status = account.scopeSource === 'token' && account.scopes.length > 0 ? 'warning' : 'failed';
  return named.length > 0 ? finding('roles', status, 'unknownRoles', words(named)) : finding('roles', status, 'noRoles');
}

function clock({ claims, providerAheadMs, nowMs }: LoginFacts): LoginTestFinding {
  const issuedAt = claims?.['iat'];
  const byToken = typeof issuedAt === 'number' ? issuedAt * 1000 - nowMs : 0;
  // Whichever differs more: answers may come from a proxy with a clock of its own.
  const skew = Math.abs(byToken) > Math.abs(providerAheadMs) ? byToken : providerAheadMs;
  const detail = `${skew > 0 ? '+' : ''}${Math.round(skew / 1000)} s`;
  return Math.abs(skew) > toleratedSkewMs ? finding('clock', 'warning', 'clockOff', detail, appError('login.clock', { params: { minutes: String(Math.max(1, Math.round(Math.abs(skew) / 60_000))) } })) : ok('clock', detail);
}

/** What a sign-in that came through is good for, step by step. Pure. */
export function examineLogin(facts: LoginFacts): LoginTestFinding[] {
  const { account, claims } = facts;
  return [
    ok('login', words([account.userName])),
    erp(facts),
    claims === null ? finding('token', 'warning', 'opaque') : ok('token'),
    audience(facts),
    account.scopeSource === 'token' ? ok('scopes', words(account.scopes)) : finding('scopes', 'warning', 'noErpScopes', words(account.roles)),
    roles(facts),
    clock(facts),
    facts.hasRefreshToken ? ok('refresh') : finding('refresh', 'warning', 'noRefreshToken'),
    sawSecondFactor(account.amr ?? [], account.acr ?? null) ? ok('mfa', words(account.amr ?? [])) : finding('mfa', 'warning', 'mfaNotSeen', words(account.amr ?? [])),
  ];
}

/** The errors of a provider that name a setting of its own. */
const causeOfWord: Record<string, LoginTestCause> = {
  invalid_redirect_uri: 'redirect', redirect_uri_mismatch: 'redirect', invalid_client: 'client', unauthorized_client: 'client',
  invalid_scope: 'scopeRefused', invalid_target: 'resource', invalid_resource: 'resource',
};

/** The same report for a sign-in that came to nothing. */
export function examineFailure(error: AppError): LoginTestFinding[] {
  const byCode: Partial<Record<AppError['code'], LoginTestCause>> = { 'login.timedOut': 'noCallback', 'login.cancelled': 'cancelled', 'login.clock': 'clockOff' };
  const cause = causeOfWord[error.params['error'] ?? ''] ?? byCode[error.code] ?? 'loginFailed';
  return loginTestSteps.map((id) => (id === 'login' ? finding('login', 'failed', cause, error.params['error'] ?? null, error) : finding(id, 'skipped')));
}
