import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';
import type { IconName } from './icons.ts';
import styles from './badge.module.css';

/** Neutral says nothing about good or bad; the others always come with an icon or a text that says the same. */
export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

/** A state in one or two words. */
export function Badge({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }): ReactNode {
  return (
    <span className={cx(styles.badge, styles[tone])}>
      {icon !== undefined && <Icon name={icon} className={styles.icon} />}
      {children}
    </span>
  );
}
