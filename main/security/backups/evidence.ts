import { drillEveryMs, isPassed, isProven, judgeBackups, rpoMs, type DrillProof, type ServerBackup } from '../../../shared/security/backups/backup.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';
import type { SecurityPorts } from '../ports.ts';

const week = 7 * 86_400_000;
const hours = (ms: number): string => String(Math.round(ms / 3_600_000));

/**
 * What backups and drills say for the score. That a backup is there and where its copy lies is the server's word; that it can
 * be restored was seen by this client, in evidence that it has checked.
 * @param readAt when the list was read, epoch milliseconds
 */
export async function writeBackupEvidence({ evidence, clock }: Pick<SecurityPorts, 'evidence' | 'clock'>, backups: readonly ServerBackup[], proofs: readonly DrillProof[], readAt: number): Promise<void> {
  const now = clock.now();
  const state = judgeBackups(backups, proofs, now);
  const common = { origin: 'backups.server', source: 'claimed', at: readAt, expiresAt: readAt + week, by: null, link: '/security/backups' } as const;
  const latest = proofs.filter(({ file }) => file === null).toSorted((a, b) => b.checkedAt - a.checkedAt)[0] ?? null;
  const written: Evidence[] = [
    {
      ...common, point: 'backups.recent', source: state.newest !== null && isProven(state.newest.id, proofs) ? 'measured' : 'claimed', expiresAt: (state.newest?.createdAt ?? readAt) + 2 * rpoMs,
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
      ...common, point: 'backups.drill', source: 'measured', at: latest?.checkedAt ?? now, expiresAt: state.lastPassed === null ? now + week : Date.parse(state.lastPassed.evidence.finishedAt) + drillEveryMs,
      // A passed one is worth nothing once a later one was not.
      outcome: latest !== null && !isPassed(latest) ? 'unmet' : state.isDrillDue ? (state.lastPassed === null ? 'unmet' : 'partly') : 'met',
      messageKey: latest === null ? 'security-backups.evidence.noDrill' : isPassed(latest) ? 'security-backups.evidence.drill' : 'security-backups.evidence.drillFailed',
      params: latest === null ? {} : { rows: String(latest.evidence.rowsCompared), seconds: String(latest.evidence.rtoSeconds), mismatches: String(latest.evidence.mismatches) },
    },
  ];
  await evidence.write(...written);
}
