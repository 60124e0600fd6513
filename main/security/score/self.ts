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
const year = 365 * day;

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
  /** Whether the newest document came with a version from the server, and when; null while none is in the cache. */
  versions: { has: boolean; at: number } | null;
};

/** Origin of what the server says about itself. */
export const claimedOrigin = 'server.summary';

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
    // One sign-in without a second factor is a gap; one with it does not show that everybody needs it.
    sawSecondFactor(account.amr ?? [], account.acr ?? null)
      ? { point: 'authentication.mfa', outcome: 'partly', text: 'mfa', params: { how: [...(account.amr ?? []), ...(account.acr ? [account.acr] : [])].join(', ').slice(0, 200) }, days: 7, link: '/access' }
      : { point: 'authentication.mfa', outcome: 'unmet', text: 'noMfa', days: 7, link: '/access' },
    { point: 'authorisation.scopes', outcome: account.scopeSource === 'token' ? 'met' : 'partly', text: account.scopeSource === 'token' ? 'scopes' : 'rolesOnly', params: { count: String(account.scopes.length) }, link: '/access' },
    // One account with conflicts is a gap; one without says nothing about the others.
    ...(conflicts.length === 0 ? [] : [{ point: 'authorisation.segregation' as const, outcome: high > 0 ? 'unmet' as const : 'partly' as const, text: 'duties', params: { account: account.userName.slice(0, 200), count: String(conflicts.length), high: String(high) }, link: '/access' }]),
    // Only this client's own log is looked at: the server's is not seen from here.
    { point: 'logging.redaction', outcome: isRedacted() ? 'partly' : 'unmet', text: isRedacted() ? 'redaction' : 'noRedaction', link: '/diagnostics' },
  ];
}

function ofPolicy({ rules, proposals, capabilities, now }: Known): Said[] {
  const said: Said[] = [];
  // Without a rule there is nothing that could be wrong, and nothing that was found right.
  if (rules !== null && rules.length > 0) {
    const levels = lint(rules.map(({ rule }) => rule)).map(({ level }) => level);
    said.push({ point: 'policy.lint', outcome: worst(levels), text: 'lint', params: { rules: String(rules.length), errors: String(levels.filter((level) => level === 'error').length), risks: String(levels.filter((level) => level === 'risk').length) }, link: '/policies' });
  }
  if (capabilities === null) return said;
  const bySecond = (proposals ?? []).flatMap(({ state, author, decidedBy, decidedAt }) => (state === 'approved' && decidedBy !== null && decidedBy !== author && decidedAt !== null && now - decidedAt < year ? [decidedAt] : []));
  if (!capabilities.has('policy.drafts')) said.push({ point: 'policy.fourEyes', outcome: 'unmet', text: 'noFourEyes', link: '/policies' });
  else if (bySecond.length > 0) said.push({ point: 'policy.fourEyes', outcome: 'met', text: 'fourEyesUsed', params: { count: String(bySecond.length) }, at: Math.max(...bySecond), expiresAt: Math.max(...bySecond) + year, link: '/policies' });
  else said.push({ point: 'policy.fourEyes', outcome: 'met', text: 'fourEyesListed', isClaimed: true, link: '/policies' });
  return said;
}

function ofAudit({ audit, auditFeatures }: Known): Said[] {
  const said: Said[] = [];
  if (auditFeatures !== null && !auditFeatures.signed) said.push({ point: 'audit.signedLog', outcome: auditFeatures.unsigned ? 'partly' : 'unmet', text: auditFeatures.unsigned ? 'unsignedLog' : 'noLog', link: '/audit' });
  if (audit === null || audit.verified === null) return said;
  const alarms = audit.alarms.filter(({ acknowledged }) => acknowledged === null).length;
  if (alarms > 0) said.push({ point: 'audit.noOpenAlarm', outcome: 'unmet', text: 'alarms', params: { count: String(alarms) }, days: 7, link: '/audit' });
  // An empty log verifies whatever it is.
  if (audit.verified.size === 0) return said;
  const { size, at } = audit.verified;
  if (audit.kind === 'signed') said.push({ point: 'audit.signedLog', outcome: 'met', text: 'signedLog', params: { origin: (audit.origin ?? '').slice(0, 300) }, at, expiresAt: at + 30 * day, link: '/audit' });
  said.push({ point: 'audit.verified', outcome: 'met', text: 'verified', params: { count: String(size) }, at, expiresAt: at + 7 * day, link: '/audit' });
  // That no alarm is open is as old as the last look at the log, which alone could have raised one.
  if (alarms === 0) said.push({ point: 'audit.noOpenAlarm', outcome: 'met', text: 'noAlarm', at, expiresAt: at + 7 * day, link: '/audit' });
  return said;
}

