import { describe, expect, it } from 'vitest';
import { noneBySeverity, type FindingSummary } from '../../../shared/security/findings/finding.ts';
import { scanEvidence } from './evidence.ts';

const day = 86_400_000;
const scan = (scannedAt: number, more: Partial<FindingSummary['scans'][number]> = {}): FindingSummary['scans'][number] => ({ kind: 'images', tool: 'trivy', target: 'erp/api', scannedAt, claimed: false, by: 'eva', isDated: true, ...more });
const summary = (...scans: FindingSummary['scans']): FindingSummary => ({ total: 0, open: noneBySeverity(), overdue: 0, accepted: 0, notAffected: 0, fixed: 0, isNew: 0, gone: 0, tools: [], lastImport: 400 * day, scans, nextExpiry: null });

describe('scans as evidence', () => {
  it('are as old as the newest of their kind; that nothing they found is overdue is as old as the oldest kind', () => {
    const said = scanEvidence(summary(scan(370 * day), scan(380 * day, { kind: 'static', tool: 'bandit', by: 'max' })));
    expect(said.map(({ point, at, expiresAt, by }) => [point, at / day, (expiresAt ?? 0) / day, by])).toEqual([['scans.images', 370, 405, 'eva'], ['scans.static', 380, 415, 'max'], ['scans.noneOverdue', 370, 405, 'eva']]);
  });

  it('of secrets and settings are no scan of packages, and make nothing newer', () => {
    expect(scanEvidence(summary(scan(380 * day, { kind: 'secrets' }), scan(390 * day, { kind: 'configuration' })))).toEqual([]);
    expect(scanEvidence(summary(scan(370 * day), scan(300 * day, { kind: 'secrets' }), scan(390 * day, { kind: 'configuration' }))).map(({ point, at }) => [point, at / day])).toEqual([['scans.images', 370], ['scans.noneOverdue', 370]]);
  });

  it('say so when the report does not tell its own age', () => {
    expect(scanEvidence(summary(scan(390 * day, { isDated: false })))[0]).toMatchObject({ messageKey: 'security-findings.evidence.scanUndated' });
  });

  it('of the server are its claim, and say nothing about what is overdue', () => {
    expect(scanEvidence(summary(scan(390 * day, { claimed: true })))).toMatchObject([{ point: 'scans.images', origin: 'findings.images.server', source: 'claimed', by: null }]);
  });
});
