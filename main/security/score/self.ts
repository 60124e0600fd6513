import { sawSecondFactor } from '../../../shared/domain/login-test.ts';
import type { Account } from '../../../shared/domain/session.ts';
import type { AuditStatus } from '../../../shared/domain/audit.ts';
import { lint } from '../../../shared/policy/lint/index.ts';
import type { Proposal, RuleRecord } from '../../../shared/policy/records.ts';
import { conflictsOf } from '../../../shared/rbac/duties.ts';
import type { Evidence, Outcome } from '../../../shared/security/evidence.ts';
import type { PointId } from '../../../shared/security/points.ts';
import type { Summary } from '../../erp/api/security-summary.ts';
import type { Capabilities } from '../../erp/types.ts';
import { redactText } from '../../log/redact.ts';

const day = 86_400_000;

/** What this client has seen in its ordinary work; null where it could not look, and then nothing is said about it. */
export type Known = {
  now: number;
  issuer: string;
  account: Account;
  capabilities: Capabilities | null;
  rules: readonly RuleRecord[] | null;
  proposals: readonly Proposal[] | null;
  audit: AuditStatus | null;
  auditFeatures: { signed: boolean; unsigned: boolean } | null;
  /** Whether documents came with a version from the server; null while none is in the cache. */
  hasVersions: boolean | null;
};

type Said = { point: PointId; outcome: Outcome; text: string; params?: Record<string, string>; days?: number; isClaimed?: boolean; at?: number; expiresAt?: number; link: string | null };

const worst = (levels: readonly string[]): Outcome => (levels.includes('error') ? 'unmet' : levels.includes('risk') ? 'partly' : 'met');

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Secrets as they would stand in a log line; none of them may get through. Made anew each time, so that nothing like a token stays in memory. */
const canaries = (): string[] => ['password=Sommer-2026-xyz', `Bearer ${part({ alg: 'RS256' })}.${part({ sub: 'canary' })}.c2lnbmF0dXJlLWNhbmFyeQ`, 'petra.muster@example.de', 'DE89370400440532013000'];
const isRedacted = (): boolean => canaries().every((secret) => !redactText(`login ${secret} failed`).includes(secret.replace(/^(password=|Bearer )/, '')));

function ofSignIn({ account, issuer }: Known): Said[] {
  const conflicts = conflictsOf({ roles: account.roles, scopes: account.scopes, source: account.scopeSource });
  const high = conflicts.filter(({ severity }) => severity === 'high').length;
  return [
    { point: 'authentication.oidcPkce', outcome: 'met', text: 'oidc', params: { issuer: issuer.slice(0, 300) }, link: '/access' },
    sawSecondFactor(account.amr ?? [], account.acr ?? null)
      ? { point: 'authentication.mfa', outcome: 'met', text: 'mfa', params: { how: [...(account.amr ?? []), ...(account.acr ? [account.acr] : [])].join(', ').slice(0, 200) }, days: 7, link: '/access' }
      : { point: 'authentication.mfa', outcome: 'unmet', text: 'noMfa', days: 7, link: '/access' },
    { point: 'authorisation.scopes', outcome: account.scopeSource === 'token' ? 'met' : 'partly', text: account.scopeSource === 'token' ? 'scopes' : 'rolesOnly', params: { count: String(account.scopes.length) }, link: '/access' },
    { point: 'authorisation.segregation', outcome: high > 0 ? 'unmet' : conflicts.length > 0 ? 'partly' : 'met', text: 'duties', params: { account: account.userName.slice(0, 200), count: String(conflicts.length), high: String(high) }, link: '/access' },
    // Only this client's own log is looked at: the server's is not seen from here.
    { point: 'logging.redaction', outcome: isRedacted() ? 'partly' : 'unmet', text: isRedacted() ? 'redaction' : 'noRedaction', link: '/diagnostics' },
  ];
}

function ofPolicy({ rules, proposals, capabilities }: Known): Said[] {
  const said: Said[] = [];
  if (rules !== null) {
    const levels = lint(rules.map(({ rule }) => rule)).map(({ level }) => level);
    said.push({ point: 'policy.lint', outcome: worst(levels), text: 'lint', params: { rules: String(rules.length), errors: String(levels.filter((level) => level === 'error').length), risks: String(levels.filter((level) => level === 'risk').length) }, link: '/policies' });
  }
  if (capabilities === null) return said;
  const bySecond = (proposals ?? []).filter(({ state, author, decidedBy }) => state === 'approved' && decidedBy !== null && decidedBy !== author).length;
  if (!capabilities.has('policy.drafts')) said.push({ point: 'policy.fourEyes', outcome: 'unmet', text: 'noFourEyes', link: '/policies' });
  else if (bySecond > 0) said.push({ point: 'policy.fourEyes', outcome: 'met', text: 'fourEyesUsed', params: { count: String(bySecond) }, link: '/policies' });
  else said.push({ point: 'policy.fourEyes', outcome: 'met', text: 'fourEyesListed', isClaimed: true, link: '/policies' });
  return said;
}