function ofData({ capabilities, versions }: Known): Said[] {
  const said: Said[] = [];
  if (versions !== null) said.push({ point: 'dataIntegrity.concurrency', outcome: versions.has ? 'met' : 'unmet', text: versions.has ? 'versions' : 'noVersions', at: versions.at, expiresAt: versions.at + 30 * day, link: '/documents' });
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

/** Words by which a server says that it does not, or not any more: "not enabled", "rotation overdue", "last run failed". */
const denial = /(?:^|[\s_:;,.()/-])(?:no|not|none|never|off|disabled|inactive|unknown|false|planned|pending|todo|tbd|missing|absent|fail(?:ed|ing|ure)?|error|overdue|expired|outdated|stale|incomplete|broken|without)(?:$|[\s_:;,.()/-])/i;
const isOn = (value: string): boolean => value.trim() !== '' && !denial.test(value.trim());

/** What a value says: yes, no, or nothing. Nothing is also what is empty: nobody has claimed anything by it. */
function claimOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return isOn(value);
  if (typeof value !== 'object' || value === null) return null;
  const parts = Object.values(value).map(claimOf);
  // A part that is not understood is none that was claimed.
  return parts.length === 0 ? null : parts.every((one) => one === true);
}

/** Days for which a run of a scanner counts, as in what is imported. */
const scanDays = 35;

/** What the server says about itself: all of it claimed, none of it measured. What it does not speak of is left out. */
export function claimedEvidence(summary: Summary, now: number): Evidence[] {
  const said: { point: PointId; is: boolean; what: string; value: string; at: number; expiresAt: number }[] = [];
  const say = (point: PointId, what: string, is: boolean | null | undefined, value: string | null | undefined, at = now, expiresAt = now + 7 * day): void => { if (is !== null && is !== undefined) said.push({ point, is, what, value: value ?? '', at, expiresAt }); };
  const { authentication, backups, zap_scan: zap, vulnerability_scanning: scanning, secret_rotation: rotation, security_headers: headers, compliance } = summary;
  const method = authentication?.method ?? null;
  say('authentication.oidcPkce', 'authentication', method === null ? null : /oidc|openid/i.test(method), method);
  say('authentication.keyRotation', 'jwks_rotation', claimOf(authentication?.jwks_rotation), authentication?.jwks_rotation);
  say('backups.recent', 'backups', backups?.enabled, backups?.location);
  say('backups.retention', 'retention', claimOf(backups?.retention), backups?.retention);
  const ran = zap?.last_run ?? null;
  // A run counts from its own day, where it names one: what ran years ago is no scan of today.
  const ranAt = ran === null ? Number.NaN : Math.min(Date.parse(ran), now);
  if (ran !== null && isOn(ran) && !Number.isNaN(ranAt)) say('scans.dynamic', 'zap_scan', true, ran, ranAt, ranAt + scanDays * day);
  else say('scans.dynamic', 'zap_scan', ran === null ? (claimOf(zap?.status) === null ? null : false) : isOn(ran), ran ?? zap?.status);
  say('scans.dependencies', 'vulnerability_scanning', scanning?.enabled ?? claimOf(scanning?.status), scanning?.status);
  say('secretRotation.inTime', 'secret_rotation', rotation?.enabled ?? claimOf(rotation?.policy ?? rotation?.status), rotation?.policy ?? rotation?.status);
  const header = (name: RegExp): boolean | null => claimOf(Object.entries(headers ?? {}).find(([key]) => name.test(key))?.[1]);
  say('tls.hsts', 'security_headers', header(/hsts|strict.transport/i), null);
  say('tls.headers', 'security_headers', header(/csp|content.security/i), null);
  say('gdpr.automation', 'compliance', claimOf(compliance?.['gdpr']), null);
  return said.map(({ point, is, what, value, at, expiresAt }) => ({
    point, origin: claimedOrigin, outcome: is ? 'met' : 'unmet', source: 'claimed', at, expiresAt,
    messageKey: `security-score.evidence.${is ? 'claimedYes' : 'claimedNo'}`, params: { what, value: value.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 200) }, by: null, link: null,
  }));
}

/** What the summary can speak of. */
const claimable: readonly PointId[] = ['authentication.oidcPkce', 'authentication.keyRotation', 'backups.recent', 'backups.retention', 'scans.dynamic', 'scans.dependencies', 'secretRotation.inTime', 'tls.hsts', 'tls.headers', 'gdpr.automation'];

/** What was looked at and said nothing this time: that it said something before counts no longer. What could not be looked at keeps its age. */
export function silentPoints({ rules }: Pick<Known, 'rules'>, measured: readonly Evidence[], claimed: readonly Evidence[] | null): Pick<Evidence, 'point' | 'origin'>[] {
  const looked: PointId[] = ['authorisation.segregation', ...(rules === null ? [] : ['policy.lint' as const])];
  const says = (found: readonly Evidence[], point: PointId): boolean => found.some((one) => one.point === point);
  return [
    ...looked.filter((point) => !says(measured, point)).map((point) => ({ point, origin: 'client' })),
    ...(claimed === null ? [] : claimable.filter((point) => !says(claimed, point)).map((point) => ({ point, origin: claimedOrigin }))),
  ];
}
