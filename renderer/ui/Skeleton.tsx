import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './skeleton.module.css';

/** Stands where content will be. Show it only for `isSlow` of useCall, so that fast answers do not flicker. */
export function Skeleton({ lines = 3, width = '100%' }: { lines?: number; width?: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('state.loading')} className={styles.skeleton} style={{ width }}>
      {Array.from({ length: lines }, (_, line) => <span key={line} className={styles.line} style={{ width: `${92 - ((line * 17) % 40)}%` }} />)}
    </div>
  );
}