function ofAudit({ audit, auditFeatures, now }: Known): Said[] {
  const said: Said[] = [];
  if (auditFeatures !== null && !auditFeatures.signed) said.push({ point: 'audit.signedLog', outcome: auditFeatures.unsigned ? 'partly' : 'unmet', text: auditFeatures.unsigned ? 'unsignedLog' : 'noLog', link: '/audit' });
  if (audit === null || audit.verified === null) return said;
  const { size, at } = audit.verified;
  if (audit.kind === 'signed') said.push({ point: 'audit.signedLog', outcome: 'met', text: 'signedLog', params: { origin: (audit.origin ?? '').slice(0, 300) }, at, expiresAt: at + 30 * day, link: '/audit' });
  said.push({ point: 'audit.verified', outcome: 'met', text: 'verified', params: { count: String(size) }, at, expiresAt: at + 7 * day, link: '/audit' });
  const open = audit.alarms.filter(({ acknowledged }) => acknowledged === null).length;
  said.push({ point: 'audit.noOpenAlarm', outcome: open === 0 ? 'met' : 'unmet', text: open === 0 ? 'noAlarm' : 'alarms', params: { count: String(open) }, at: Math.max(at, now - day), expiresAt: now + 7 * day, link: '/audit' });
  return said;
}

function ofData({ capabilities, hasVersions }: Known): Said[] {
  const said: Said[] = [];
  if (hasVersions !== null) said.push({ point: 'dataIntegrity.concurrency', outcome: hasVersions ? 'met' : 'unmet', text: hasVersions ? 'versions' : 'noVersions', link: '/documents' });
  if (capabilities !== null) {
    const has = capabilities.has('paper.verify');
    said.push({ point: 'dataIntegrity.verify', outcome: has ? 'met' : 'unmet', text: has ? 'verify' : 'noVerify', isClaimed: has, link: null });
  }
  return said;
}

/** Evidence from what this client knows without probing. `days` is how long it counts, a month unless said. */
export function measuredEvidence(known: Known): Evidence[] {
  return [...ofSignIn(known), ...ofPolicy(known), ...ofAudit(known), ...ofData(known)].map(({ point, outcome, text, params = {}, days = 30, isClaimed = false, at = known.now, expiresAt = known.now + days * day, link }) => ({
    point, origin: isClaimed ? 'server.routes' : 'client', outcome, source: isClaimed ? 'claimed' : 'measured', at, expiresAt, messageKey: `security-score.evidence.${text}`, params, by: null, link,
  }));
}

const off = new Set(['', 'none', 'disabled', 'off', 'not_configured', 'unknown', 'never']);
const isOn = (value: string | null | undefined): boolean => value !== null && value !== undefined && !off.has(value.toLowerCase());

/** What the server says about itself: all of it claimed, none of it measured. What it does not speak of is left out. */
export function claimedEvidence(summary: Summary, now: number): Evidence[] {
  const said: { point: PointId; is: boolean; what: string; value: string }[] = [];
  const say = (point: PointId, part_: string, is: boolean | null | undefined, value: string | null | undefined): void => { if (is !== null && is !== undefined) said.push({ point, is, what: part_, value: value ?? '' }); };
  const { authentication, backups, zap_scan: zap, vulnerability_scanning: scanning, secret_rotation: rotation, security_headers: headers, compliance } = summary;
  if (authentication?.method !== undefined) say('authentication.oidcPkce', 'authentication', /oidc|openid/i.test(authentication.method ?? ''), authentication.method);
  if (authentication?.jwks_rotation !== undefined) say('authentication.keyRotation', 'jwks_rotation', isOn(authentication.jwks_rotation), authentication.jwks_rotation);
  say('backups.recent', 'backups', backups?.enabled, backups?.location);
  if (backups?.retention !== undefined) say('backups.retention', 'retention', isOn(backups.retention), backups.retention);
  if (zap !== undefined) say('scans.dynamic', 'zap_scan', isOn(zap.last_run), zap.last_run ?? zap.status);
  if (scanning !== undefined) say('scans.dependencies', 'vulnerability_scanning', scanning.enabled ?? isOn(scanning.status), scanning.status);
  if (rotation !== undefined) say('secretRotation.inTime', 'secret_rotation', rotation.enabled ?? isOn(rotation.policy ?? rotation.status), rotation.policy ?? rotation.status);
  const header = (name: RegExp): boolean | null => { const [, value] = Object.entries(headers ?? {}).find(([key]) => name.test(key)) ?? []; return value === undefined ? null : value === true || (typeof value === 'string' && isOn(value)); };
  say('tls.hsts', 'security_headers', header(/hsts|strict.transport/i), null);
  say('tls.headers', 'security_headers', header(/csp|content.security/i), null);
  const gdpr = compliance?.['gdpr'];
  if (gdpr !== undefined) say('gdpr.automation', 'compliance', gdpr === true || (typeof gdpr === 'object' && gdpr !== null && Object.values(gdpr).every(Boolean)), null);
  return said.map(({ point, is, what, value }) => ({
    point, origin: 'server.summary', outcome: is ? 'met' : 'unmet', source: 'claimed', at: now, expiresAt: now + 7 * day,
    messageKey: `security-score.evidence.${is ? 'claimedYes' : 'claimedNo'}`, params: { what, value: value.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 200) }, by: null, link: null,
  }));
}
