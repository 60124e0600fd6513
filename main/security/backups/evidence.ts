import { isPassed, isProven, judgeBackups, rpoMs, type DrillProof, type ServerBackup } from '../../../shared/security/backups/backup.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import type { SecurityPorts } from '../ports.ts';

const week = 7 * 86_400_000;
const hours = (ms: number): string => String(Math.round(ms / 3_600_000));

/**
 * What backups and drills say for the score. That a backup is there and where its copy lies is the server's word; that it can
 * be restored was seen by this client, in evidence that it has checked; a colleague's drill came in a file.
 * @param readAt when the list was read, epoch milliseconds
 */
export async function writeBackupEvidence({ evidence, clock }: Pick<SecurityPorts, 'evidence' | 'clock'>, backups: readonly ServerBackup[], proofs: readonly DrillProof[], readAt: number): Promise<void> {
  const now = clock.now();
  const state = judgeBackups(backups, proofs, now);
  const common = { origin: 'backups.server', source: 'claimed', at: readAt, expiresAt: readAt + week, by: null, link: '/security/backups' } as const;
  const own = proofs.filter(({ file }) => file === null);
  const { lastPassed } = state;
  // A passed one is worth nothing once a later one of our own was not; a file of a colleague stands where there is none of our own.
  const latest = own.toSorted((a, b) => b.checkedAt - a.checkedAt)[0] ?? lastPassed;
  const counted: DrillProof | null = latest !== null && !isPassed(latest) ? latest : lastPassed ?? latest;
  const isFromFile = counted !== null && counted.file !== null;
  const written: Evidence[] = [
    {
      ...common, point: 'backups.recent', source: state.newest !== null && isProven(state.newest.id, own) ? 'measured' : 'claimed', expiresAt: Math.min(state.newest?.createdAt ?? readAt, readAt) + 2 * rpoMs,
      outcome: state.newest === null ? 'unmet' : state.isRecent ? 'met' : (state.age ?? 0) <= 2 * rpoMs ? 'partly' : 'unmet',
      messageKey: state.newest === null ? 'security-backups.evidence.noBackup' : 'security-backups.evidence.recent', params: { hours: hours(state.age ?? 0) },
    },
    {
      ...common, point: 'backups.offsite', outcome: state.offsite.state === 'copied' ? 'met' : state.offsite.state === 'old' ? 'partly' : 'unmet',
      messageKey: `security-backups.evidence.offsite.${state.offsite.state}`, params: { hours: state.offsite.at === null ? '' : hours(now - state.offsite.at) },
    },
    {
      ...common, point: 'backups.retention', outcome: backups.length === 0 ? 'unmet' : state.overdue > 0 || state.gaps.days > 3 ? 'partly' : 'met',
      messageKey: 'security-backups.evidence.retention', params: { days: String(state.gaps.days), months: String(state.gaps.months), overdue: String(state.overdue) },
    },
    {
      ...common, point: 'backups.drill', source: isFromFile ? 'imported' : 'measured', at: counted?.checkedAt ?? now, expiresAt: lastPassed === null ? now + week : state.drillDueAt, by: isFromFile ? counted.by : null,
      outcome: latest !== null && !isPassed(latest) ? 'unmet' : state.isDrillDue ? (lastPassed === null ? 'unmet' : 'partly') : 'met',
      messageKey: counted === null ? 'security-backups.evidence.noDrill' : isPassed(counted) ? 'security-backups.evidence.drill' : 'security-backups.evidence.drillFailed',
      params: counted === null ? {} : { rows: String(counted.evidence.rowsCompared), seconds: String(counted.evidence.rtoSeconds), mismatches: String(counted.evidence.mismatches) },
    },
  ];
  await evidence.write(...written);
}
