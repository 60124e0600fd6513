import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import { cx } from '../ui/index.ts';
import styles from './environment.module.css';

type Props = { environment: ConnectionProfile['environment'] };

/** A line across the window's top that tells test and demo from production at a glance; production has none. */
export function EnvironmentStrip({ environment }: Props): ReactNode {
  return environment === 'production' ? null : <div className={cx(styles.strip, styles[environment])} aria-hidden />;
}

/** The same in a word, beside the name. */
export function EnvironmentTag({ environment }: Props): ReactNode {
  const { t } = useTranslation('shell');
  return environment === 'production' ? null : <span className={cx(styles.tag, styles[environment])}><span className={styles.word}>{t(`environment.${environment}`)}</span></span>;
}
