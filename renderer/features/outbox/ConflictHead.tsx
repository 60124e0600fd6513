import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conflict } from '../../../shared/domain/outbox.ts';
import { useFormat } from '../../i18n/format.ts';
import { useWorkingAccount } from '../documents/working-account.ts';
import styles from './conflict.module.css';

/** Whose the three columns are and of when, as far as it is known. */
export function ConflictHead({ conflict }: { conflict: Conflict }): ReactNode {
  const { t } = useTranslation('outbox');
  const format = useFormat();
  const account = useWorkingAccount();
  const { base, command, theirsBy, theirsAt } = conflict;
  const when = (at: number | null): string => (at === null ? t('side.unknownTime') : format.moment(at));
  return (
    <div className={styles.columns}>
      <span />
      <div className={styles.column}><b>{t('side.base')}</b><span>{base === null ? t('side.noBase') : t('side.baseOf', { when: when(base.changedAt ?? base.fetchedAt) })}</span></div>
      <div className={styles.column}><b>{t('side.mine')}</b><span>{account?.displayName} · {when(command.queuedAt)}</span></div>
      <div className={styles.column}><b>{t('side.theirs')}</b><span>{theirsBy ?? t('side.unknownUser')} · {when(theirsAt)}</span></div>
    </div>
  );
}
