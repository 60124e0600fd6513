import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { rpoMs, type BackupState } from '../../../../shared/security/backups/backup.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge } from '../../../ui/index.ts';
import { useDuration } from './rows.ts';
import styles from './backups.module.css';

/** In one line of plain words: the last backup against the rule, the copy elsewhere, the last drill and the next. */
export function StateLine({ state, isKnown }: { state: BackupState; isKnown: boolean }): ReactNode {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  const duration = useDuration();
  if (!isKnown) return t('state.unknown');
  const { newest, age, isRecent, offsite, lastPassed, drillDueAt, isDrillDue } = state;
  return (
    <div className={styles.state} data-testid="backups-state">
      <span>{newest === null ? <Badge tone="danger" icon="error">{t('state.none')}</Badge> : <Badge tone={isRecent ? 'success' : 'danger'} icon={isRecent ? 'check' : 'error'}>{t('state.newest', { age: duration((age ?? 0) / 1000), rule: duration(rpoMs / 1000) })}</Badge>}</span>
      <span><Badge tone={offsite.state === 'copied' ? 'success' : offsite.state === 'missing' ? 'danger' : 'warning'} icon={offsite.state === 'copied' ? 'check' : 'warning'}>{t(`state.offsite.${offsite.state}`, { when: offsite.at === null ? '' : format.relative(offsite.at) })}</Badge></span>
      <span><Badge tone={isDrillDue ? 'warning' : 'success'} icon={isDrillDue ? 'clock' : 'check'}>{lastPassed === null ? t('state.neverDrilled') : t('state.drilled', { when: format.date(Date.parse(lastPassed.evidence.finishedAt)) })}</Badge>{' '}{lastPassed !== null && t(isDrillDue ? 'state.drillDue' : 'state.nextDrill', { when: format.date(drillDueAt) })}</span>
    </div>
  );
}
