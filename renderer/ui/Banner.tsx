import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tone } from './Badge.tsx';
import { IconButton } from './Button.tsx';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icons.ts';
import styles from './banner.module.css';

const icons: Record<Tone, IconName> = { neutral: 'info', accent: 'info', success: 'success', warning: 'warning', danger: 'error' };

export type BannerProps = { tone?: Tone; icon?: IconName; children: ReactNode; action?: ReactNode; onDismiss?: () => void; 'data-testid'?: string };

/** A message across the width of what it concerns. Danger and warning are announced, the others wait to be read. */
export function Banner({ tone = 'neutral', icon, children, action, onDismiss, ...rest }: BannerProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div {...rest} role={tone === 'danger' || tone === 'warning' ? 'alert' : 'status'} className={cx(styles.banner, styles[tone])}>
      <Icon name={icon ?? icons[tone]} className={styles.icon} />
      <div className={styles.text}>{children}</div>
      {action}
      {onDismiss !== undefined && <IconButton icon="close" label={t('action.dismiss')} onPress={onDismiss} />}
    </div>
  );
}
