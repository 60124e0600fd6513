import type { ReactNode } from 'react';
import styles from './security.module.css';

/** The bar on top of an area: what it is about, in one line with its figures, and its actions on the right, the primary one last. */
export function AreaBar({ summary, actions }: { summary: ReactNode; actions?: ReactNode }): ReactNode {
  return (
    <div className={styles.bar}>
      <div className={styles.summary}>{summary}</div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** An area: its bar, its body that takes the rest and scrolls, its foot (a StatusLine). */
export function AreaFrame({ bar, foot, children }: { bar: ReactNode; foot?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className={styles.area}>
      {bar}
      <div className={styles.body}>{children}</div>
      {foot}
    </div>
  );
}
