import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icons.ts';
import styles from './empty-state.module.css';

/** Nothing here, why, and what to do about it. */
export function EmptyState({ title, hint, action, icon }: { title: string; hint?: ReactNode; action?: ReactNode; icon?: IconName }): ReactNode {
  return (
    <div className={styles.empty}>
      {icon !== undefined && <Icon name={icon} className={styles.icon} />}
      <p className={styles.title}>{title}</p>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  );
}
