import { describe, expect, it } from 'vitest';
import type { AuditStatus } from '../../../shared/domain/audit.ts';
import type { Account } from '../../../shared/domain/session.ts';
import type { Proposal } from '../../../shared/policy/records.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import { summarySchema } from '../../erp/api/security-summary.ts';
import type { Capabilities } from '../../erp/types.ts';
import { claimedEvidence, measuredEvidence, silentPoints, type Known } from './self.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 27);
const claims = (summary: unknown): Record<string, Pick<Evidence, 'outcome' | 'at' | 'expiresAt'>> =>
  Object.fromEntries(claimedEvidence(summarySchema.parse(summary), now).map(({ point, outcome, at, expiresAt }) => [point, { outcome, at, expiresAt }]));

describe('what the server claims', () => {
  it('is nothing where it says nothing, whatever stands there', () => {
    expect(claims({
      compliance: { gdpr: {} }, zap_scan: {}, vulnerability_scanning: {}, secret_rotation: {}, security_headers: {}, backups: { enabled: null, retention: null }, authentication: { method: null, jwks_rotation: null },
    })).toEqual({});
    expect(claims({ compliance: { gdpr: null } })).toEqual({});
    expect(claims({ compliance: { gdpr: [] } })).toEqual({});
  });

  it('is a no where it says so, in whichever words', () => {
    for (const gdpr of [false, 'none', { export: true, erase: false }, { export: true, erase: 'planned' }, { export: true, erase: null }, { export: true, erase: {} }]) expect(claims({ compliance: { gdpr } }), JSON.stringify(gdpr)).toMatchObject({ 'gdpr.automation': { outcome: 'unmet' } });
    for (const gdpr of [true, 'compliant', { export: true, erase: 'enabled' }]) expect(claims({ compliance: { gdpr } }), JSON.stringify(gdpr)).toMatchObject({ 'gdpr.automation': { outcome: 'met' } });
    for (const policy of ['failed', 'overdue since March', 'not enabled', 'last run failed', 'Rotation: expired']) expect(claims({ secret_rotation: { policy } }), policy).toMatchObject({ 'secretRotation.inTime': { outcome: 'unmet' } });
    for (const policy of ['monthly', 'on demand', '4 secrets with a due date']) expect(claims({ secret_rotation: { policy } }), policy).toMatchObject({ 'secretRotation.inTime': { outcome: 'met' } });
    for (const hsts of ['max-age=31536000', "default-src 'none'"]) expect(claims({ security_headers: { hsts } }), hsts).toMatchObject({ 'tls.hsts': { outcome: 'met' } });
    expect(claims({ zap_scan: { last_run: null, status: 'passed' } }), 'passed without ever having run').toMatchObject({ 'scans.dynamic': { outcome: 'unmet' } });
  });

  it('counts from the day that it names', () => {
    const at = Date.UTC(2026, 10, 1);
    expect(claims({ zap_scan: { last_run: '2026-11-01' } })['scans.dynamic']).toEqual({ outcome: 'met', at, expiresAt: at + 35 * day });
    expect(claims({ zap_scan: { last_run: '2019-11-01' } })['scans.dynamic']?.expiresAt).toBeLessThan(now);
    expect(claims({ zap_scan: { last_run: '2036-11-01' } })['scans.dynamic']).toEqual({ outcome: 'met', at: now, expiresAt: now + 35 * day });
    expect(claims({ zap_scan: { last_run: 'weekly' } })['scans.dynamic']).toEqual({ outcome: 'met', at: now, expiresAt: now + 7 * day });
  });

  it('takes back what it claims no longer, and only where the server was asked', () => {
    const silent = silentPoints({ rules: null }, [], claimedEvidence(summarySchema.parse({ backups: { enabled: true } }), now));
    expect(silent).toContainEqual({ point: 'gdpr.automation', origin: 'server.summary' });
    expect(silent).not.toContainEqual({ point: 'backups.recent', origin: 'server.summary' });
    expect(silentPoints({ rules: null }, [], null).filter(({ origin }) => origin === 'server.summary')).toEqual([]);
  });
});

