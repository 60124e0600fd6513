import type { Evidence } from '../../../shared/security/evidence.ts';
import type { FindingSummary } from '../../../shared/security/findings/finding.ts';
import type { ScanKind } from '../../../shared/security/findings/report.ts';
import type { PointId } from '../../../shared/security/points.ts';

const day = 86_400_000;
/** A scan is due each month; some days of grace, then it no longer counts. */
const validDays = 35;
const points: Readonly<Record<ScanKind, PointId>> = { static: 'scans.static', dependencies: 'scans.dependencies', images: 'scans.images', dynamic: 'scans.dynamic' };

/** What imports prove: that something of each kind was scanned lately, and that nothing found is overdue. */
export function scanEvidence(summary: FindingSummary): Evidence[] {
  const link = '/security/findings';
  const scans = summary.scans.map(({ kind, tool, target, scannedAt, claimed, by, isDated }): Evidence => ({
    point: points[kind], origin: `findings.${kind}${claimed ? '.server' : ''}`, outcome: 'met', source: claimed ? 'claimed' : 'imported', at: scannedAt, expiresAt: scannedAt + validDays * day,
    messageKey: claimed ? 'security-findings.evidence.claimed' : isDated ? 'security-findings.evidence.scan' : 'security-findings.evidence.scanUndated', params: { tool, target: target ?? '–' }, by: claimed ? null : by, link,
  }));
  const [newest] = summary.scans.filter(({ claimed }) => !claimed).toSorted((a, b) => b.scannedAt - a.scannedAt);
  // Without a scan nothing is known to be overdue, and nothing is known not to be.
  if (newest === undefined) return scans;
  const open = Object.values(summary.open).reduce((sum, each) => sum + each, 0);
  return [...scans, {
    // Known is what the scans have found, so it is as old as the newest of them, however often it is counted.
    point: 'scans.noneOverdue', origin: 'findings.overdue', outcome: summary.overdue === 0 ? 'met' : 'unmet', source: 'imported', at: newest.scannedAt, expiresAt: newest.scannedAt + validDays * day,
    messageKey: 'security-findings.evidence.overdue', params: { overdue: String(summary.overdue), open: String(open) }, by: newest.by, link,
  }];
}
