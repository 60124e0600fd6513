import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { errorOf } from '../../bridge/call.ts';
import { useMessage } from '../../i18n/errors.ts';
import { useFormat } from '../../i18n/format.ts';
import { usePolicyEdit } from './edit-store.ts';
import styles from './policies.module.css';

/** Whether what was edited is on disk. */
export function SavingState(): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const message = useMessage();
  const saving = usePolicyEdit((store) => store.saving);
  if (saving.status === 'none') return null;
  if (saving.status === 'failed') return <span role="alert" className={styles.problem}>{t('saving.failed', { reason: message(errorOf(saving.error)) })}</span>;
  return <span role="status" className={styles.muted}>{saving.status === 'saving' ? t('saving.now') : t('saving.at', { at: format.moment(saving.at) })}</span>;
}