describe('what this client sees by itself', () => {
  const account = (roles: Account['roles']): Account => ({ userName: 'x', roles, scopes: roles.includes('admin') ? ['admin:all'] : [], scopeSource: 'token' }) as unknown as Account;
  const status = (more: Partial<AuditStatus> = {}): AuditStatus => ({ kind: 'signed', origin: 'o', size: 10, verified: { size: 10, at: now - day }, alarms: [], ...more }) as unknown as AuditStatus;
  const alarm = (acknowledged: { at: number; by: string; reason: string } | null): AuditStatus['alarms'][number] => ({ id: 1, raisedAt: now - 2 * day, fault: 'root', firstBad: null, verifiedSize: 1, acknowledged }) as unknown as AuditStatus['alarms'][number];
  const capabilities = { has: () => true } as unknown as Capabilities;
  const seen = (more: Partial<Known>): ((point: string) => Evidence | undefined) => {
    const found = measuredEvidence({ now, issuer: 'https://id.example', account: account(['admin']), capabilities: null, rules: null, proposals: null, audit: null, auditFeatures: null, versions: null, ...more });
    return (point) => found.find((one) => one.point === point);
  };

  it('is one sign-in with a second factor, not that of everybody', () => {
    const signedIn = (amr: string[]): Evidence | undefined => seen({ account: { ...account(['admin']), amr } })('authentication.mfa');
    expect([signedIn(['pwd', 'otp', 'mfa'])?.outcome, signedIn(['pwd'])?.outcome]).toEqual(['partly', 'unmet']);
  });

  it('is as old as the log that was verified, also that no alarm is open', () => {
    const old = seen({ audit: status({ verified: { size: 10, at: now - 300 * day } }) });
    for (const point of ['audit.verified', 'audit.noOpenAlarm']) expect(old(point), point).toMatchObject({ outcome: 'met', at: now - 300 * day, expiresAt: now - 293 * day });
    expect(seen({ audit: status({ alarms: [alarm(null)] }) })('audit.noOpenAlarm')).toMatchObject({ outcome: 'unmet', at: now });
    expect(seen({ audit: status({ alarms: [alarm({ at: now, by: 'x', reason: 'x' })] }) })('audit.noOpenAlarm')).toMatchObject({ outcome: 'met', at: now - day });
  });

  it('is nothing in an empty log, in no rules, and in one account without conflicts', () => {
    expect(seen({ audit: status({ verified: { size: 0, at: now } }) })('audit.verified')).toBeUndefined();
    expect(seen({ rules: [] })('policy.lint')).toBeUndefined();
    expect(silentPoints({ rules: [] }, [], null)).toContainEqual({ point: 'policy.lint', origin: 'client' });
    expect(seen({ account: account(['auditor']) })('authorisation.segregation')).toBeUndefined();
    expect(seen({})('authorisation.segregation')).toMatchObject({ outcome: 'unmet' });
  });

  it('is as old as the approval by a second person, and the document that came with a version', () => {
    const proposal = (decidedAt: number): Proposal => ({ id: 'p', author: 'eva', at: 0, reason: null, state: 'approved', changes: [], activateAt: null, decidedBy: 'max', decidedAt, decisionReason: null });
    expect(seen({ capabilities, proposals: [proposal(now - 50 * day), proposal(now - 90 * day)] })('policy.fourEyes')).toMatchObject({ source: 'measured', at: now - 50 * day, expiresAt: now + 315 * day });
    expect(seen({ capabilities, proposals: [proposal(now - 400 * day)] })('policy.fourEyes')).toMatchObject({ source: 'claimed', at: now });
    expect(seen({ versions: { has: true, at: now - 20 * day } })('dataIntegrity.concurrency')).toMatchObject({ outcome: 'met', at: now - 20 * day, expiresAt: now + 10 * day });
  });
});
