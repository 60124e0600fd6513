import { endedAt, isPassed, isProven, judgeBackups, keptMs, rpoMs, type DrillProof, type ServerBackup } from '../../../shared/security/backups/backup.ts';
import type { Evidence } from '../../../shared/security/evidence.ts';

const week = 7 * 86_400_000;
const hours = (ms: number): string => String(Math.round(ms / 3_600_000));

const day = 86_400_000;
/** Stretches of the timeline without a backup that are still a rule kept to, with an exception. */
const allowedGaps = { days: 3, months: 1 };

/** When a drill was seen: what is not believed has no date but that of its check. */
const seenAt = (proof: DrillProof): number => (proof.fault === null ? endedAt(proof) : proof.checkedAt);

/**
 * What backups and drills say for the score. That a backup is there and where its copy lies is the server's word; that it can
 * be restored was seen by this client, in evidence that it has checked; a colleague's drill came in a file.
 * @param readAt when the list was read, epoch milliseconds. @returns also the points about which the server says nothing
 */
export function backupEvidence(backups: readonly ServerBackup[], proofs: readonly DrillProof[], readAt: number, now: number): { said: Evidence[]; silent: Pick<Evidence, 'point' | 'origin'>[] } {
  const state = judgeBackups(backups, proofs, now);
  const common = { origin: 'backups.server', source: 'claimed', at: readAt, expiresAt: readAt + week, by: null, link: '/security/backups' } as const;
  const own = proofs.filter(({ file }) => file === null);
  const { lastPassed } = state;
  const lastFailed = own.filter((proof) => !isPassed(proof)).toSorted((a, b) => seenAt(b) - seenAt(a))[0] ?? null;
  // Whichever ended last stands: a passed one is worth nothing once a later one was not, and the other way round.
  const isFailed = lastFailed !== null && (lastPassed === null || seenAt(lastFailed) >= seenAt(lastPassed));
  const counted = isFailed ? lastFailed : lastPassed;
  // Between two monthly backups the oldest that is still kept may be a month and some days short of the year.
  const isShort = state.reach < keptMs.monthly - 45 * day;
  const isKept = !isShort && state.overdue === 0 && state.keptTooShort === 0 && state.gaps.days <= allowedGaps.days && state.gaps.months <= allowedGaps.months;
  const said: Evidence[] = [
    {
      ...common, point: 'backups.recent', source: state.newest !== null && isProven(state.newest.id, own) ? 'measured' : 'claimed', expiresAt: Math.min(state.newest?.createdAt ?? readAt, readAt) + 2 * rpoMs,
      outcome: state.newest === null ? 'unmet' : state.isRecent ? 'met' : (state.age ?? 0) <= 2 * rpoMs ? 'partly' : 'unmet',
      messageKey: state.newest === null ? 'security-backups.evidence.noBackup' : 'security-backups.evidence.recent', params: { hours: hours(state.age ?? 0) },
    },
    {
      ...common, point: 'backups.retention', outcome: backups.length === 0 ? 'unmet' : isKept ? 'met' : 'partly',
      messageKey: isShort && backups.length > 0 ? 'security-backups.evidence.retentionShort' : 'security-backups.evidence.retention',
      params: { reach: String(Math.floor(state.reach / day)), days: String(state.gaps.days), months: String(state.gaps.months), overdue: String(state.overdue), short: String(state.keptTooShort) },
    },
    {
      ...common, point: 'backups.drill', source: counted !== null && counted.file !== null ? 'imported' : 'measured', at: counted === null ? now : seenAt(counted), expiresAt: lastPassed === null ? now + week : state.drillDueAt,
      by: counted === null || counted.file === null ? null : counted.by,
      outcome: counted === null || isFailed ? 'unmet' : state.isDrillDue ? 'partly' : 'met',
      messageKey: counted === null ? 'security-backups.evidence.noDrill' : isFailed ? 'security-backups.evidence.drillFailed' : 'security-backups.evidence.drill',
      params: counted === null ? {} : { rows: String(counted.evidence.rowsCompared), seconds: String(counted.evidence.rtoSeconds), mismatches: String(counted.evidence.mismatches) },
    },
  ];
  const { offsite } = state;
  if (offsite.state === 'unknown') return { said, silent: [{ point: 'backups.offsite', origin: common.origin }] };
  said.push({
    ...common, point: 'backups.offsite', outcome: offsite.state === 'copied' ? 'met' : offsite.state === 'old' ? 'partly' : 'unmet',
    messageKey: `security-backups.evidence.offsite.${offsite.state}`, params: { hours: offsite.at === null ? '' : hours(now - offsite.at) },
  });
  return { said, silent: [] };
}
