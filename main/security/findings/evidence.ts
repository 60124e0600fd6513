import type { FindingSummary } from '../../../shared/security/findings/finding.ts';
import type { ScanKind } from '../../../shared/security/findings/report.ts';
import type { PointId } from '../../../shared/security/points.ts';
import type { SecurityPorts } from '../ports.ts';

const day = 86_400_000;
/** A scan is due each month; some days of grace, then it no longer counts. */
const validDays = 35;
const points: Readonly<Record<ScanKind, PointId>> = { static: 'scans.static', dependencies: 'scans.dependencies', images: 'scans.images', dynamic: 'scans.dynamic' };

/** What imports prove: that something of each kind was scanned lately, and that nothing found is overdue. */
export async function writeScanEvidence({ evidence }: Pick<SecurityPorts, 'evidence'>, summary: FindingSummary, now: number, by: string | null): Promise<void> {
  const link = '/security/findings';
  const scans = summary.scans.map(({ kind, tool, target, scannedAt, claimed }) => ({
    point: points[kind], origin: `findings.${kind}${claimed ? '.server' : ''}`, outcome: 'met' as const, source: claimed ? 'claimed' as const : 'imported' as const, at: scannedAt, expiresAt: scannedAt + validDays * day,
    messageKey: claimed ? 'security-findings.evidence.claimed' : 'security-findings.evidence.scan', params: { tool, target: target ?? '–' }, by: claimed ? null : by, link,
  }));
  const newest = Math.max(0, ...summary.scans.filter(({ claimed }) => !claimed).map(({ scannedAt }) => scannedAt));
  const openCount = Object.values(summary.open).reduce((sum, each) => sum + each, 0);
  // Without a scan nothing is known to be overdue, and nothing is known not to be.
  const overdue = newest === 0 ? [] : [{
    point: 'scans.noneOverdue' as const, origin: 'findings.overdue', outcome: summary.overdue === 0 ? 'met' as const : 'unmet' as const, source: 'imported' as const, at: now, expiresAt: newest + validDays * day,
    messageKey: 'security-findings.evidence.overdue', params: { overdue: String(summary.overdue), open: String(openCount) }, by, link,
  }];
  if (scans.length + overdue.length > 0) await evidence.write(...scans, ...overdue);
}
