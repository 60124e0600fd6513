import type { Evidence } from '../../../shared/security/evidence.ts';
import type { FindingSummary } from '../../../shared/security/findings/finding.ts';
import type { ScanKind } from '../../../shared/security/findings/report.ts';
import type { PointId } from '../../../shared/security/points.ts';

const day = 86_400_000;
/** A scan is due each month; some days of grace, then it no longer counts. */
const validDays = 35;
/** No point asks for secrets and settings by themselves; what was found there counts among what is overdue. */
const points: Readonly<Partial<Record<ScanKind, PointId>>> = { static: 'scans.static', dependencies: 'scans.dependencies', images: 'scans.images', dynamic: 'scans.dynamic' };

/** What imports prove: that something of each kind was scanned lately, and that nothing found is overdue. */
export function scanEvidence(summary: FindingSummary): Evidence[] {
  const link = '/security/findings';
  const asked = summary.scans.flatMap((scan) => {
    const point = points[scan.kind];
    return point === undefined ? [] : [{ ...scan, point }];
  });
  const scans = asked.map(({ point, kind, tool, target, scannedAt, claimed, by, isDated }): Evidence => ({
    point, origin: `findings.${kind}${claimed ? '.server' : ''}`, outcome: 'met', source: claimed ? 'claimed' : 'imported', at: scannedAt, expiresAt: scannedAt + validDays * day,
    messageKey: claimed ? 'security-findings.evidence.claimed' : isDated ? 'security-findings.evidence.scan' : 'security-findings.evidence.scanUndated', params: { tool, target: target ?? '–' }, by: claimed ? null : by, link,
  }));
  const [oldest] = asked.filter(({ claimed }) => !claimed).toSorted((a, b) => a.scannedAt - b.scannedAt);
  // Without a scan nothing is known to be overdue, and nothing is known not to be.
  if (oldest === undefined) return scans;
  const open = Object.values(summary.open).reduce((sum, each) => sum + each, 0);
  return [...scans, {
    // Known is what the scans have found, so it is as old as the oldest kind of them: a look at the running application says nothing about its packages.
    point: 'scans.noneOverdue', origin: 'findings.overdue', outcome: summary.overdue === 0 ? 'met' : 'unmet', source: 'imported', at: oldest.scannedAt, expiresAt: oldest.scannedAt + validDays * day,
    messageKey: 'security-findings.evidence.overdue', params: { overdue: String(summary.overdue), open: String(open) }, by: oldest.by, link,
  }];
}
