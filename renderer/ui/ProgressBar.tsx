import type { ReactNode } from 'react';
import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './progress-bar.module.css';

export type ProgressBarProps = { label: string; /** 0 to 1; null while it is not known how much there is. */ value: number | null; detail?: string; onCancel?: () => void };

/** Something that takes over a second. */
export function ProgressBar({ label, value, detail, onCancel }: ProgressBarProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={styles.line}>
      <AriaProgressBar aria-label={label} isIndeterminate={value === null} value={(value ?? 0) * 100} className={styles.progress ?? ''}>
        {({ percentage }) => (
          <>
            <div className={styles.head}><span>{label}</span>{detail !== undefined && <span className={styles.detail}>{detail}</span>}</div>
            <div className={styles.track}><div className={cx(styles.bar, value === null && styles.unknown)} style={value === null ? undefined : { width: `${percentage ?? 0}%` }} /></div>
          </>
        )}
      </AriaProgressBar>
      {onCancel !== undefined && <IconButton icon="close" label={t('action.cancel')} onPress={onCancel} />}
    </div>
  );
}
